/** What stands in the way of a registration by proof of work, on runtimes of which there is no metadata. */
import { expect, it } from 'vitest'
import type { Description } from '../../../src/core/chain/description.js'
import type {
  Call,
  ChainClient,
  ChainView,
  SignedTransaction,
} from '../../../src/core/chain/types.js'
import { BittensorError } from '../../../src/core/errors.js'
import { verdictOf } from '../../../src/core/plans/proofs.js'
import { checkRegistration } from '../../../src/core/plans/registerChecks.js'
import { tryProof } from '../../../src/core/plans/trial.js'
import { NOBODY } from '../../support/devAccounts.js'
import { descriptionOf } from '../chain/recordedChain.js'

const WHO = { netuid: 5, hotkey: NOBODY, coldkey: NOBODY }

/** Spec 475: proofs are open, recycling is closed, and the quotas of old are stored still, used up. */
const STORED: Readonly<Record<string, unknown>> = {
  NetworksAdded: true,
  Owner: undefined,
  Uids: undefined,
  NetworkPowRegistrationAllowed: true,
  NetworkRegistrationAllowed: false,
  MaxRegistrationsPerBlock: 1,
  RegistrationsThisBlock: 0,
  RegistrationsThisInterval: 9,
  TargetRegistrationsPerInterval: 1,
  LastAdjustmentBlock: 1,
  AdjustmentInterval: 100,
  BurnHalfLife: 360,
}

function newest(stored: Readonly<Record<string, unknown>> = {}): ChainClient {
  const items = { ...STORED, ...stored }
  const read = async (_: string, item: string, __: number, uid?: number) => {
    const value = items[item]
    return Array.isArray(value) ? value[uid ?? 0] : value
  }
  const view = {
    specVersion: 475,
    block: { number: 5000, hash: '0x' },
    hasCall: (_: string, call: string) =>
      ['register', 'register_limit', 'pow_register'].includes(call),
    hasStorage: (_: string, item: string) => item in items,
    read,
    readStored: read,
  } as unknown as ChainView
  return { ...view, blockTimeMs: 12_000, at: async () => view } as unknown as ChainClient
}

it('spec 475 takes proofs while recycling is closed, and asks for no quota of an interval', async () => {
  const client = newest()
  const checked = await checkRegistration(client, await client.at(), WHO)
  expect(checked).toEqual({ scheme: 'pow_register', specVersion: 475 })
  const closed = newest({ NetworkPowRegistrationAllowed: false })
  await expect(checkRegistration(closed, await closed.at(), WHO)).rejects.toMatchObject({
    code: 'POW_DISABLED',
  })
})

/** Three neurons of a full subnet, registered in these blocks; immune for 100 blocks. */
const full = (blocks: readonly number[], kept: number) => ({
  MaxAllowedUids: 3,
  SubnetworkN: 3,
  MinNonImmuneUids: kept,
  ImmunityPeriod: 100,
  BlockAtRegistration: blocks,
})

it.each<[string, Readonly<Record<string, unknown>>, string | undefined]>([
  ['takes no neurons', { MaxAllowedUids: 0, SubnetworkN: 0 }, 'its limit of neurons is 0'],
  ['has room', { ...full([0, 0, 0], 10), SubnetworkN: 2 }, undefined],
  [
    'keeps all that are not immune',
    full([4900, 1, 0], 3),
    'it is full, and keeps 3 neurons that are not immune',
  ],
  ['replaces one of more', full([4900, 1, 0], 2), undefined],
  ['replaces one that is immune', full([4901, 1, 0], 10), undefined],
])('a subnet that %s is told before a search', async (_, stored, details) => {
  const client = newest(stored)
  const checked = checkRegistration(client, await client.at(), WHO)
  if (details === undefined) {
    await expect(checked).resolves.toMatchObject({ scheme: 'pow_register' })
    return
  }
  await expect(checked).rejects.toMatchObject({
    code: 'POW_DISABLED',
    message: 'subnet 5 has no uid to give',
    details,
  })
})

it('a refusal of the pool that sounds like a limit is no quota of the interval where there is none', async () => {
  const error = new BittensorError('RATE_LIMITED', 'not accepted: too recent', {
    data: { rpcCode: 1010, sent: false },
  })
  expect(await verdictOf({ client: newest(), who: WHO }, error)).toMatchObject({ kind: 'refused' })
  const taken = newest({ RegistrationsThisBlock: 1 })
  expect(await verdictOf({ client: taken, who: WHO }, error)).toMatchObject({ kind: 'resend' })
})

it.each([
  [5000, undefined],
  [4999, 'EXTRINSIC_FAILED'],
])(
  'a proof of block %d is judged in the state of block 5000, which knows only blocks before it',
  async (work_block, code) => {
    const description = descriptionOf('spec-143.v14')
    const client = {
      ...newest(),
      runtime: { description },
      request: async () => failing(description, 'InvalidWorkBlock'),
    } as unknown as ChainClient
    const call = { args: { work_block: BigInt(work_block) } } as unknown as Call
    const tried = tryProof(client, call, { bytes: '0x' } as unknown as SignedTransaction, {
      number: 5000,
      hash: '0x',
    }).then(
      () => undefined,
      (failure: BittensorError) => failure.code,
    )
    expect(await tried).toBe(code)
  },
)

/** `Ok(Err(Module { index, error }))` by the error's name. */
function failing({ pallets }: Description, name: string): string {
  const { index = 0, errors = {} } = pallets['SubtensorModule'] ?? {}
  const number = Object.keys(errors).find((one) => errors[Number(one)]?.name === name)
  return `0x${Buffer.from([0, 1, 3, index, Number(number), 0, 0, 0]).toString('hex')}`
}
