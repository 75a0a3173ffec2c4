/** Commands that sign while the chain is upgraded from classic to dTAO: nothing may be sent that was not meant. */
import { describe, expect, test } from 'vitest'
import { readFreeBalance } from '../../src/core/chain/balances.js'
import { connect } from '../../src/core/chain/connect.js'
import type { ChainClient } from '../../src/core/chain/types.js'
import { freshChain } from '../support/chain.js'
import type { Answer } from '../support/context.js'
import { NOBODY } from '../support/devAccounts.js'
import { devHome } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const home = devHome({
  alice: { uri: '//Alice', hotkeys: { validator: '//Alice//validator' } },
})

/** When the upgrade comes: while somebody thinks about the question, before the signature, or after it. */
type Moment = 'question' | 'signature' | 'sending'

/** How often the version is looked at until then, reads aside: after the question, and before the signature. */
const LOOKS: Readonly<Record<Moment, number>> = { question: 1, signature: 2, sending: 0 }

/** A chain that is upgraded at a moment of the command that connects to it. */
async function world(moment: Moment) {
  const { localnet, head } = await freshChain({ blocks: 'instant' })
  let looks = 0
  let isReading = false
  const chain = async () => {
    const client = await connect({ network: 'local', provider: localnet.provider() })
    const { at, refreshRuntime, subscribe } = client
    const hooks: Pick<ChainClient, 'at' | 'refreshRuntime' | 'subscribe'> = {
      async at(block) {
        isReading = true
        const view = await at.call(client, block)
        isReading = false
        return view
      },
      async refreshRuntime() {
        if (!isReading) looks++
        if (!isReading && looks === LOOKS[moment]) {
          await localnet.upgrade()
        }
        return refreshRuntime.call(client)
      },
      async subscribe(method, ...rest) {
        if (moment === 'sending' && method.startsWith('author_')) await localnet.upgrade()
        return subscribe(method, ...rest)
      },
    }
    return Object.assign(client, hooks)
  }
  const command = async (line: string, prompts?: readonly Answer[]) =>
    run(line, { chain, home: await home, ...(prompts ? { prompts } : {}) })
  /** How many transactions the chain has taken. */
  const taken = async () => {
    let count = 0
    for (let block = 1; block <= localnet.head.number; block++) {
      const hash = await localnet.request('chain_getBlockHash', [block])
      const { block: found } = await localnet.request<{ block: { extrinsics: string[] } }>(
        'chain_getBlock',
        [hash],
      )
      count += found.extrinsics.length - 1
    }
    return count
  }
  return { localnet, head, command, taken }
}

const TRANSFER = `transfer -w alice -d ${NOBODY} -a 1.5`

describe('a transfer', () => {
  test('is asked about again when the upgrade comes with the question', async () => {
    const { command, head, taken } = await world('question')
    const result = await command(TRANSFER, [
      [/Send τ1.5/, true],
      [/Send τ1.5/, true],
    ])
    expect(result).toMatchObject({ code: 0 })
    expect(result.stderr).toContain(
      'the chain was upgraded to spec 343 meanwhile; please look again',
    )
    expect(result.stderr).toMatch(/spec 143[\s\S]*spec 343/)
    expect(await taken()).toBe(1)
    expect(await readFreeBalance(await head(), NOBODY)).toBe(1_500_000_000n)
  })

  test('is nothing when the answer is then no', async () => {
    const { command, taken } = await world('question')
    const result = await command(TRANSFER, [
      [/Send τ1.5/, true],
      [/Send τ1.5/, false],
    ])
    expect(result.code).toBe(4)
    expect(result.stderr).toContain('nothing was sent')
    expect(await taken()).toBe(0)
  })

  test('is made anew for the new runtime, or not at all, when the upgrade comes before the signature', async () => {
    const { command, taken, head } = await world('signature')
    const result = documentOf(await command(`${TRANSFER} -y --json`))
    const sent = result.ok ? 1 : 0
    if (!result.ok) expect(JSON.stringify(result.error)).toContain('nothing was sent')
    expect(await taken()).toBe(sent)
    const expected = sent === 1 ? 1_500_000_000n : 0n
    expect(await readFreeBalance(await head(), NOBODY)).toBe(expected)
  })

  test('is refused by the node when it was signed for the old runtime', async () => {
    const { command, taken, head } = await world('sending')
    const result = documentOf(await command(`${TRANSFER} -y --json`))
    expect(result).toMatchObject({ ok: false, error: { details: { sent: false } } })
    expect(JSON.stringify(result.error)).toContain('upgraded')
    expect(JSON.stringify(result.error)).toContain('nothing was sent')
    expect(await taken()).toBe(0)
    expect(await readFreeBalance(await head(), NOBODY)).toBe(0n)
  })
})

test('stake that belonged to no subnet is not staked anywhere by the new runtime', async () => {
  for (const moment of ['question', 'signature', 'sending'] as const) {
    const { command, taken } = await world(moment)
    const result = await command('stake -w alice -H validator -a 5 -y --json')
    const { ok, error } = documentOf(result)
    expect({ moment, ok }).toEqual({ moment, ok: false })
    expect(JSON.stringify(error)).toContain('nothing was sent')
    expect(await taken()).toBe(0)
  }
})

test('a file that was written before the upgrade is signed by its own metadata, and not sent after it', async () => {
  const { localnet, command, taken } = await world('sending')
  const folder = await home
  expect(await command(`${TRANSFER} --unsigned t.json -y`)).toMatchObject({ code: 0 })
  await localnet.upgrade()
  const signed = await run('sign_tx t.json -w alice -y --allow_unchecked_metadata', {
    home: folder,
  })
  expect(signed).toMatchObject({ code: 0 })
  const sent = documentOf(await command('submit t.signed.json -y --json'))
  expect(sent.ok).toBe(false)
  expect(JSON.stringify(sent.error)).toMatch(/143[\s\S]*343|343[\s\S]*143/)
  expect(await taken()).toBe(0)
})

describe('in the block that brings the runtime', () => {
  async function there() {
    const faults = [{ kind: 'runtime-upgrade', at: 2 }] as const
    const made = await freshChain({ blocks: 'manual', faults })
    await made.localnet.advance(2)
    return { ...made, given: { chain: made.chain, home: await home } }
  }

  test('a transfer is made for the new runtime, which runs it', async () => {
    const { localnet, head, given } = await there()
    const running = run(`${TRANSFER} -y --json`, given)
    const waiting = () => localnet.request<string[]>('author_pendingExtrinsics')
    await expect.poll(waiting).toHaveLength(1)
    await localnet.advance()
    expect(documentOf(await running)).toMatchObject({ ok: true, data: { blockNumber: 3 } })
    expect(await readFreeBalance(await head(), NOBODY)).toBe(1_500_000_000n)
  })

  test('stake needs a subnet already', async () => {
    const { given } = await there()
    const result = documentOf(await run('stake -w alice -H validator -a 5 -y --json', given))
    expect(result).toMatchObject({ ok: false, error: { code: 'MISSING_INPUT' } })
    expect(result.error.message).toContain('--netuid is missing')
  })
})
