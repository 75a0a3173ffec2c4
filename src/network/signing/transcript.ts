/**
 * The transcript that sr25519 signatures are made over: Merlin on STROBE-128 on Keccak-f[1600].
 * (dalek-cryptography/merlin src/strobe.rs and src/transcript.rs, w3f/schnorrkel src/context.rs and src/sign.rs)
 */
import { keccakP } from '@noble/hashes/sha3.js'

const RATE = 166
const FLAG_I = 1
const FLAG_A = 2
const FLAG_C = 4
const FLAG_M = 16

type Strobe = { readonly bytes: Uint8Array; readonly words: Uint32Array; at: number; begin: number }

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

function createStrobe(state: Uint8Array, at: number, begin: number): Strobe {
  const bytes = new Uint8Array(200)
  bytes.set(state)
  return { bytes, words: new Uint32Array(bytes.buffer), at, begin }
}

function permute(strobe: Strobe): void {
  const { bytes, words, at, begin } = strobe
  bytes[at] = (bytes[at] ?? 0) ^ begin
  bytes[at + 1] = (bytes[at + 1] ?? 0) ^ 0x04
  bytes[RATE + 1] = (bytes[RATE + 1] ?? 0) ^ 0x80
  keccakP(words, 24)
  strobe.at = 0
  strobe.begin = 0
}

function absorb(strobe: Strobe, data: Uint8Array): void {
  for (const byte of data) {
    strobe.bytes[strobe.at] = (strobe.bytes[strobe.at] ?? 0) ^ byte
    strobe.at++
    if (strobe.at === RATE) permute(strobe)
  }
}

function beginOperation(strobe: Strobe, flags: number): void {
  const previous = strobe.begin
  strobe.begin = strobe.at + 1
  absorb(strobe, Uint8Array.of(previous, flags))
  if ((flags & FLAG_C) !== 0 && strobe.at !== 0) permute(strobe)
}

function appendMessage(strobe: Strobe, label: Uint8Array, message: Uint8Array): void {
  beginOperation(strobe, FLAG_M | FLAG_A)
  absorb(strobe, label)
  absorb(strobe, littleEndian32(message.length))
  beginOperation(strobe, FLAG_A)
  absorb(strobe, message)
}

function challenge(strobe: Strobe, label: Uint8Array, length: number): Uint8Array {
  beginOperation(strobe, FLAG_M | FLAG_A)
  absorb(strobe, label)
  absorb(strobe, littleEndian32(length))
  beginOperation(strobe, FLAG_I | FLAG_A | FLAG_C)
  // 64 bytes are squeezed once, right after a permutation, so the rate is never crossed.
  return strobe.bytes.slice(0, length)
}

function littleEndian32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24)
}

const LABEL = {
  none: text(''),
  domain: text('dom-sep'),
  message: text('sign-bytes'),
  protocol: text('proto-name'),
  key: text('sign:pk'),
  commitment: text('sign:R'),
  challenge: text('sign:c'),
}
const SCHNORR = text('Schnorr-sig')

/** Everything before the message is the same for all signatures of Substrate, so it is absorbed once. */
const SUBSTRATE = substrateContext()

function substrateContext(): Strobe {
  const start = new Uint8Array(200)
  start.set([1, RATE + 2, 1, 0, 1, 96])
  start.set(text('STROBEv1.0.2'), 6)
  const strobe = createStrobe(start, 0, 0)
  keccakP(strobe.words, 24)
  beginOperation(strobe, FLAG_M | FLAG_A)
  absorb(strobe, text('Merlin v1.0'))
  appendMessage(strobe, LABEL.domain, text('SigningContext'))
  appendMessage(strobe, LABEL.none, text('substrate'))
  return strobe
}

/** The 64 challenge bytes of an sr25519 signature; reduced modulo the group order they are the scalar k. */
export function sr25519Challenge(
  message: Uint8Array,
  publicKey: Uint8Array,
  commitment: Uint8Array,
): Uint8Array {
  const strobe = createStrobe(SUBSTRATE.bytes, SUBSTRATE.at, SUBSTRATE.begin)
  appendMessage(strobe, LABEL.message, message)
  appendMessage(strobe, LABEL.protocol, SCHNORR)
  appendMessage(strobe, LABEL.key, publicKey)
  appendMessage(strobe, LABEL.commitment, commitment)
  return challenge(strobe, LABEL.challenge, 64)
}
