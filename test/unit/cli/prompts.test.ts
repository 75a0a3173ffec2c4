import { describe, expect, it } from 'vitest'
import { questionText } from '../../../src/cli/prompts.js'

describe('a question', () => {
  const path = '/home/alice/.bittensor/wallets/alice/coldkey'

  it('breaks between words and leaves room for a letter; later lines stand under the first', () => {
    const message = `File ${path} already exists. Overwrite it? A copy of the old file is kept`
    expect(questionText(message, { tail: '[y/N]', columns: 60 })).toBe(
      [
        `File ${path} already`,
        'exists. Overwrite it? A copy of the old file is kept',
        '[y/N]',
      ].join('\n  '),
    )
  })

  it('stays in one line where it fits', () => {
    expect(questionText('Enter wallet name', { default: 'default', columns: 80 })).toBe(
      'Enter wallet name',
    )
  })

  it('leaves room for the default answer, which comes after it and a space', () => {
    const long = 'x'.repeat(48)
    const message = 'Enter the address of the hotkey that owns it'
    const lines = 'Enter the address of the hotkey that owns\n  it'
    expect(questionText(message, { default: long, columns: 80 })).toBe(lines)
    expect(questionText(message, { default: long, columns: 97 })).toBe(message)
  })

  it('is measured in columns and has no control characters', () => {
    expect(questionText('鍵'.repeat(10), { default: 'x', columns: 40 })).toBe('鍵'.repeat(10))
    expect(questionText('a\u001b[2Jb', { columns: 40 })).toBe('a[2Jb')
  })
})
