"""bittensor-cli 9.23 against a dtao chain. Prints one JSON line per step.

Arguments: endpoint, and a folder for wallets. The chain must be the preset `dev`, one block per transaction. What a
command did is read from the chain by the library that the client itself is built on.
"""

import os
import subprocess
import sys
import time

endpoint, home = sys.argv[1:]
os.environ["HOME"] = home

from async_substrate_interface import SubstrateInterface  # noqa: E402
from bittensor_wallet import Keypair, Wallet  # noqa: E402

from steps import holds, output, refuse, rpc, step  # noqa: E402

BTCLI = os.path.join(os.path.dirname(sys.executable), "btcli")


def btcli(*words):
    """Runs one command line; failures are said in the text, with status 0."""
    text, status = output([BTCLI, *words, "--network", endpoint])
    if status != 0 or "\u274c" in text or "Traceback" in text:
        refuse(text)
    return text


def account(uri):
    return Keypair.create_from_uri(uri).ss58_address


def make_wallet(name, coldkey, **hotkeys):
    path = os.path.join(home, ".bittensor", "wallets")
    for hotkey, uri in hotkeys.items():
        wallet = Wallet(name=name, hotkey=hotkey, path=path)
        wallet.set_coldkey(Keypair.create_from_uri(coldkey), encrypt=False, overwrite=True)
        wallet.set_coldkeypub(Keypair.create_from_uri(coldkey), encrypt=False, overwrite=True)
        wallet.set_hotkey(Keypair.create_from_uri(uri), encrypt=False, overwrite=True)


make_wallet("alice", "//Alice", validator="//Alice//validator", fresh="//Alice//py-burn", safe="//Alice//py-safe")
make_wallet("dave", "//Dave", validator="//Dave//validator")
# Some figures are per block so far, so there must be some.
rpc(endpoint, "dev_newBlock", 30)
chain = SubstrateInterface(endpoint)

ALICE, FRESH, SAFE_KEY = account("//Alice"), account("//Alice//py-burn"), account("//Alice//py-safe")
VALIDATOR, DAVE_HOT = account("//Alice//validator"), account("//Dave//validator")
OTHER = account("//bittensor9")

KEYS = ["--wallet-name", "alice", "--wallet-hotkey", "fresh", "--no-prompt"]
UNSAFE = ["--unsafe", "--no-mev-protection"]
GUARDED = ["--safe", "--tolerance", "0.05", "--no-partial"]
SAFE = [*GUARDED, "--no-mev-protection"]


def read(item, *keys, pallet="SubtensorModule"):
    value = chain.query(pallet, item, list(keys))
    return getattr(value, "value", value)


def free(who):
    return read("Account", who, pallet="System")["data"]["free"]


def stakes():
    """Alpha of Alice by hotkey and subnet, RAO."""
    rows = chain.runtime_call("StakeInfoRuntimeApi", "get_stake_info_for_coldkey", [ALICE])
    return {(row["hotkey"], row["netuid"]): row["stake"] for row in getattr(rows, "value", rows)}


def shows(*words, pattern):
    return lambda: holds(btcli(*words), pattern)


def moves(words, *places):
    """A command that must change the stake of places, each with 1 for more and -1 for less."""

    def work():
        before = stakes()
        btcli(*words)
        after = stakes()
        return all((after.get(place, 0) - before.get(place, 0)) * sign > 0 for place, sign in places)

    return work


def shielded(work):
    """Work that must go through MevShield: the key that hides it is followed by another."""

    def both():
        key = read("NextKey", pallet="MevShield")
        done = work()
        return done and read("NextKey", pallet="MevShield") != key

    return both


def registers(words, netuid, hotkey):
    def work():
        btcli(*words)
        return read("Uids", netuid, hotkey) is not None

    return work


def transfer():
    btcli("wallet", "transfer", "--dest", OTHER, "--amount", "1.5", "--wallet-name", "alice", "--no-prompt")
    return free(OTHER) == 1_500_000_000


# `weights commit` asks storage for names of functions, which no runtime has; it is told the names of the items.
WEIGHTS = """
import sys
from bittensor_cli.src.bittensor.subtensor_interface import SubtensorInterface
from bittensor_cli.cli import main
ITEMS = {
    "get_commit_reveal_weights_enabled": "CommitRevealWeightsEnabled",
    "get_commit_reveal_period": "RevealPeriodEpochs",
}
ask = SubtensorInterface.get_hyperparameter
def get_hyperparameter(self, param_name, *rest, **named):
    return ask(self, ITEMS.get(param_name, param_name), *rest, **named)
SubtensorInterface.get_hyperparameter = get_hyperparameter
main()
"""
DAVE = ["--wallet-name", "dave", "--wallet-hotkey", "validator", "--no-prompt", "--network", endpoint]
ROW = ["--netuid", "3", "--uids", "5,6,7,8,9", "--salt", "163,241", *DAVE]


