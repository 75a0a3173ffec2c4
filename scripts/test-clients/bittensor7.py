"""bittensor 7.4.0, its btcli and its library, against a classic chain. Prints one JSON line per step.

Arguments: endpoint, and a folder for wallets. The chain must be the preset `dev`, one block per transaction.
The search for proof of work asks PyTorch only whether there is a GPU, so a module that says no stands in for it.
"""

import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

endpoint, home = sys.argv[1:]
os.environ["HOME"] = home

import bittensor  # noqa: E402
from substrateinterface import Keypair  # noqa: E402

from steps import holds, output, refuse, step  # noqa: E402


class Names(BaseHTTPRequestHandler):
    """Names of delegates: a page of the internet that a test must not depend on."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


names = ThreadingHTTPServer(("127.0.0.1", 0), Names)
threading.Thread(target=names.serve_forever, daemon=True).start()

PRELUDE = f"""
import sys
import bittensor
bittensor.__delegates_details_url__ = "http://127.0.0.1:{names.server_port}/"
bittensor.cli(args=sys.argv[1:]).run()
"""
# `root list_delegates` has an address of its own built in; what it does is in this function.
DELEGATES = PRELUDE.replace(
    "bittensor.cli(args=sys.argv[1:]).run()",
    """
from bittensor.commands.delegates import ListDelegatesCommand
cli = bittensor.cli(args=sys.argv[1:])
ListDelegatesCommand._run(cli, bittensor.subtensor(config=cli.config))
""",
)


def btcli(*words, program=PRELUDE):
    """Runs one command line as a process."""
    network = ["--subtensor.network", "local", "--subtensor.chain_endpoint", endpoint]
    network.append("--no_version_checking")
    text, status = output([sys.executable, "-c", program, *words, *network], timeout=180)
    if status != 0 or "Traceback" in text:
        refuse(text)
    return text


def make_wallet(name, coldkey, **hotkeys):
    for hotkey, uri in hotkeys.items():
        wallet = bittensor.wallet(name=name, hotkey=hotkey)
        wallet.set_coldkey(Keypair.create_from_uri(coldkey), encrypt=False, overwrite=True)
        wallet.set_coldkeypub(Keypair.create_from_uri(coldkey), encrypt=False, overwrite=True)
        wallet.set_hotkey(Keypair.create_from_uri(uri), encrypt=False, overwrite=True)
    return wallet


alice = make_wallet("alice", "//Alice", validator="//Alice//validator", fresh="//Alice//py-burn")
dave = make_wallet("dave", "//Dave", validator="//Dave//validator", fresh="//Dave//py-pow")
eve = make_wallet("eve", "//Eve", validator="//Eve//validator")
subtensor = bittensor.subtensor(network=endpoint)

ALICE = ["--wallet.name", "alice", "--wallet.hotkey", "fresh"]


def registered(wallet, netuid):
    return subtensor.is_hotkey_registered_on_subnet(wallet.hotkey.ss58_address, netuid)


def stake_of(wallet):
    return subtensor.get_stake_for_coldkey_and_hotkey(
        wallet.hotkey.ss58_address, wallet.coldkeypub.ss58_address
    )


step("subnets list", lambda: holds(btcli("subnets", "list"), r"Subnets", r"\n\s*3\b"))
step(
    "metagraph",
    lambda: holds(btcli("subnets", "metagraph", "--netuid", "3"), r"Metagraph", r"203\.0\.113"),
)
step(
    "wallet balance",
    lambda: holds(btcli("wallet", "balance", "--wallet.name", "alice", "--no_prompt"), r"alice", r"Total"),
)
step(
    "overview",
    lambda: holds(btcli("wallet", "overview", "--wallet.name", "alice", "--no_prompt"), r"Subnet: 1", r"validator"),
)


def recycle():
    wallet = bittensor.wallet(name="alice", hotkey="fresh")
    before = subtensor.get_balance(wallet.coldkeypub.ss58_address)
    btcli("subnets", "register", "--netuid", "1", *ALICE, "--no_prompt")
    after = subtensor.get_balance(wallet.coldkeypub.ss58_address)
    return registered(wallet, 1) and after < before


def pow_register():
    wallet = bittensor.wallet(name="dave", hotkey="fresh")
    words = ["--wallet.name", "dave", "--wallet.hotkey", "fresh", "--no_prompt"]
    solver = ["--pow_register.num_processes", "2", "--no_output_in_place"]
    btcli("subnets", "pow_register", "--netuid", "5", *words, *solver)
    return registered(wallet, 5)


step("recycle_register", recycle)
step("register (proof of work)", pow_register)


def stake(action, amount, change):
    def work():
        wallet = bittensor.wallet(name="alice", hotkey="fresh")
        before = float(stake_of(wallet) or 0)
        btcli("stake", action, *ALICE, "--amount", str(amount), "--no_prompt")
        return abs(float(stake_of(wallet) or 0) - before - change) < 0.01

    return work


step("stake add", stake("add", 25, 25))
step("stake show", lambda: holds(btcli("stake", "show", "--wallet.name", "alice", "--no_prompt"), r"fresh", r"25"))
step("stake remove", stake("remove", 10, -10))
step("root list", lambda: holds(btcli("root", "list"), r"Root Network", r"5[A-Za-z0-9]{47}"))
step("senate", lambda: holds(btcli("root", "senate"), r"Senate", r"5[A-Za-z0-9]{47}"))
step("proposals", lambda: holds(btcli("root", "proposals"), r"Proposals", r"sudo_set_tempo", r"Aye"))


def senate_vote():
    (proposal,) = [
        key
        for key, votes in subtensor.get_proposals().items()
        if eve.hotkey.ss58_address not in (votes[1]["ayes"] + votes[1]["nays"])
        and votes[1]["index"] == 0
    ]
    vote = f"""
import rich.prompt
rich.prompt.Confirm.ask = lambda *a, **k: True
"""
    words = ["--wallet.name", "eve", "--wallet.hotkey", "validator", "--proposal", proposal]
    btcli("root", "senate_vote", *words, program=vote + PRELUDE)
    votes = subtensor.get_vote_data(proposal)
    return eve.hotkey.ss58_address in votes["ayes"]


step("senate vote", senate_vote)
step(
    "delegates",
    lambda: holds(
        btcli("root", "list_delegates", program=DELEGATES),
        r"18\.0%",
    ),
)
step(
    "my_delegates",
    lambda: holds(btcli("root", "my_delegates", "--wallet.name", "alice", "--no_prompt"), r"Delegat"),
)


def set_weights():
    wallet = bittensor.wallet(name="dave", hotkey="validator")
    uids, weights = [5, 6, 7, 8, 9], [0.22, 0.2, 0.2, 0.19, 0.19]
    ok, message = subtensor.set_weights(
        wallet, 3, uids=uids, weights=weights, wait_for_inclusion=True, wait_for_finalization=True
    )
    if not ok:
        raise RuntimeError(message)
    uid = subtensor.get_uid_for_hotkey_on_subnet(wallet.hotkey.ss58_address, 3)
    stored = dict(dict(subtensor.weights(3))[uid])
    return set(stored) == set(uids) and stored[5] == 65_535


step("set weights through the library", set_weights)
