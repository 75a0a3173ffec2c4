"""Testing a subnet against a chain of its own, with pytest: `pytest examples/localnet/test_subnet.py`.

Needs `btcli` of this project on the path (or in the variable BTCLI) and nothing else; with `bittensor` installed,
`bittensor.subtensor(network=chain.endpoint)` connects as to any network.
"""

import json
import os
import shlex
import subprocess
import urllib.request

import pytest

BTCLI = shlex.split(os.environ.get("BTCLI", "btcli"))
NOBODY = "5C62Ck4UrFPiBtoCmeSrgF7x9yv9mn38446dhCpsi2mLHiFT"


class Chain:
    def __init__(self, endpoint):
        self.endpoint = endpoint

    def request(self, method, *params):
        """Calls a JSON-RPC method; `dev_*` are those that only a development chain has."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        request = urllib.request.Request(
            self.endpoint.replace("ws:", "http:"),
            json.dumps(body).encode(),
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            answer = json.load(response)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """One chain for all tests; it listens on a free port of this machine."""
    folder = str(tmp_path_factory.mktemp("localnet"))
    words = ["localnet", "start", "--json", "--port", "0", "--blocks", "manual"]
    process = subprocess.Popen(
        [*BTCLI, *words, "--directory", folder], stdout=subprocess.PIPE, text=True
    )
    try:
        yield Chain(json.loads(process.stdout.readline())["data"]["endpoint"])
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def chain(running):
    """The chain as it was at the start, whatever other tests have done."""
    snapshot = running.request("dev_snapshot")
    yield running
    running.request("dev_restore", snapshot)


def height(chain):
    return int(chain.request("chain_getHeader")["number"], 16)


def test_an_account_gets_money_out_of_nowhere(chain):
    assert int(chain.request("dev_fund", NOBODY, "2000000000")) == 2_000_000_000


def test_blocks_come_when_asked_for(chain):
    before = height(chain)
    chain.request("dev_newBlock", 10)
    assert height(chain) == before + 10


def test_hyperparameters_are_what_the_test_needs(chain):
    chain.request("dev_setHyperparameter", 1, "tempo", 5)
    assert height(chain) == 1


def test_nothing_is_left_of_other_tests(chain):
    assert height(chain) == 0
