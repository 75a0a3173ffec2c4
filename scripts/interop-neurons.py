"""The Python side of scripts/interop-neurons.ts: a miner or a validator made of the real `bittensor` package.

    python interop-neurons.py axon             serves on a free port, prints it as one line of JSON, runs until stdin closes
    python interop-neurons.py dendrite PORT    calls the axon of //Bob on 127.0.0.1:PORT, prints one line of JSON per case
    python interop-neurons.py load PORT N C    N requests, C at a time; prints one line of JSON with rate and percentiles

Needs bittensor 6.x to 10.x. Nothing here reads or writes a wallet on disk or opens a connection to a chain.
"""

import asyncio
import json
import socket
import sys
import threading
import time
import types
from typing import Any, AsyncIterator, ClassVar, Optional, Tuple

import bittensor as bt
from bittensor import Synapse, StreamingSynapse
from bittensor.utils import networking
from bittensor_wallet import Keypair
import numpy as np

# The dendrite asks public services for its own address when it is made; there is none to ask here.
networking.get_external_ip = lambda: "203.0.113.9"

# Without torch installed, building a Tensor fails while the class looks for torch's names; numpy's are enough here.
TENSOR_TYPES = sys.modules["bittensor.core.tensor"].dtypes if "bittensor.core.tensor" in sys.modules else None
if TENSOR_TYPES is not None and hasattr(TENSOR_TYPES, "_add_torch"):
    type(TENSOR_TYPES)._add_torch = lambda self: None

ALICE = Keypair.create_from_uri("//Alice")
BOB = Keypair.create_from_uri("//Bob")
CHARLIE = Keypair.create_from_uri("//Charlie")


class TextEcho(Synapse):
    prompt: str
    count: int = 1
    tags: list[str] = []
    reply: Optional[str] = None
    required_hash_fields: ClassVar[tuple[str, ...]] = ("prompt", "count", "tags")


class AllTypes(Synapse):
    s: str
    i: int
    f: float
    b: bool
    l: list[int]
    d: dict[str, Any]
    o: Optional[float] = None
    required_hash_fields: ClassVar[tuple[str, ...]] = ("d", "l", "b", "f", "i", "s", "o")


class VecSum(Synapse):
    x: Optional[bt.Tensor] = None
    y: Optional[bt.Tensor] = None
    required_hash_fields: ClassVar[tuple[str, ...]] = ("x",)


class Blocked(Synapse):
    q: str = ""


class Failing(Synapse):
    q: str = ""


class Custom(Synapse):
    q: str = ""


class Slow(Synapse):
    q: str = ""


class Words(StreamingSynapse):
    text: str
    out: Optional[str] = None
    required_hash_fields: ClassVar[tuple[str, ...]] = ("text",)

    async def process_streaming_response(self, response) -> AsyncIterator[str]:
        self.out = ""
        async for chunk in response.content.iter_any():
            piece = chunk.decode("utf-8")
            self.out += piece
            yield piece

    def extract_response_json(self, response) -> dict:
        headers = {k.decode("utf-8"): v.decode("utf-8") for k, v in response.__dict__["_raw_headers"]}

        def info(prefix):
            return {k[len(prefix):]: v for k, v in headers.items() if k.startswith(prefix)}

        return {
            "name": headers.get("name", ""),
            "timeout": float(headers.get("timeout", 0)),
            "dendrite": info("bt_header_dendrite_"),
            "axon": info("bt_header_axon_"),
            "text": self.text,
            "out": self.out,
        }

    def deserialize(self):
        return self.out


def text_echo(synapse: TextEcho) -> TextEcho:
    synapse.reply = (synapse.prompt + "|") * synapse.count + ",".join(synapse.tags)
    return synapse


def all_types(synapse: AllTypes) -> AllTypes:
    synapse.o = synapse.f * 2
    return synapse


def vec_sum(synapse: VecSum) -> VecSum:
    synapse.y = bt.Tensor.serialize(synapse.x.deserialize() * 2)
    return synapse


def blocked(synapse: Blocked) -> Blocked:
    return synapse


def blocked_blacklist(synapse: Blocked) -> Tuple[bool, str]:
    return True, "not on the list"


def failing(synapse: Failing) -> Failing:
    raise ValueError("boom")


def custom(synapse: Custom) -> Custom:
    synapse.axon.status_code = 429
    synapse.axon.status_message = "Too many"
    return synapse


async def slow(synapse: Slow) -> Slow:
    await asyncio.sleep(3)
    return synapse


def words(synapse: Words):
    async def stream(text: str, send):
        for word in text.split():
            await send({"type": "http.response.body", "body": (word + " ").encode(), "more_body": True})

    from functools import partial

    return synapse.create_streaming_response(partial(stream, synapse.text))


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wallet(hotkey: Keypair) -> Any:
    return types.SimpleNamespace(hotkey=hotkey, coldkey=CHARLIE, coldkeypub=CHARLIE, name="interop", hotkey_str="interop")


