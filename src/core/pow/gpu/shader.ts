/**
 * The search as a WebGPU compute shader, for any GPU: WGSL text with all rounds of SHA-256 written out.
 *
 * A 64-bit lane of Keccak is a `vec2<u32>`, low word first. Arrays indexed by variables would be kept in slow memory, so
 * the text names every word instead, and only Keccak's rounds are a loop.
 */

/** How an index becomes a nonce, as in scanner.js. */
export type ShaderMode = 'register' | 'strided' | 'contiguous'

/** What a shader is made for. */
export type ShaderOptions = {
  readonly mode: ShaderMode
  readonly little: boolean
  /** Threads of a workgroup. */
  readonly workgroup: number
}

/** Hits that one dispatch can report. */
export const MAX_HITS = 64

/** 32-bit words of the uniform buffer: 8 of state, 16 of the last block, 16 of the block before, 8 of numbers. */
export const UNIFORM_WORDS = 48

/** Round constants of SHA-256, hex; FIPS 180-4, section 4.2.2. */
export const SHA_CONSTANTS = `
428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5
d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174
e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da
983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967
27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85
a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070
19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3
748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2`
  .trim()
  .split(/\s/)

// FIPS 202, section 3.2.5.
const ROUND_CONSTANTS = `
0000000000000001 0000000000008082 800000000000808a 8000000080008000
000000000000808b 0000000080000001 8000000080008081 8000000000008009
000000000000008a 0000000000000088 0000000080008009 000000008000000a
000000008000808b 800000000000008b 8000000000008089 8000000000008003
8000000000008002 8000000000000080 000000000000800a 800000008000000a
8000000080008081 8000000000008080 0000000080000001 8000000080008008`
  .trim()
  .split(/\s/)

/** Rotations of Keccak's rho by x + 5y. */
const ROTATIONS = [
  0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
]

const range = (count: number) => [...Array(count).keys()]

/**
 * The WGSL text. Bindings: 0 the uniforms, 1 the hits (a count, the workgroups that are done, offsets).
 * @example
 * device.createShaderModule({ code: shaderText({ mode: 'register', little: false, workgroup: 64 }) })
 */
export function shaderText({ mode, little, workgroup }: ShaderOptions): string {
  return `
struct Job {
  start: array<vec4<u32>, 2>,
  last: array<vec4<u32>, 4>,
  before: array<vec4<u32>, 4>,
  limit: vec2<u32>,
  first: u32,
  high: u32,
  count: u32,
  threads: u32,
}
struct Hits { count: atomic<u32>, finished: atomic<u32>, offsets: array<u32, ${MAX_HITS}> }
@group(0) @binding(0) var<uniform> job: Job;
@group(0) @binding(1) var<storage, read_write> hits: Hits;

struct State { a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32, h: u32 }

fn ror(x: u32, n: u32) -> u32 { return (x >> n) | (x << (32u - n)); }
fn s0(x: u32) -> u32 { return ror(x, 7u) ^ ror(x, 18u) ^ (x >> 3u); }
fn s1(x: u32) -> u32 { return ror(x, 17u) ^ ror(x, 19u) ^ (x >> 10u); }
fn swap(x: u32) -> u32 {
  return (x >> 24u) | ((x >> 8u) & 0xff00u) | ((x << 8u) & 0xff0000u) | (x << 24u);
}

${compressText()}

${keccakText(little)}

@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) place: u32) {
  for (var offset = id.x; offset < job.count; offset += job.threads) {
    let low = job.first + offset;
${digestText(mode)}
    let top = seal_top(
      vec2(swap(s.a), swap(s.b)), vec2(swap(s.c), swap(s.d)), vec2(swap(s.e), swap(s.f)), vec2(swap(s.g), swap(s.h)));
    if (top.y < job.limit.y || (top.y == job.limit.y && top.x <= job.limit.x)) {
      let at = atomicAdd(&hits.count, 1u);
      if (at < ${MAX_HITS}u) { hits.offsets[at] = offset; }
    }
  }
  if (place == 0u) { atomicAdd(&hits.finished, 1u); }
}
`
}

/** The words of a uniform block as arguments of `compress`. */
function words(block: 'last' | 'before', changed: Readonly<Record<number, string>>): string {
  return range(16)
    .map((i) => changed[i] ?? `job.${block}[${i >> 2}][${i & 3}]`)
    .join(', ')
}

function digestText(mode: ShaderMode): string {
  const start = `State(${range(8)
    .map((i) => `job.start[${i >> 2}][${i & 3}]`)
    .join(', ')})`
  if (mode === 'register')
    return `    let s = compress(${start}, ${words('last', { 0: 'swap(low)' })});`
  if (mode === 'strided') {
    return `    let s = compress(${start}, ${words('last', { 0: 'swap(low) | 0x80u' })});`
  }
  const changed = {
    14: 'job.before[3][2] | (low & 0xffu)',
    15: '(swap(low) << 8u) | job.high',
  }
  return `    let middle = compress(${start}, ${words('before', changed)});
    let s = compress(middle, ${words('last', {})});`
}

