/** `dev_*`: what only a development chain does. Refused to untrusted callers. */
import { fromHex, toHex } from '../bytes.js'
import type { Intervention } from '../chain/chain.js'
import { fundAccount } from '../fund.js'
import { setHyperparameter } from '../hyperparameters.js'
import type { Node } from '../node.js'
import { restoreSnapshot } from '../snapshot.js'
import { blockParam } from './blocks.js'
import { invalidParams, methodNotFound } from './errors.js'
import type { Namespace } from './methods.js'
import { countOf, given, hexOf, listParam, type Params, textParam } from './params.js'
import { accountOf } from './system.js'

/** Most blocks that one call may make. */
const MAX_BLOCKS = 100_000

const STOP_DELAY_MS = 50

/** Makes blocks, `[n]` or `[{ count: n }]`; answers the hash of the last. */
async function newBlock(node: Node, params: Params): Promise<string> {
  const [first] = params
  const count =
    typeof first === 'object' && first !== null ? (first as { count?: unknown }).count : first
  const blocks = count === undefined || count === null ? 1 : countOf(count, 'the number of blocks')
  if (blocks < 1 || blocks > MAX_BLOCKS) {
    throw invalidParams(`the number of blocks must be from 1 to ${MAX_BLOCKS}`)
  }
  return (await node.advance(blocks)).hash
}

/** Makes a block whose state begins with other raw values: `[[[key, value | null], …]]`. */
async function setStorage(node: Node, params: Params): Promise<string> {
  const values = listParam(params, 0).map((pair): [string, Uint8Array | undefined] => {
    if (!Array.isArray(pair) || pair.length !== 2) throw invalidParams('each entry is [key, value]')
    const [key, value] = pair as [unknown, unknown]
    const raw = value === null ? undefined : fromHex(`0x${hexOf(value, 'a value')}`)
    return [hexOf(key, 'a key'), raw]
  })
  const intervention: Intervention = ({ state }) => {
    for (const [key, value] of values) state.setRaw(key, value)
  }
  return (await node.advance(1, { intervention })).hash
}

/** Makes a block at a later time, `[milliseconds]` or `[date]`; answers its milliseconds since 1970. */
async function timeTravel(node: Node, params: Params): Promise<number> {
  const [to] = params
  const timestamp = typeof to === 'string' ? Date.parse(to) : to
  if (typeof timestamp !== 'number' || !Number.isSafeInteger(timestamp) || timestamp < 0) {
    throw invalidParams('the time must be a date or milliseconds since 1970')
  }
  await node.advance(1, { timestamp })
  return node.chain.time
}

/** Gives an account new RAO, `[address, amount]`; answers its free balance. */
async function fund(node: Node, params: Params): Promise<string> {
  const account = toHex(accountOf(textParam(params, 0)))
  const amount = textParam(params, 1)
  if (!/^[1-9]\d{0,19}$/.test(amount)) throw invalidParams('the amount must be whole RAO as text')
  return `${await fundAccount(node, account, BigInt(amount))}`
}

/** Sets a hyperparameter, `[netuid | null, name, value]`; numbers may be text. Answers the hash of the block. */
async function setParameter(node: Node, params: Params): Promise<string> {
  const netuid = given(params, 0) ? countOf(params[0], 'the netuid') : undefined
  const name = textParam(params, 1)
  const value = params[2]
  const number = typeof value === 'string' && /^\d{1,39}$/.test(value) ? BigInt(value) : value
  if (typeof number !== 'bigint' && typeof number !== 'number' && typeof number !== 'boolean') {
    throw invalidParams('the value must be a number, true or false')
  }
  await setHyperparameter(node, netuid, name, number)
  return node.chain.head.hash
}

/** Goes back to a block by its hash; answers its number. */
async function restore(node: Node, params: Params): Promise<number> {
  const block = blockParam(node, params, 0)
  await restoreSnapshot(node, block)
  return block.number
}

/** Upgrades the runtime now, or with `[n]` in block n; answers the hash of the newest block. */
async function upgrade(node: Node, params: Params): Promise<string> {
  if (given(params, 0)) node.upgradeIn(countOf(params[0], 'the block'))
  else await node.upgrade()
  return node.chain.head.hash
}

export const dev: Namespace = {
  methods: {
    dev_newBlock: newBlock,
    dev_setStorage: setStorage,
    dev_timeTravel: timeTravel,
    dev_fund: fund,
    dev_setHyperparameter: setParameter,
    dev_snapshot: (node) => node.chain.head.hash,
    dev_restore: restore,
    dev_upgrade: upgrade,
    dev_status: (node) => ({
      instance: node.instance,
      profile: node.chain.engineAt(node.chain.head.number).runtime.profile,
      upgradeAt: node.chain.upgradeAt ?? null,
      genesis: node.chain.store.facts?.genesis ?? null,
      genesisHash: node.chain.genesisHash,
      blocks: node.blocks,
      head: node.chain.head,
      finalized: node.chain.finalized,
      pending: node.pool.all().length,
      time: node.chain.time,
    }),
    dev_stop(node, params) {
      if (!node.onStop) throw methodNotFound()
      if (given(params, 0)) throw invalidParams('dev_stop takes no parameters')
      // The answer should still reach whoever asked.
      setTimeout(node.onStop, STOP_DELAY_MS)
      return true
    },
  },
  unsafe: [
    'dev_newBlock',
    'dev_setStorage',
    'dev_timeTravel',
    'dev_fund',
    'dev_setHyperparameter',
    'dev_snapshot',
    'dev_restore',
    'dev_upgrade',
    'dev_status',
    'dev_stop',
  ],
}
