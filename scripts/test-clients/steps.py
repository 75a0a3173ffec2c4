"""What the programs that drive Python clients have in common. Each prints one JSON line per step on stdout."""

import json
import os
import re
import subprocess
import urllib.request


def step(name, work):
    """Reports whether `work` returns something true; a step that fails must not hide the others."""
    try:
        ok, why = bool(work()), None
    except Exception as error:
        ok, why = False, f"{type(error).__name__}: {error}"[-600:]
    print(json.dumps({"step": name, "ok": ok, **({"why": why} if why else {})}), flush=True)


def rpc(endpoint, method, *params):
    """Calls a JSON-RPC method."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    head = {"content-type": "application/json"}
    request = urllib.request.Request(endpoint.replace("ws:", "http:"), body, head)
    with urllib.request.urlopen(request, timeout=60) as response:
        answer = json.load(response)
    if "error" in answer:
        raise RuntimeError(f"{method}: {answer['error']}")
    return answer["result"]


def output(command, timeout=120):
    """Runs a command line to its end; returns what it printed without colours and lines of tables, and its status."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": "220"},
    )
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|[\u2500-\u257f\u200e]", "", done.stdout + done.stderr)
    return text, done.returncode


def refuse(text):
    """Raises with the end of what a command printed."""
    raise RuntimeError(" ".join(text.split())[-400:])


def holds(text, *patterns):
    """Whether a text has all of the patterns in it."""
    missing = [pattern for pattern in patterns if not re.search(pattern, text)]
    if missing:
        raise RuntimeError(f"the output lacks {missing}: {text[-400:]}")
    return True
