"""The 5.3.1 side of scripts/interop-neurons.ts: the gRPC axon, synapse and dendrite of that release, run from its own files.

Its pinned dependencies (bittensor-wallet 0.0.4 among them) can no longer be installed, so the package as a whole cannot be
imported. These modules can: they get a stand-in for the parts of the package and of torch that they only mention.

    pip download bittensor==5.3.1 --no-deps && unzip bittensor-5.3.1-*.whl -d SOURCE
    pip install grpcio protobuf==3.20.3 bittensor-wallet==4.1.1 loguru

    python interop-neurons-grpc.py SOURCE axon             prints {"port": …} and serves until stdin closes
    python interop-neurons-grpc.py SOURCE dendrite PORT    asks the axon of //Bob on 127.0.0.1:PORT
"""

import asyncio
import importlib
import json
import socket
import sys
import time
import types

from bittensor_wallet import Keypair

SOURCE = sys.argv[1]
ALICE = Keypair.create_from_uri("//Alice")
BOB = Keypair.create_from_uri("//Bob")
CHARLIE = Keypair.create_from_uri("//Charlie")


class Quiet:
    def __getattr__(self, _name):
        return lambda *args, **kwargs: None


def stand_ins() -> types.ModuleType:
    """Puts a `bittensor` in place that loads its submodules from SOURCE and takes everything else from here."""
    torch = types.ModuleType("torch")
    torch.Size = list
    torch.FloatTensor = type("FloatTensor", (), {})
    torch.float32 = "float32"
    torch.tensor = lambda values, dtype=None: [[float(v) for v in row] for row in values]
    torch.nn = types.SimpleNamespace(ParameterDict=dict, Module=object)
    sys.modules["torch"] = torch
    sys.modules["substrateinterface"] = types.SimpleNamespace(Keypair=Keypair)

    bt = types.ModuleType("bittensor")
    bt.__path__ = [SOURCE + "/bittensor"]
    sys.modules["bittensor"] = bt
    utils = types.ModuleType("bittensor.utils")
    utils.__path__ = []
    utils.networking = types.ModuleType("bittensor.utils.networking")
    utils.codes = types.SimpleNamespace(code_to_string=str)
    sys.modules["bittensor.utils"] = utils
    sys.modules["bittensor.utils.networking"] = utils.networking
    bt.utils = utils
    bt.logging = Quiet()
    bt.__version_as_int__ = 531
    bt.__blocktime__ = 12
    bt.Wallet = type("Wallet", (), {})
    bt.Keypair = Keypair
    bt.proto = importlib.import_module("bittensor._proto.bittensor_pb2")
    bt.grpc = importlib.import_module("bittensor._proto.bittensor_pb2_grpc")
    for name in ("Forward", "Backward"):
        for kind in ("Request", "Response"):
            message = f"{name}TextPrompting{kind}"
            setattr(bt, message, getattr(bt.proto, message))
    bt.prioritythreadpool = importlib.import_module("bittensor._threadpool").prioritythreadpool
    axon_module = importlib.import_module("bittensor._axon")
    bt.axon, bt.axon_info = axon_module.axon, axon_module.axon_info
    synapse = importlib.import_module("bittensor._synapse.synapse")
    bt.Synapse, bt.SynapseCall = synapse.Synapse, synapse.SynapseCall
    text_synapse = importlib.import_module("bittensor._synapse.text_prompting.synapse")
    bt.TextPromptingSynapse = text_synapse.TextPromptingSynapse
    dendrite = importlib.import_module("bittensor._dendrite.dendrite")
    bt.Dendrite, bt.DendriteCall = dendrite.Dendrite, dendrite.DendriteCall
    text_dendrite = importlib.import_module("bittensor._dendrite.text_prompting.dendrite")
    bt.TextPromptingDendrite = text_dendrite.TextPromptingDendrite
    return bt


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def config(port: int):
    priority = types.SimpleNamespace(max_workers=5, maxsize=10)
    axon = types.SimpleNamespace(
        port=port,
        ip="127.0.0.1",
        external_ip="127.0.0.1",
        external_port=port,
        max_workers=10,
        maximum_concurrent_rpcs=400,
        priority=priority,
    )
    return types.SimpleNamespace(axon=axon)


def serve(bt) -> None:
    class Miner(bt.TextPromptingSynapse):
        def blacklist(self, call):
            return call.src_hotkey != ALICE.ss58_address, "pubkey not registered"

        def priority(self, call):
            return 1.0

        def forward(self, messages):
            last = messages[-1]["content"]
            if last == "fail":
                raise ValueError("boom")
            if last == "sleep":
                time.sleep(3)
            return "|".join(message["role"] + ":" + message["content"] for message in messages)

        def backward(self, messages, response, rewards):
            if rewards != [[0.5, 1.0]] or response != "x" or json.loads(messages[0])["role"] != "user":
                raise ValueError("unexpected backward")

    port = free_port()
    wallet = types.SimpleNamespace(hotkey=BOB, coldkeypub=CHARLIE)
    axon = bt.axon(wallet=wallet, config=config(port))
    Miner(axon)
    # start() stops the server first, which newer grpcio does not forgive.
    axon.server.start()
    print(json.dumps({"port": port}), flush=True)
    sys.stdin.read()
    axon.stop()


def ask(bt, port: int) -> None:
    info = bt.axon_info(
        version=531, ip="127.0.0.1", port=port, ip_type=4, hotkey=BOB.ss58_address, coldkey=CHARLIE.ss58_address
    )
    asyncio.set_event_loop(asyncio.new_event_loop())

    def report(case, call):
        completion = getattr(call, "completion", None)
        row = {"case": case, "code": str(call.return_code), "message": call.return_message, "completion": completion}
        print(json.dumps(row), flush=True)

    dendrite = bt.TextPromptingDendrite(keypair=ALICE, axon=info)
    conversation = {"roles": ["system", "user"], "messages": ["be brief", "should I buy a boat? ü✓"]}
    call = dendrite.forward(**conversation)
    report("forward", call)
    report("backward", dendrite.backward(roles=["user"], messages=["hi"], completion="x", rewards=[0.5, 1.0]))
    report("fail", dendrite.forward(roles=["user"], messages=["fail"]))
    report("sleep", dendrite.forward(roles=["user"], messages=["sleep"], timeout=1))
    stranger = bt.TextPromptingDendrite(keypair=CHARLIE, axon=info)
    report("stranger", stranger.forward(**conversation))
    wrong = bt.axon_info(
        version=531, ip="127.0.0.1", port=port, ip_type=4, hotkey=CHARLIE.ss58_address, coldkey=CHARLIE.ss58_address
    )
    report("wrong receiver", bt.TextPromptingDendrite(keypair=ALICE, axon=wrong).forward(**conversation))


if __name__ == "__main__":
    package = stand_ins()
    if sys.argv[2] == "axon":
        serve(package)
    else:
        ask(package, int(sys.argv[3]))
