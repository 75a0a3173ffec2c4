/** What was asked for is so already: nothing is sent, and that is no failure. */
import { describe, expect, it } from 'vitest'
import { dtaoChain } from '../support/dtaoChain.js'
import { BOB } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

describe('asking for what is so already', () => {
  it.each([
    ['set_take -w alice -H validator --take 9', 'the take of validator is 9.00 % already'],
    ['claim_set -w alice --type keep', 'root dividends of alice are kept as alpha'],
    ['axon_set -w alice -H validator -n 1 --ip 8.8.8.8 --port 8091', 'has 8.8.8.8 port 8091'],
    ['auto_stake_set -w alice -H validator -n 1', 'mining rewards go to validator already'],
    ['associate_hotkey -w alice -H fresh', 'fresh belongs to alice already'],
    [`proxy_add -w alice --delegate ${BOB} --type Staking`, 'is such a proxy already'],
  ])('%s', async (line, reason) => {
    const { given, localnet } = await dtaoChain()
    expect(await run(`${line} -y`, given)).toMatchObject({ code: 0 })
    const block = localnet.head.number
    const again = await run(`${line} -y --json`, given)
    expect(again.code).toBe(0)
    const { data } = documentOf(again)
    expect(data).toEqual({ unchanged: true, reason: expect.any(String), extrinsicHash: null })
    expect(data.reason).toContain(reason)
    const text = await run(line, { ...given, tty: true })
    expect(text).toMatchObject({ code: 0, questions: [] })
    expect(text.stdout).toContain(`✔ Nothing to do: ${data.reason}.\n`)
    expect(localnet.head.number).toBe(block)
  })
})
