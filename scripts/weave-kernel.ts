/**
 * Writes the part of the proof-of-work kernel in which plain integers are hashed between vectors, statement by statement: the
 * end of src/core/pow/assembly/woven.as, in AssemblyScript. The names are those of kernel.as and woven.as.
 */

/** Keccak's rotations by lane: FIPS 202, section 3.2.2. */
const ROTATIONS = [
  0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
]
const FIVE = [0, 1, 2, 3, 4] as const

/** Both functions: compressWoven and sealTopWoven. */
export function wovenFunctions(): string {
  return `
/** SHA-256's compression of four nonces from START to DIGEST, and half the rounds of the plain nonce from a word on. */
function compressWoven(plain: usize): void {
  let a = word(START, 0), b = word(START, 1), c = word(START, 2), d = word(START, 3)
  let e = word(START, 4), f = word(START, 5), g = word(START, 6), h = word(START, 7)
  let t: Word, x: Word, y: Word = xor(b, c)
  for (let at: usize = 0; at < 64 * WORD; at += 8 * WORD, plain += 4 * 4) {
    ${weave(vectorShaRounds(), plainShaRounds())}
  }
  ${[...'abcdefgh'].map((name, i) => `storeWord(DIGEST + ${i} * WORD, add(${name}, word(START, ${i})))`).join('\n  ')}
}

/**
 * The top 64 bits, as a number, of the Keccak-256 hash of four lanes; and six rounds of the plain state, whose constants
 * begin at an offset.
 */
function sealTopWoven(message: usize, little: u32, plain: usize): Lane {
  let c0 = lane(message, 0), c1 = lane(message, 1), c2 = lane(message, 2), c3 = lane(message, 3), c4 = splatLane(1)
  ${[0, 1, 2, 3].map((i) => `storeLane(PADDED + ${i} * LANE, c${i})`).join('; ')}
  c1 = xorLanes(c1, splatLane(0x8000000000000000))
  let b0: Lane, b1: Lane, b2: Lane, b3: Lane, b4: Lane, t: Lane
  let plainFrom = PLAIN_FROM, plainTo = PLAIN_TO
  ${keccakRounds(['PADDED', 'EVEN', 'ODD', 'EVEN'], 'ROUND_CONSTANTS')}
  for (let at: usize = 3 * 8; at < 23 * 8; at += 4 * 8) {
    ${keccakRounds(['EVEN', 'ODD', 'EVEN', 'ODD', 'EVEN'], 'at + ROUND_CONSTANTS')}
  }
  return decidingLane(EVEN, c0, c1, c2, c3, c4, little)
}
`
}

/** Rounds in vectors from each state to the next, one plain round between them. */
function keccakRounds(states: readonly string[], constants: string): string {
  const rounds = states
    .slice(1)
    .flatMap((to, i) => vectorKeccakRound(i, states[i] ?? '', to, constants))
  return `{
    ${weave(rounds, plainKeccakRound())}
    const swapped = plainFrom; plainFrom = plainTo; plainTo = swapped; plain += 8
  }`
}

/** The statements of both in their orders, those of the second spread evenly. */
function weave(first: readonly string[], second: readonly string[]): string {
  const upTo = (i: number) => Math.floor((i * second.length) / first.length)
  return first
    .flatMap((statement, i) => [statement, ...second.slice(upTo(i), upTo(i + 1))])
    .join('\n    ')
}

/** Eight rounds, as in kernel.as. */
function vectorShaRounds(): string[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].flatMap((i) => {
    const [a, b, , d, e, f, g, h] = [...'abcdefgh'].map((_, k, names) => names[(k - i + 8) % 8])
    const [ab, bc] = i % 2 ? ['y', 'x'] : ['x', 'y']
    const input = `add(v128.load(at, SCHEDULE + ${i * 16}), v128.load(at, CONSTANTS + ${i * 16}))`
    return [
      `t = temporary1(${e}, ${f}, ${g}, ${h}, ${input})`,
      `${d} = add(${d}, t)`,
      `${ab} = xor(${a}, ${b})`,
      `${h} = add(t, temporary2(${a}, ${b}, ${ab}, ${bc}))`,
    ]
  })
}

/** Four rounds. */
function plainShaRounds(): string[] {
  const state = FIVE.slice(0, 4).flatMap((i) => [
    `const e${i} = load<u32>(plain, PLAIN_E + ${i * 4})`,
    `const a${i} = load<u32>(plain, PLAIN_A + ${i * 4})`,
  ])
  const rotated = (x: string, first: number, second: number, third: number) =>
    `rotr<u32>(rotr<u32>(rotr<u32>(${x}, ${third - second}) ^ ${x}, ${second - first}) ^ ${x}, ${first})`
  const rounds = FIVE.slice(0, 4).flatMap((i) => {
    const [h, g, f, e] = FIVE.map((k) => `e${i + k}`)
    const [d, , b, a] = FIVE.map((k) => `a${i + k}`)
    const at = (word: number) => `load<u32>(plain, PLAIN_SCHEDULE + ${(i + word) * 4})`
    return [
      `const t${i} = ${h} + ${at(0)} + load<u32>(plain, SHA_CONSTANTS + ${i * 4}) + (((${f} ^ ${g}) & ${e}) ^ ${g}) + ${rotated(e ?? '', 6, 11, 25)}`,
      `const e${i + 4} = ${d} + t${i}`,
      `store<u32>(plain, e${i + 4}, PLAIN_E + ${(i + 4) * 4})`,
      `const ab${i + 1} = ${a} ^ ${b}`,
      `const a${i + 4} = t${i} + (${b} ^ (ab${i + 1} & ab${i})) + ${rotated(a ?? '', 2, 13, 22)}`,
      `store<u32>(plain, a${i + 4}, PLAIN_A + ${(i + 4) * 4})`,
    ]
  })
  return [...state, 'const ab0 = a2 ^ a1', ...rounds]
}

