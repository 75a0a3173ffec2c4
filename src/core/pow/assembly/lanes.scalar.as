// One nonce at a time in plain integers, for engines without SIMD. The same names as in lanes.simd.as.

export type Word = u32
export type Lane = u64

export const WIDTH: u32 = 1
export const HALVED: bool = false
export const WORD: usize = 4
export const LANE: usize = 8

@inline export function loadWord(at: usize): Word { return load<u32>(at) }
@inline export function storeWord(at: usize, value: Word): void { store<u32>(at, value) }
@inline export function splatWord(value: u32): Word { return value }
@inline export function countFrom(first: u32): Word { return first }

@inline export function add(a: Word, b: Word): Word { return a + b }
@inline export function xor(a: Word, b: Word): Word { return a ^ b }
@inline export function and(a: Word, b: Word): Word { return a & b }
@inline export function or(a: Word, b: Word): Word { return a | b }
@inline export function shiftLeft(a: Word, by: i32): Word { return a << by }
@inline export function shiftRight(a: Word, by: i32): Word { return a >> by }
@inline export function rotateRight(a: Word, by: i32): Word { return rotr<u32>(a, by) }
@inline export function byteSwap(a: Word): Word { return bswap<u32>(a) }

@inline export function loadLane(at: usize): Lane { return load<u64>(at) }
@inline export function storeLane(at: usize, value: Lane): void { store<u64>(at, value) }
@inline export function splatLane(value: u64): Lane { return value }
@inline export function loadSplatLane(at: usize): Lane { return load<u64>(at) }

@inline export function xorLanes(a: Lane, b: Lane): Lane { return a ^ b }
@inline export function without(a: Lane, b: Lane): Lane { return ~a & b }
@inline export function rotateLeft(a: Lane, by: i32): Lane { return rotl<u64>(a, by) }
@inline export function rotateLeftOne(a: Lane): Lane { return rotl<u64>(a, 1) }
@inline export function rotateLeft8(a: Lane): Lane { return rotl<u64>(a, 8) }
@inline export function rotateLeft56(a: Lane): Lane { return rotl<u64>(a, 56) }
@inline export function byteSwapLane(a: Lane): Lane { return bswap<u64>(a) }
@inline export function joinFirst(low: Word, high: Word): Lane { return <u64>low | (<u64>high << 32) }
@inline export function joinSecond(low: Word, high: Word): Lane { return joinFirst(low, high) }

@inline export function atMost(value: Lane, limit: u64): u32 { return u32(value <= limit) }
