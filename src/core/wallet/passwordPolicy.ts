/**
 * The rule for choosing a password, as bittensor 5.3.1 had it (Python package password_strength 0.0.3): length, entropy
 * and a score lowered by repetitions and keyboard sequences. It is never applied to unlocking.
 */

/** Why a password is refused. */
export type PasswordWeakness = 'too-short' | 'repeats-or-sequences' | 'too-little-variety'

const MIN_LENGTH = 6
const MIN_ENTROPY_BITS = 10
const MIN_STRENGTH = 0.2

/** A score of a third at 30 bits, rising towards one above. */
const WEAK_BITS = 30
const WEAK_STRENGTH = 0.333333333
const DECAY_PER_BIT = -Math.log2(0.05 / 0.666666667) / (WEAK_BITS * 3)

const FORWARD = [
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '~!@#$%^&*()_+-=',
  '01234567890',
].join('')
const SEQUENCES = FORWARD + [...FORWARD].reverse().join('')

const SENTENCES: Readonly<Record<PasswordWeakness, string>> = {
  'too-short': `it has fewer than ${MIN_LENGTH} characters`,
  'repeats-or-sequences': 'too much of it is repeated or sequential characters',
  'too-little-variety': 'it has too little variety',
}

/**
 * Judges a new password.
 * @returns undefined when it is good enough, else the reason and a sentence without the password
 * @example
 * passwordWeakness('hotkey')?.sentence // 'it has too little variety'
 */
export function passwordWeakness(
  password: string,
): { reason: PasswordWeakness; sentence: string } | undefined {
  const reason = findWeakness([...password])
  return reason && { reason, sentence: SENTENCES[reason] }
}

function findWeakness(characters: readonly string[]): PasswordWeakness | undefined {
  if (characters.length < MIN_LENGTH) return 'too-short'
  const { entropyBits, strength, strengthBits } = passwordScore(characters)
  if (entropyBits < MIN_ENTROPY_BITS || strengthBits < MIN_STRENGTH) return 'too-little-variety'
  return strength < MIN_STRENGTH ? 'repeats-or-sequences' : undefined
}

/** The numbers behind the verdict: entropy in bits, the score of the entropy alone, and the final score. */
export function passwordScore(characters: readonly string[]): {
  entropyBits: number
  strengthBits: number
  strength: number
} {
  const length = characters.length
  const entropyBits = length === 0 ? 0 : length * Math.log2(new Set(characters).size)
  const strengthBits = scoreOfBits(entropyBits)
  const weak = repeatedLength(characters) + sequentialLength(characters)
  const weakness = length === 0 ? 0 : Math.min(1, weak / length)
  return { entropyBits, strengthBits, strength: (1 - weakness) * strengthBits }
}

function scoreOfBits(bits: number): number {
  if (bits <= WEAK_BITS) return (WEAK_STRENGTH * bits) / WEAK_BITS
  return 1 - (1 - WEAK_STRENGTH) * 2 ** (-DECAY_PER_BIT * (bits - WEAK_BITS))
}

/** Characters in groups that follow themselves at once, such as `abab` or `111`, whatever their case. */
function repeatedLength(characters: readonly string[]): number {
  const groups = characters.join('').match(/(.+?)\1+/gisu) ?? []
  return groups.reduce((total, group) => total + [...group].length, 0)
}

/** Characters in runs of three or more along the alphabet, the keyboard or the digits, forwards or backwards. */
function sequentialLength(characters: readonly string[]): number {
  let total = 0
  let start = 0
  while (start < characters.length) {
    let end = start + 1
    while (end < characters.length && SEQUENCES.includes(characters.slice(start, end + 1).join('')))
      end++
    const isKnown = SEQUENCES.includes(characters[start] ?? '')
    const run = isKnown ? end - start : 0
    if (run > 2) total += run
    start += Math.max(1, run)
  }
  return total
}
