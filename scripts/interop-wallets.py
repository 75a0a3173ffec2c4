"""Helper of interop-wallets.ts: opens or makes wallets with whichever bittensor-wallet this Python has.

Reads one JSON job from standard input and writes one JSON answer: {"open": [...], "create": [...], "verify": [...]}.
"""

import json
import sys

from bittensor_wallet import Keypair, Wallet


def wallet_of(job):
    return Wallet(name=job["name"], hotkey=job["hotkey"], path=job["root"])


def open_wallet(job):
    wallet = wallet_of(job)
    coldkey = wallet.get_coldkey(password=job["password"])
    hotkey = wallet.get_hotkey(password=job["hotkeyPassword"])
    return {
        "coldkey": coldkey.ss58_address,
        "hotkey": hotkey.ss58_address,
        "coldkeypub": wallet.get_coldkeypub().ss58_address,
        "signature": bytes(coldkey.sign(job["message"].encode())).hex(),
    }


def create_wallet(job):
    wallet = wallet_of(job)
    secret, hot_secret = job["password"], job["hotkeyPassword"]
    wallet.create_new_coldkey(
        n_words=12, use_password=secret is not None, suppress=True, coldkey_password=secret
    )
    wallet.create_new_hotkey(
        n_words=24, use_password=hot_secret is not None, suppress=True, hotkey_password=hot_secret
    )
    return open_wallet(job)


def verify(job):
    key = Keypair(ss58_address=job["address"])
    return key.verify(job["message"].encode(), bytes.fromhex(job["signature"]))


jobs = json.load(sys.stdin)
json.dump(
    {
        "open": [open_wallet(job) for job in jobs["open"]],
        "create": [create_wallet(job) for job in jobs["create"]],
        "verify": [verify(job) for job in jobs["verify"]],
    },
    sys.stdout,
)
