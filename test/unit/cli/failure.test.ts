import { describe, expect, it } from 'vitest'
import { failureText } from '../../../src/cli/failure.js'
import { plainStyle } from '../../../src/cli/style.js'
import { BittensorError } from '../../../src/core/errors.js'

const told = (hint: string, columns: number) =>
  failureText(new BittensorError('USAGE', 'no', { hint }), {
    style: plainStyle(),
    columns,
    version: '1.0.0',
    verbose: false,
    debug: false,
  })

describe('a hint', () => {
  const prose = 'set BT_WALLET_PASSWORD, or use --password_file for a key in a file'
  const command = 'btcli recycle_register --netuid 1 --wallet.name alice --wallet.hotkey miner'

  it('breaks between words on a terminal', () => {
    expect(told(prose, 40)).toBe(
      'error: no\n\nhint: set BT_WALLET_PASSWORD, or use\n      --password_file for a key in a\n      file\n',
    )
  })

  it('that is a command stays one for a shell', () => {
    const text = told(command, 50)
    expect(text).toBe(
      'error: no\n\nhint: btcli recycle_register --netuid 1 \\\n        --wallet.name alice \\\n        --wallet.hotkey miner\n',
    )
    expect(told(`${command} shows it`, 50)).not.toContain('\\')
  })

  it('stays whole in a pipe', () => {
    expect(told(prose, Number.POSITIVE_INFINITY)).toBe(`error: no\n\nhint: ${prose}\n`)
  })
})
