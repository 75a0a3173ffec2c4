import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prose, widthOf } from '../../../src/cli/text.js'

test('prose wraps each line at spaces, under its own indentation', () => {
  const text = 'one two three four\n  five six seven eight'
  expect(prose(text, 14)).toBe('one two three\nfour\n  five six\n  seven\n  eight')
})

test('prose leaves pipes alone', () => {
  expect(prose('one two three', Number.POSITIVE_INFINITY)).toBe('one two three')
})

test('prose keeps every word, and no line is wider than the terminal unless a word is', () => {
  const words = fc.array(fc.stringMatching(/^[a-zτ]{1,12}$/), { minLength: 1 })
  fc.assert(
    fc.property(words, fc.integer({ min: 12, max: 100 }), (words, columns) => {
      const lines = prose(words.join(' '), columns).split('\n')
      expect(lines.join(' ')).toBe(words.join(' '))
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns)
    }),
  )
})
