/** Mnemonics: BIP39 English words, and the seed that Substrate makes of them. No error ever repeats a word. */
import { sha256 } from '@noble/hashes/sha2.js'
import { BittensorError } from '../errors.js'
import { partOf } from './crypto.js'

/** Numbers of words that a mnemonic may have. */
export const WORD_COUNTS = [12, 15, 18, 21, 24] as const

/** 12, 15, 18, 21 or 24. */
export type WordCount = (typeof WORD_COUNTS)[number]

const BITS_PER_WORD = 11
const MINI_SECRET_BYTES = 32

/**
 * A new mnemonic.
 * @param random where its 16 to 32 bytes of entropy come from; the system's generator unless told otherwise
 * @example
 * await generateMnemonic(12) // twelve words, one space between
 */
export async function generateMnemonic(
  words: WordCount = 12,
  random: (length: number) => Uint8Array = (length) =>
    crypto.getRandomValues(new Uint8Array(length)),
): Promise<string> {
  const entropy = random((words / 3) * 4)
  const bits = toBits(entropy) + checksumBits(entropy)
  const list = await wordList()
  const indices = bits.match(new RegExp(`.{${BITS_PER_WORD}}`, 'g')) ?? []
  return indices.map((index) => list[Number.parseInt(index, 2)]).join(' ')
}

/**
 * Tidies a mnemonic as people type or paste it: any case and spacing, quotes, commas, and lists numbered from 1 in any
 * order (`2. zoo 1. apple`, `1-apple`, `1 apple 2 zoo`). Does not check it; see {@link validateMnemonic}.
 * @throws {BittensorError} `USAGE` when the numbers of a list are not 1, 2, 3 and so on.
 * @example
 * normalizeMnemonic('  "Speed  WALK play" ') // 'speed walk play'
 */
export function normalizeMnemonic(input: string | readonly string[]): string {
  const text = (typeof input === 'string' ? input : input.join(' ')).normalize('NFKD').toLowerCase()
  const tokens = text.split(/[\s,;"'`“”‘’„]+/u).filter((token) => token !== '')
  if (!tokens.some((token) => /^\d/.test(token))) return tokens.join(' ')
  return sortNumbered(tokens)
}

/** `1-apple`, `1.apple`, `1)` `apple`, `1` `apple` … into the order of the numbers. */
function sortNumbered(tokens: readonly string[]): string {
  const words = new Map<number, string>()
  let number: number | undefined
  for (const token of tokens) {
    const [, digits, word] = /^(\d{0,3})[-.:)_]*(.*)$/.exec(token) ?? []
    if (digits) number = Number(digits)
    if (!word) continue
    if (number === undefined || words.has(number)) throw badNumbers()
    words.set(number, word)
    number = undefined
  }
  const ordered = Array.from(words, (_, index) => words.get(index + 1))
  if (number !== undefined || ordered.includes(undefined)) throw badNumbers()
  return ordered.join(' ')
}

function badNumbers(): BittensorError {
  return new BittensorError(
    'USAGE',
    'the mnemonic is a numbered list whose numbers are not 1, 2, 3 and so on',
  )
}

/**
 * Checks a mnemonic after {@link normalizeMnemonic}.
 * @returns the tidied phrase, words separated by one space
 * @throws {BittensorError} `USAGE`: number of words, position of an unknown word, or checksum.
 * @example
 * await validateMnemonic('Bottom drive obey lake curtain smoke basket hold race lonely fit walk')
 */
export async function validateMnemonic(input: string | readonly string[]): Promise<string> {
  const phrase = normalizeMnemonic(input)
  await mnemonicToEntropy(phrase)
  return phrase
}

/**
 * The seed of a mnemonic as Substrate derives it: from the entropy, not from the sentence as BIP39 does.
 * @param passphrase the part after `///` of a key URI; empty for ordinary wallets
 * @returns 32 bytes
 * @throws {BittensorError} `USAGE` as {@link validateMnemonic}.
 */
export async function mnemonicToSeed(phrase: string, passphrase = ''): Promise<Uint8Array> {
  const entropy = await mnemonicToEntropy(phrase)
  const salt = `mnemonic${passphrase.normalize('NFKD')}`
  const key = await crypto.subtle.importKey('raw', entropy, 'PBKDF2', false, ['deriveBits'])
  const how = {
    name: 'PBKDF2',
    hash: 'SHA-512',
    salt: new TextEncoder().encode(salt),
    iterations: 2048,
  }
  // The first half of 64 bytes.
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 8 * MINI_SECRET_BYTES))
}

async function mnemonicToEntropy(phrase: string): Promise<Uint8Array> {
  const words = phrase === '' ? [] : phrase.split(' ')
  if (!WORD_COUNTS.some((count) => count === words.length)) {
    throw new BittensorError(
      'USAGE',
      `a mnemonic has 12, 15, 18, 21 or 24 words, this one has ${words.length}`,
    )
  }
  const positions = await wordPositions()
  const bits = words.map((word, index) => {
    const position = positions.get(word)
    if (position === undefined) throw unknownWord(index + 1)
    return position.toString(2).padStart(BITS_PER_WORD, '0')
  })
  const all = bits.join('')
  const entropyBits = Math.floor(all.length / 33) * 32
  const entropy = Uint8Array.from(all.slice(0, entropyBits).match(/.{8}/g) ?? [], (byte) =>
    Number.parseInt(byte, 2),
  )
  if (checksumBits(entropy) !== all.slice(entropyBits)) {
    throw new BittensorError('USAGE', 'the mnemonic is not valid: its checksum is wrong', {
      hint: 'all words exist, so one of them is another word than it was, or two are swapped',
    })
  }
  return entropy
}

function unknownWord(position: number): BittensorError {
  return new BittensorError('USAGE', `word ${position} of the mnemonic is not in the word list`, {
    hint: 'check its spelling; the words are those of the English BIP39 list',
  })
}

function toBits(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
}

function checksumBits(entropy: Uint8Array): string {
  return toBits(sha256(entropy)).slice(0, (entropy.length * 8) / 32)
}

async function wordList(): Promise<readonly string[]> {
  return (await partOf(() => import('@polkadot/util-crypto/mnemonic/wordlists/en'))).default
}

async function wordPositions(): Promise<ReadonlyMap<string, number>> {
  return new Map((await wordList()).map((word, index) => [word, index]))
}