def weights(action, values):
    return [sys.executable, "-c", WEIGHTS, "weights", action, "--weights", values, *ROW]


def stored(first):
    row = dict(read("Weights", 3, read("Uids", 3, DAVE_HOT)))
    return set(row) == {5, 6, 7, 8, 9} and row[5] == first


def set_weights():
    text, status = output(weights("commit", "0.22,0.2,0.2,0.19,0.19"))
    return stored(65_535) if status == 0 else refuse(text)


def commit_weights():
    """The client would wait until it can reveal, by the clock of the real chain."""
    rpc(endpoint, "dev_setHyperparameter", 3, "CommitRevealWeightsEnabled", True)
    client = subprocess.Popen(weights("commit", "0.1,0.2,0.2,0.2,0.2"), stdout=subprocess.DEVNULL)
    until = time.time() + 60
    try:
        while not (commits := read("WeightCommits", 3, DAVE_HOT)):
            if time.time() > until or client.poll() is not None:
                return False
            time.sleep(0.2)
    finally:
        client.kill()
    return len(commits) == 1


def reveal_weights():
    # The block of the command comes on top: it is one epoch after the commitment, wherever in its epoch that was.
    rpc(endpoint, "dev_newBlock", read("Tempo", 3))
    text, status = output(weights("reveal", "0.1,0.2,0.2,0.2,0.2"))
    return stored(32_768) if status == 0 else refuse(text)


one = ["--netuid", "1"]
step("subnets list", shows("subnets", "list", pattern=r"Granary"))
step("subnets show", shows("subnets", "show", *one, "--no-prompt", pattern=r"5[A-Za-z0-9]{5}"))
step("subnets metagraph", shows("subnets", "metagraph", *one, "--no-prompt", pattern=r"5[A-Za-z0-9]{5}"))
step("subnets hyperparameters", shows("subnets", "hyperparameters", *one, pattern=r"tempo"))
step("wallet balance", shows("wallet", "balance", "--wallet-name", "alice", pattern=r"alice"))
step("wallet overview", shows("wallet", "overview", "--wallet-name", "alice", pattern=r"validator"))
step("wallet transfer", transfer)
register = ["subnets", "register"]
step("register", registers([*register, *one, *KEYS, "--unsafe"], 1, FRESH))
guarded = ["--wallet-name", "alice", "--wallet-hotkey", "safe", "--no-prompt", "--safe", "--tolerance", "0.05"]
step("register, safe", registers([*register, *one, *guarded], 1, SAFE_KEY))
step("root register", registers([*register, "--netuid", "0", *KEYS], 0, FRESH))
add = ["stake", "add", *one, "--amount", "5", *KEYS]
step("stake add", moves([*add, *UNSAFE], ((FRESH, 1), 1)))
step("stake add, safe", moves([*add, *SAFE], ((FRESH, 1), 1)))
step("stake add, safe, with MEV protection", shielded(moves([*add, *GUARDED], ((FRESH, 1), 1))))
step("stake list", shows("stake", "list", "--wallet-name", "alice", "--no-prompt", pattern=r"5[A-Za-z0-9]{5}"))
remove = ["stake", "remove", *one, "--amount", "1", *KEYS]
step("stake remove", moves([*remove, *UNSAFE], ((FRESH, 1), -1)))
step("stake remove, safe", moves([*remove, *SAFE], ((FRESH, 1), -1)))
protected = shielded(moves([*remove, *GUARDED], ((FRESH, 1), -1)))
step("stake remove, safe, with MEV protection", protected)
move = ["stake", "move", "--dest", VALIDATOR, "--amount", "1", *KEYS]
OPENLY = "--no-mev-protection"
same, across = ["--origin-netuid", "1", "--dest-netuid", "1"], ["--origin-netuid", "1", "--dest-netuid", "3"]
step("stake move", moves([*move, *same, OPENLY], ((FRESH, 1), -1), ((VALIDATOR, 1), 1)))
step("stake move to another subnet", moves([*move, *across, OPENLY], ((FRESH, 1), -1), ((VALIDATOR, 3), 1)))
protected = shielded(moves([*move, *across], ((FRESH, 1), -1), ((VALIDATOR, 3), 1)))
step("stake move to another subnet, with MEV protection", protected)
swap = ["stake", "swap", "--origin-netuid", "1", "--dest-netuid", "3", "--amount", "1", *KEYS]
step("stake swap", moves([*swap, *UNSAFE], ((FRESH, 1), -1), ((FRESH, 3), 1)))
step("stake swap, safe", moves([*swap, *SAFE], ((FRESH, 1), -1), ((FRESH, 3), 1)))
protected = shielded(moves([*swap, *GUARDED], ((FRESH, 1), -1), ((FRESH, 3), 1)))
step("stake swap, safe, with MEV protection", protected)
step("weights commit, where they are set openly", set_weights)
step("weights commit", commit_weights)
step("weights reveal", reveal_weights)
# Left to the end of the interpreter, the library may wait for itself there.
chain.close()
