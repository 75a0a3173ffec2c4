"""The bittensor 11 side of scripts/interop-neurons.ts: requests signed and checked by the real `bittensor.http_auth`.

That release has no axon and no dendrite of its own; a subnet keeps its own HTTP server and client around these two functions.

    python interop-neurons-btauth.py axon             serves TextEcho on a free port until stdin closes
    python interop-neurons-btauth.py dendrite PORT    asks the axon of //Bob on 127.0.0.1:PORT, one line of JSON per case
"""

import json
import sys
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bittensor import http_auth
from bittensor_core import CRYPTO_ED25519, Keypair

ALICE = Keypair.create_from_uri("//Alice")
BOB = Keypair.create_from_uri("//Bob")
STORE = http_auth.InMemoryNonceStore()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            http_auth.verify(
                dict(self.headers),
                body,
                method="POST",
                path=self.path,
                self_hotkey_ss58=BOB.ss58_address,
                nonce_store=STORE,
            )
            asked = json.loads(body)
            status, answer = 200, {"reply": (asked["prompt"] + "|") * asked["count"]}
        except http_auth.AuthError as error:
            status, answer = 401, {"message": type(error).__name__}
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


def serve():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(json.dumps({"port": server.server_address[1]}), flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


def ask(port):
    def send(case, signer, body, receiver=BOB, headers=None, sent=None):
        path = "/TextEcho"
        headers = headers or http_auth.sign(
            signer, method="POST", path=path, body=body, receiver_ss58=receiver.ss58_address
        )
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=sent or body, headers=headers)
        try:
            with urllib.request.urlopen(request) as response:
                status, answer = response.status, json.load(response)
        except urllib.error.HTTPError as error:
            status, answer = error.code, json.load(error)
        print(json.dumps({"case": case, "status": status, **answer}), flush=True)
        return headers

    body = json.dumps({"prompt": "ü✓", "count": 2}).encode()
    headers = send("signed", ALICE, body)
    send("again", ALICE, body, headers=headers)
    send("altered", ALICE, body, sent=body.replace(b"2", b"3"))
    send("another receiver", ALICE, body, receiver=ALICE)
    send("ed25519", Keypair.create_from_uri("//Alice", crypto_type=CRYPTO_ED25519), body)


if sys.argv[1] == "axon":
    serve()
else:
    ask(int(sys.argv[2]))