/** The lane that comes to place x of a row. */
function source(row: number, x: number): number {
  return ((x + 3 * row) % 5) + 5 * x
}

/** As in kernel.as: the column parities c0 to c4 go in and come out. `n` tells the rounds of a function apart. */
function vectorKeccakRound(n: number, from: string, to: string, constants: string): string[] {
  const differences = FIVE.map(
    (x) => `const d${n}${x} = xorLanes(c${(x + 4) % 5}, rotateLeftOne(c${(x + 1) % 5}))`,
  )
  const rows = FIVE.flatMap((row) => [
    ...FIVE.map((x) => {
      const i = source(row, x)
      return `b${x} = ${vectorRotation(`xorLanes(lane(${from}, ${i}), d${n}${i % 5})`, ROTATIONS[i] ?? 0)}`
    }),
    ...FIVE.map((x) => {
      const chi = `xorLanes(b${x}, without(b${(x + 1) % 5}, b${(x + 2) % 5}))`
      const constant = `v128.load64_splat(${constants}, ${n * 8})`
      return [
        `t = ${row + x === 0 ? `xorLanes(${chi}, ${constant})` : chi}`,
        `storeLane(${to} + ${row * 5 + x} * LANE, t)`,
        `c${x} = ${row === 0 ? 't' : `xorLanes(c${x}, t)`}`,
      ].join('; ')
    }),
  ])
  return [...differences, ...rows]
}

function vectorRotation(value: string, by: number): string {
  if (by === 0) return value
  if (by === 1) return `rotateLeftOne(${value})`
  if (by === 8 || by === 56) return `rotateLeft${by}(${value})`
  return `rotateLeft(${value}, ${by})`
}

/**
 * Chi by row, where the state holds the complement of the lanes 1, 2, 8, 12, 17 and 20: plain integers have no "and not", and
 * this way a round has five "not", n of one lane of each row, in place of 25.
 */
const PLAIN_CHI = [
  {
    n: 2,
    chi: ['b0 ^ (b1 | b2)', 'b1 ^ (n | b3)', 'b2 ^ (b3 & b4)', 'b3 ^ (b4 | b0)', 'b4 ^ (b0 & b1)'],
  },
  {
    n: 4,
    chi: ['b0 ^ (b1 | b2)', 'b1 ^ (b2 & b3)', 'b2 ^ (b3 | n)', 'b3 ^ (b4 | b0)', 'b4 ^ (b0 & b1)'],
  },
  {
    n: 3,
    chi: ['b0 ^ (b1 | b2)', 'b1 ^ (b2 & b3)', 'b2 ^ (n & b4)', 'n ^ (b4 | b0)', 'b4 ^ (b0 & b1)'],
  },
  {
    n: 3,
    chi: ['b0 ^ (b1 & b2)', 'b1 ^ (b2 | b3)', 'b2 ^ (n | b4)', 'n ^ (b4 & b0)', 'b4 ^ (b0 | b1)'],
  },
  {
    n: 1,
    chi: ['b0 ^ (n & b2)', 'n ^ (b2 | b3)', 'b2 ^ (b3 & b4)', 'b3 ^ (b4 | b0)', 'b4 ^ (b0 & b1)'],
  },
]

/** From plainFrom to plainTo. */
function plainKeccakRound(): string[] {
  const at = (i: number) => `load<u64>(plainFrom, ${i * 8})`
  const parities = FIVE.map(
    (x) => `const p${x} = ${FIVE.map((row) => at(row * 5 + x)).join(' ^ ')}`,
  )
  const differences = FIVE.map(
    (x) => `const d${x} = p${(x + 4) % 5} ^ rotl<u64>(p${(x + 1) % 5}, 1)`,
  )
  const rows = PLAIN_CHI.flatMap(({ n, chi }, row) => {
    const named = (text: string) => text.replaceAll(/[bn]/g, (letter) => `${letter}${row}`)
    return [
      ...FIVE.map((x) => {
        const i = source(row, x)
        return `const b${row}${x} = rotl<u64>(${at(i)} ^ d${i % 5}, ${ROTATIONS[i]})`
      }),
      `const n${row} = ~b${row}${n}`,
      ...chi.map((text, x) => {
        const value =
          row + x === 0 ? `(${named(text)}) ^ load<u64>(plain, ROUND_CONSTANTS)` : named(text)
        return `store<u64>(plainTo, ${value}, ${(row * 5 + x) * 8})`
      }),
    ]
  })
  return [...parities, ...differences, ...rows]
}
