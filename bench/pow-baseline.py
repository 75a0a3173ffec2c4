"""Baselines for bench/pow.ts, one JSON line: hashes, seconds, cpuSeconds.

  python3 bench/pow-baseline.py classic 1.0   what bittensor 5.3.1 does for each nonce: hashlib, pycryptodome, a hex detour
  python3 bench/pow-baseline.py plain 1.0     the same without the detour
  python3 bench/pow-baseline.py rust 1.0      the native miner of bittensor 11.3 (pip install 'bittensor==11.3.*')
"""

import binascii
import hashlib
import json
import sys
import time


def timed(seconds, batch):
    batch(0)
    hashes, wall, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < seconds:
        hashes += batch(hashes)
    return hashes, time.perf_counter() - wall, time.process_time() - cpu


def classic(inner, limit, difficulty):
    from Crypto.Hash import keccak

    def hex_to_list(text):
        return [int(text[i : i + 2], 16) for i in range(0, len(text), 2)]

    def batch(start):
        for nonce in range(start, start + 4096):
            head = binascii.hexlify(nonce.to_bytes(8, "little"))
            message = head + binascii.hexlify(inner)[:64]
            digest = hashlib.sha256(bytearray(hex_to_list(message))).digest()
            seal = keccak.new(digest_bits=256).update(digest).digest()
            if int.from_bytes(seal, "big") * difficulty < limit:
                raise SystemExit("found a proof, which is not what this measures")
        return 4096

    return batch


def plain(inner, limit, difficulty):
    from Crypto.Hash import keccak

    def batch(start):
        for nonce in range(start, start + 4096):
            digest = hashlib.sha256(nonce.to_bytes(8, "little") + inner).digest()
            seal = keccak.new(digest_bits=256, data=digest).digest()
            if int.from_bytes(seal, "big") * difficulty < limit:
                raise SystemExit("found a proof, which is not what this measures")
        return 4096

    return batch


def rust(*_):
    from bittensor_core import pow_mine_cpu

    prefix = b"subtensor-pow-register-v1" + bytes([1, 0]) + bytes([1]) * 32 + bytes([2]) * 32 + bytes([3]) * 32

    def batch(start):
        pow_mine_cpu(prefix, 2**64 - 1, start, 100_000)
        return 100_000

    return batch


def main():
    kind, seconds = sys.argv[1], float(sys.argv[2])
    batch = {"classic": classic, "plain": plain, "rust": rust}[kind](bytes(range(32)), 2**256 - 1, 2**64 - 1)
    hashes, wall, cpu = timed(seconds, batch)
    print(json.dumps({"hashes": hashes, "seconds": wall, "cpuSeconds": cpu}))


main()
