import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitted, prose, widthOf } from '../../../src/cli/text.js'

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

test('a command that does not fit breaks between its words, and a shell still takes it', () => {
  const line = "  btcli set_weights -w 'my wallet' --netuid 1 --uids 6 7 8 -y"
  const shown = fitted(`To do it:\n${line}`, 34)
  expect(shown).toBe(
    "To do it:\n  btcli set_weights \\\n    -w 'my wallet' --netuid 1 \\\n    --uids 6 7 8 -y",
  )
  for (const columns of [24, 25, 26, 27, 28, 29, 30]) {
    const widths = fitted(line, columns).split('\n').map(widthOf)
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns)
  }
  expect(fitted(line, Number.POSITIVE_INFINITY)).toBe(line)
  const several = 'btcli multisig_list --threshold 2 --signatories wallet:alice @treasury 0x12'
  expect(fitted(several, 60)).toBe(
    'btcli multisig_list --threshold 2 \\\n  --signatories wallet:alice @treasury 0x12',
  )
  expect(fitted('btcli list shows all of them there are', 20)).not.toContain('\\')
})

test('what fits no line stays where it begins', () => {
  expect(prose(`hash  ${'x'.repeat(30)} end`, 20)).toBe(`hash  ${'x'.repeat(30)}\nend`)
})
