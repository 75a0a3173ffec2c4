"""bittensor-cli 9.23 against a dtao chain. Prints one JSON line per step.

Arguments: endpoint, and a folder for wallets. The chain must be the preset `dev`, one block per transaction.
"""

import json
import os
import re
import subprocess
import sys
import urllib.request

endpoint, home = sys.argv[1:]
os.environ["HOME"] = home

from bittensor_wallet import Keypair, Wallet  # noqa: E402

BTCLI = os.path.join(os.path.dirname(sys.executable), "btcli")


def report(step, ok, why=None):
    print(json.dumps({"step": step, "ok": bool(ok), **({"why": why} if why else {})}), flush=True)


def rpc(method, *params):
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    head = {"content-type": "application/json"}
    request = urllib.request.Request(endpoint.replace("ws:", "http:"), body, head)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["result"]


def btcli(*words):
    """Runs one command line; returns its output without colours. Failures are said in the text, with status 0."""
    done = subprocess.run(
        [BTCLI, *words, "--network", endpoint],
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": "220"},
    )
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|[\u2500-\u257f\u200e]", "", done.stdout + done.stderr)
    if done.returncode != 0 or "\u274c" in text or "Traceback" in text:
        raise RuntimeError(" ".join(text.split())[-300:])
    return text


def step(name, *words, shows=""):
    try:
        text = btcli(*words)
        found = re.search(shows, text) is not None
        report(name, found, None if found else f"the output lacks {shows}: {text[-300:]}")
    except Exception as error:  # a step that fails must not hide the others
        report(name, False, f"{error}"[-400:])


def make_wallet(name, coldkey, **hotkeys):
    path = os.path.join(home, ".bittensor", "wallets")
    for hotkey, uri in hotkeys.items():
        wallet = Wallet(name=name, hotkey=hotkey, path=path)
        wallet.set_coldkey(Keypair.create_from_uri(coldkey), encrypt=False, overwrite=True)
        wallet.set_coldkeypub(Keypair.create_from_uri(coldkey), encrypt=False, overwrite=True)
        wallet.set_hotkey(Keypair.create_from_uri(uri), encrypt=False, overwrite=True)


make_wallet("alice", "//Alice", validator="//Alice//validator", fresh="//Alice//py-burn")
make_wallet("dave", "//Dave", validator="//Dave//validator")
# Some figures are per block so far, so there must be some.
rpc("dev_newBlock", 30)

ALICE = ["--wallet-name", "alice", "--wallet-hotkey", "fresh", "--no-prompt"]
UNSAFE = ["--unsafe", "--no-mev-protection"]
SAFE = ["--safe", "--tolerance", "0.05", "--no-partial", "--no-mev-protection"]
OTHER = Keypair.create_from_uri("//bittensor9").ss58_address
VALIDATOR = Keypair.create_from_uri("//Alice//validator").ss58_address

step("subnets list", "subnets", "list", shows=r"Granary")
step("subnets show", "subnets", "show", "--netuid", "1", "--no-prompt", shows=r"5[A-Za-z0-9]{5}")
step("subnets metagraph", "subnets", "metagraph", "--netuid", "1", "--no-prompt", shows=r"5[A-Za-z0-9]{5}")
step("subnets hyperparameters", "subnets", "hyperparameters", "--netuid", "1", shows=r"tempo")
step("wallet balance", "wallet", "balance", "--wallet-name", "alice", shows=r"alice")
step("wallet overview", "wallet", "overview", "--wallet-name", "alice", shows=r"validator")
to = ["--dest", OTHER, "--amount", "1.5", "--wallet-name", "alice", "--no-prompt"]
step("wallet transfer", "wallet", "transfer", *to, shows=r"Balance")
step("register", "subnets", "register", "--netuid", "1", *ALICE, "--unsafe", shows=r"Registered")
step("root register", "subnets", "register", "--netuid", "0", *ALICE, shows=r"Registered")
add = ["stake", "add", "--netuid", "1", "--amount", "5", *ALICE]
step("stake add", *add, *UNSAFE, shows=r"Stake")
step("stake add, safe", *add, *SAFE, shows=r"Stake")
step("stake list", "stake", "list", "--wallet-name", "alice", "--no-prompt", shows=r"5[A-Za-z0-9]{5}")
remove = ["stake", "remove", "--netuid", "1", "--amount", "1", *ALICE]
step("stake remove", *remove, *UNSAFE, shows=r"Stake")
step("stake remove, safe", *remove, *SAFE, shows=r"Stake")
move = ["--origin-netuid", "1", "--dest-netuid", "1", "--dest", VALIDATOR, "--amount", "1"]
step("stake move", "stake", "move", *move, *ALICE, "--no-mev-protection", shows=r"Stake|stake")