/** SHA-256's compression; each round names its words, and the variables change roles instead of values. */
function compressText(): string {
  const parameters = range(16)
    .map((i) => `w${i}: u32`)
    .join(', ')
  const schedule = range(48).map((k) => {
    const i = k + 16
    return `  let w${i} = s1(w${i - 2}) + w${i - 7} + s0(w${i - 15}) + w${i - 16};`
  })
  const rounds = range(64).map((i) => {
    const name = (role: number) => 'abcdefgh'[(role - i + 64) & 7]
    const [a, b, c, d, e, f, g, h] = range(8).map(name)
    return `  t = ${h} + (ror(${e}, 6u) ^ ror(${e}, 11u) ^ ror(${e}, 25u)) + (${g} ^ (${e} & (${f} ^ ${g}))) + 0x${SHA_CONSTANTS[i]}u + w${i};
  ${d} += t;
  ${h} = t + (ror(${a}, 2u) ^ ror(${a}, 13u) ^ ror(${a}, 22u)) + ((${a} & ${b}) | (${c} & (${a} | ${b})));`
  })
  const variables = [...'abcdefgh'].map((name) => `  var ${name} = start.${name};`)
  const sums = [...'abcdefgh'].map((name) => `start.${name} + ${name}`).join(', ')
  return `fn compress(start: State, ${parameters}) -> State {
${schedule.join('\n')}
${variables.join('\n')}
  var t: u32;
${rounds.join('\n')}
  return State(${sums});
}`
}

function rotated(value: string, by: number): string {
  if (by === 0) return value
  return by < 32 ? `rol(${value}, ${by}u)` : `rol((${value}).yx, ${by - 32}u)`
}

/** Keccak of four lanes, as far as the lane that decides: the first if seals are big-endian, else the fourth. */
function keccakText(little: boolean): string {
  const parity = range(5).map(
    (x) => `c${x} = a${x} ^ a${x + 5} ^ a${x + 10} ^ a${x + 15} ^ a${x + 20};`,
  )
  const difference = range(5).map((x) => `d${x} = c${(x + 4) % 5} ^ rol(c${(x + 1) % 5}, 1u);`)
  // After rho and pi, row y column x holds the lane from column (x + 3y) % 5 of row x.
  const moved = (x: number, y: number) => {
    const column = (x + 3 * y) % 5
    return rotated(`a${column + 5 * x} ^ d${column}`, ROTATIONS[column + 5 * x] ?? 0)
  }
  const rows = range(5).flatMap((y) => range(5).map((x) => `b${x + 5 * y} = ${moved(x, y)};`))
  const chi = range(25).map((i) => {
    const row = i - (i % 5)
    return `a${i} = b${i} ^ (~b${row + ((i + 1) % 5)} & b${row + ((i + 2) % 5)});`
  })
  const last = little
    ? 'let top = b3 ^ (~b4 & b0);\n  return top;'
    : `let top = b0 ^ (~b1 & b2) ^ ${constant(23)};\n  return vec2(swap(top.y), swap(top.x));`
  const declared = (name: string, count: number) =>
    range(count)
      .map((i) => `var ${name}${i} = vec2(0u);`)
      .join(' ')
  return `const RC = array<vec2<u32>, 24>(${range(24).map(constant).join(', ')});

fn rol(x: vec2<u32>, n: u32) -> vec2<u32> {
  if (n == 0u) { return x; }
  return (x << vec2(n)) | (x.yx >> vec2(32u - n));
}

fn seal_top(m0: vec2<u32>, m1: vec2<u32>, m2: vec2<u32>, m3: vec2<u32>) -> vec2<u32> {
  ${declared('a', 25)}
  ${declared('b', 25)}
  ${declared('c', 5)} ${declared('d', 5)}
  a0 = m0; a1 = m1; a2 = m2; a3 = m3;
  a4 = vec2(1u, 0u); a16 = vec2(0u, 0x80000000u);
  for (var round = 0u; round < 23u; round++) {
    ${parity.join(' ')}
    ${difference.join(' ')}
    ${rows.join('\n    ')}
    ${chi.join('\n    ')}
    a0 ^= RC[round];
  }
  ${parity.join(' ')}
  ${difference.join(' ')}
  ${(little ? [0, 3, 4] : [0, 1, 2]).map((x) => `b${x} = ${moved(x, 0)};`).join(' ')}
  ${last}
}`
}

function constant(round: number): string {
  const digits = ROUND_CONSTANTS[round] ?? ''
  return `vec2(0x${digits.slice(8)}u, 0x${digits.slice(0, 8)}u)`
}
