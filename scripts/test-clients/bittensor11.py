"""bittensor 11.3, its btcli and its library, against a dtao chain. Prints one JSON line per step.

Arguments: endpoint, and a folder for wallets. The chain must be the preset `dev`, one block per transaction. What a
command did is read from the chain through the library.
"""

import os
import sys

endpoint, home = sys.argv[1:]
os.environ["HOME"] = home

import bittensor as bt  # noqa: E402
from bittensor_core import Keypair  # noqa: E402

from steps import holds, output, refuse, rpc, step  # noqa: E402

BTCLI = os.path.join(os.path.dirname(sys.executable), "btcli")


def btcli(*words):
    text, status = output([BTCLI, *words, "--network", endpoint])
    if status != 0:
        refuse(text)
    return text


def account(uri):
    return Keypair.create_from_uri(uri).ss58_address


def make_wallet(name, coldkey, **hotkeys):
    for hotkey, uri in hotkeys.items():
        wallet = bt.Wallet(name, hotkey)
        keys = ((wallet.coldkey_file, coldkey), (wallet.coldkeypub_file, coldkey), (wallet.hotkey_file, uri))
        for file, key in keys:
            file.set_keypair(Keypair.create_from_uri(key), encrypt=False, overwrite=True)
    return wallet


alice = make_wallet("alice", "//Alice", validator="//Alice//validator", fresh="//Alice//py-burn")
dave = make_wallet("dave", "//Dave", validator="//Dave//validator")
# Some figures are per block so far, so there must be some.
rpc(endpoint, "dev_newBlock", 30)
chain = bt.Subtensor(endpoint)

ALICE, FRESH, VALIDATOR = account("//Alice"), account("//Alice//py-burn"), account("//Alice//validator")
OTHER = account("//bittensor11")

WALLET = ["--wallet", "alice"]
KEYS = [*WALLET, "--wallet-hotkey", "fresh", "--yes"]
OPEN = "--no-mev-shield"
UNSAFE = [OPEN, "--no-slippage-protection"]


def read(item, *keys):
    return chain.query(getattr(bt.storage.SubtensorModule, item), list(keys))


def stake_of(hotkey, netuid):
    """Alpha of Alice, RAO."""
    positions = chain.read("stake_for_coldkey", coldkey_ss58=ALICE)
    return sum(one.stake.rao for one in positions if (one.hotkey, one.netuid) == (hotkey, netuid))


def shows(*words, pattern):
    return lambda: holds(btcli(*words), *pattern)


def moves(words, *places):
    """A command that must change the stake of places, each with 1 for more and -1 for less."""

    def work():
        before = [stake_of(*place) for place, _ in places]
        btcli(*words)
        after = [stake_of(*place) for place, _ in places]
        signs = [sign for _, sign in places]
        return all((b - a) * sign > 0 for a, b, sign in zip(before, after, signs))

    return work


def shielded(work):
    """Work that must go through MevShield: the key that hides it is followed by another."""

    def both():
        key = chain.query(bt.storage.MevShield.NextKey, [])
        done = work()
        return done and chain.query(bt.storage.MevShield.NextKey, []) != key

    return both


def transfers(*more):
    def work():
        before = chain.balances.get(OTHER).rao
        btcli("wallet", "transfer", "--dest", OTHER, "--amount", "1.5", *WALLET, "--yes", *more)
        return chain.balances.get(OTHER).rao - before == 1_500_000_000

    return work


def register():
    btcli("subnets", "register", "--netuid", "1", *KEYS)
    return read("Uids", 1, FRESH) is not None


def root_register():
    btcli("root", "register", *KEYS)
    return read("Uids", 0, FRESH) is not None


def weights_of(netuid, hotkey):
    return dict(read("Weights", netuid, read("Uids", netuid, hotkey)))


def set_weights():
    uids, weights = "5,6,7,8,9", "0.22,0.2,0.2,0.19,0.19"
    keys = ["--wallet", "dave", "--wallet-hotkey", "validator", "--yes"]
    btcli("weights", "set", "--netuid", "3", "--uids", uids, "--weights", weights, *keys)
    row = weights_of(3, account("//Dave//validator"))
    return set(row) == {5, 6, 7, 8, 9} and row[5] == 65_535


def set_weights_by_library():
    weights = {5: 0.5, 6: 1, 7: 0.5, 8: 0.5, 9: 0.5}
    result = chain.execute(bt.SetWeights(netuid=3, weights=weights), bt.Wallet("alice", "validator"))
    return result.success and weights_of(3, VALIDATOR)[6] == 65_535


step("subnets list", shows("subnets", "list", pattern=[r"Granary", r"0\.05"]))
step("subnets show", shows("subnets", "show", "1", pattern=[r"Lumen", r"30/64"]))
step("subnets metagraph", shows("subnets", "metagraph", "1", pattern=[r"Lumen", r"owner_hotkey"]))
step("subnets hyperparameters", shows("subnets", "hyperparameters", "1", pattern=[r"tempo\s+10"]))
step("wallet balance", shows("wallet", "balance", *WALLET, pattern=[r"100,000\.000"]))
step("wallet overview", shows("wallet", "overview", *WALLET, pattern=[r"validator  uid 1"]))
step("wallet transfer", transfers())
step("wallet transfer, shielded", shielded(transfers("--mev-shield")))
step("subnets register, which is always shielded", shielded(register))
step("root register", root_register)
place = ["--netuid", "1"]
add = ["stake", "add", *place, "--amount", "5", *KEYS]
step("stake add", moves([*add, *UNSAFE], ((FRESH, 1), 1)))
step("stake add, safe", moves([*add, OPEN], ((FRESH, 1), 1)))
step("stake add, safe, shielded", shielded(moves(add, ((FRESH, 1), 1))))
step("stake list", shows("stake", "list", *WALLET, pattern=[r"fresh"]))
remove = ["stake", "remove", *place, "--amount", "1", *KEYS]
step("stake remove", moves([*remove, *UNSAFE], ((FRESH, 1), -1)))
step("stake remove, safe", moves([*remove, OPEN], ((FRESH, 1), -1)))
step("stake remove, safe, shielded", shielded(moves(remove, ((FRESH, 1), -1))))
move = ["stake", "move", "--origin-hotkey", "fresh", "--dest-hotkey", VALIDATOR, "--amount", "1", *KEYS]
within = ["--origin-netuid", "1", "--dest-netuid", "1"]
across = ["--origin-netuid", "1", "--dest-netuid", "3"]
step("stake move", moves([*move, *within, OPEN], ((FRESH, 1), -1), ((VALIDATOR, 1), 1)))
step("stake move to another subnet", moves([*move, *across, *UNSAFE], ((FRESH, 1), -1), ((VALIDATOR, 3), 1)))
step("stake move to another subnet, safe", moves([*move, *across, OPEN], ((FRESH, 1), -1), ((VALIDATOR, 3), 1)))
hidden = shielded(moves([*move, *across], ((FRESH, 1), -1), ((VALIDATOR, 3), 1)))
step("stake move to another subnet, safe, shielded", hidden)
step("weights set", set_weights)
step("weights set through the library", set_weights_by_library)