def serve() -> None:
    port = free_port()
    axon = bt.Axon(wallet=wallet(BOB), port=port, ip="127.0.0.1", external_ip="127.0.0.1", external_port=port)
    axon.attach(text_echo).attach(all_types).attach(vec_sum).attach(failing).attach(custom).attach(slow).attach(words)
    axon.attach(blocked, blacklist_fn=blocked_blacklist)
    axon.start()
    for _ in range(200):
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    print(json.dumps({"port": port, "version": bt.__version__}), flush=True)
    sys.stdin.read()
    axon.stop()


def target(port: int) -> Any:
    from bittensor.core.chain_data import AxonInfo

    return AxonInfo(
        version=1, ip="127.0.0.1", port=port, ip_type=4, hotkey=BOB.ss58_address, coldkey=CHARLIE.ss58_address
    )


def outcome(name: str, synapse: Any, **more: Any) -> None:
    print(
        json.dumps(
            {
                "case": name,
                "status": synapse.dendrite.status_code,
                "message": synapse.dendrite.status_message,
                "success": synapse.is_success,
                **more,
            }
        ),
        flush=True,
    )


async def call(port: int) -> None:
    dendrite = bt.Dendrite(wallet=ALICE)
    axon = target(port)

    async def ask(synapse: Any, timeout: float = 12.0) -> Any:
        return await dendrite.call(target_axon=axon, synapse=synapse, timeout=timeout, deserialize=False)

    got = await ask(TextEcho(prompt="hello \"world\" \\ it's ünïcode ✓ 😀", count=2, tags=["a", 'b"c', "d'e"]))
    outcome("TextEcho", got, reply=got.reply)
    got = await ask(Synapse())
    outcome("Synapse", got)
    got = await ask(AllTypes(s="x", i=-3, f=1.0, b=True, l=[1, 2, 3], d={"k": None, "n": [1.5, 2.0, 1e-7, "q"], "10": 1, "2": 2**60}))
    outcome("AllTypes", got, o=got.o)
    got = await ask(VecSum(x=bt.Tensor.serialize(np.array([[1, 2], [3, 4]], dtype=np.float32))))
    outcome("VecSum", got, y=got.y.deserialize().tolist() if got.y else None)
    outcome("Blocked", await ask(Blocked(q="hi")))
    outcome("Failing", await ask(Failing(q="hi")))
    outcome("Custom", await ask(Custom(q="hi")))
    outcome("Slow", await ask(Slow(q="hi"), timeout=1.0))
    nope = type("Nope", (Synapse,), {})()
    outcome("Nope", await ask(nope))
    pieces, last = [], None
    async for piece in dendrite.call_stream(target_axon=axon, synapse=Words(text="one two three"), timeout=12.0, deserialize=False):
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            last = piece
    outcome("Words", last, text="".join(pieces), out=last.out)
    many = await asyncio.gather(*(ask(TextEcho(prompt=f"p{i}")) for i in range(20)))
    print(json.dumps({"case": "20 at once", "success": sum(1 for m in many if m.is_success)}), flush=True)
    await dendrite.aclose_session()


async def load(port: int, total: int, at_once: int) -> None:
    dendrite = bt.Dendrite(wallet=ALICE)
    axon = target(port)
    took: list[float] = []
    failed = 0
    left = total

    async def worker() -> None:
        nonlocal left, failed
        while left > 0:
            left -= 1
            begin = time.perf_counter()
            got = await dendrite.call(
                target_axon=axon, synapse=TextEcho(prompt="hello", count=2, tags=["a"]), timeout=12.0, deserialize=False
            )
            took.append(time.perf_counter() - begin)
            failed += 0 if got.is_success else 1

    begin = time.perf_counter()
    cpu = time.process_time()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    seconds = time.perf_counter() - begin
    took.sort()
    print(
        json.dumps(
            {
                "requests": len(took),
                "failed": failed,
                "cpu_ms": round((time.process_time() - cpu) / len(took) * 1000, 3),
                "per_second": round(len(took) / seconds, 1),
                "p50_ms": round(took[len(took) // 2] * 1000, 2),
                "p99_ms": round(took[min(len(took) - 1, int(len(took) * 0.99))] * 1000, 2),
            }
        ),
        flush=True,
    )
    await dendrite.aclose_session()


def main() -> None:
    mode = sys.argv[1]
    bt.logging.off() if hasattr(bt.logging, "off") else None
    if mode == "axon":
        serve()
    elif mode == "dendrite":
        asyncio.run(call(int(sys.argv[2])))
    elif mode == "load":
        asyncio.run(load(int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
    else:
        raise SystemExit(f"unknown mode {mode}")


if __name__ == "__main__":
    main()
