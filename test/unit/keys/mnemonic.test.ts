import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/core/keys/hex.js'
import {
  generateMnemonic,
  mnemonicToSeed,
  normalizeMnemonic,
  validateMnemonic,
  WORD_COUNTS,
} from '../../../src/core/keys/mnemonic.js'
import { vectors } from '../../support/walletVectors.js'

const phrase = vectors.keys['plain']?.mnemonic as string
const words = phrase.split(' ')

describe('mnemonic', () => {
  it('gives the recorded seed for every recorded mnemonic', async () => {
    const known = Object.values(vectors.keys).filter((key) => key.mnemonic !== null)
    expect(new Set(known.map((key) => key.words))).toEqual(new Set(WORD_COUNTS))
    for (const key of known) {
      expect(toHex(await mnemonicToSeed(key.mnemonic as string))).toBe(key.secretSeed)
    }
  })

  for (const { mnemonic, why } of vectors.invalidMnemonics) {
    it(`refuses: ${why}`, async () => {
      await expect(validateMnemonic(mnemonic)).rejects.toMatchObject({ code: 'USAGE' })
    })
  }

  it('says where the trouble is and repeats no word', async () => {
    const wrong = [...words.slice(0, 4), 'qqqq', ...words.slice(5)]
    const error = await validateMnemonic(wrong).catch((caught: unknown) => caught as Error)
    expect(String(error)).toContain('word 5 of the mnemonic')
    for (const word of wrong.filter((candidate) => candidate !== 'word')) {
      expect(JSON.stringify(error)).not.toContain(word)
    }
  })

  const numbered = words.map((word, index) => `${index + 1}-${word}`)
  const accepted: readonly [string, string | readonly string[]][] = [
    ['separate words', words],
    ['one quoted argument', [phrase]],
    ['quotes inside', `"${phrase}"`],
    ['upper case and tabs', `  ${phrase.toUpperCase().replaceAll(' ', ' \t\n ')} `],
    ['commas', words.join(', ')],
    ['numbered', numbered],
    ['numbered in another order', numbered.toReversed()],
    ['1. word', words.map((word, index) => `${index + 1}. ${word}`).join('\n')],
    ['1) word', words.map((word, index) => `${index + 1})${word}`)],
    ['1 word', words.map((word, index) => `${index + 1} ${word}`)],
  ]
  for (const [name, input] of accepted) {
    it(`accepts: ${name}`, async () => {
      expect(await validateMnemonic(input)).toBe(phrase)
    })
  }

  it.each([
    ['a gap in the numbers', numbered.toSpliced(3, 1)],
    ['a number twice', numbered.with(3, `3-${words[3]}`)],
    ['a word without number', numbered.with(3, words[3] as string)],
    ['a number without word', [...words, '13']],
  ])('refuses %s', (_, input) => {
    expect(() => normalizeMnemonic(input)).toThrow('numbered list')
  })

  it('generates valid mnemonics of every length, from the given entropy', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...WORD_COUNTS),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        async (count, entropy) => {
          const made = await generateMnemonic(count, (length) => entropy.slice(0, length))
          expect(made.split(' ')).toHaveLength(count)
          expect(await validateMnemonic(made)).toBe(made)
          expect(await generateMnemonic(count, (length) => entropy.slice(0, length))).toBe(made)
        },
      ),
      { numRuns: 50 },
    )
    expect(await generateMnemonic()).not.toBe(await generateMnemonic())
  })
})
