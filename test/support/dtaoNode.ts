/** A node with a real dTAO runtime's metadata over invented storage: everything up to signing can be tested on it. */
import type { ChainClient } from '../../src/core/chain/types.js'
import { encodeAddress, type Ss58 } from '../../src/core/keys/ss58.js'
import { type RecordedChain, recordedChain, versionOf } from '../unit/chain/recordedChain.js'
import { dev } from './devAccounts.js'
import { devHome } from './localnet.js'
import { autumn2026 } from './synthetic.js'

export const TAO = 1_000_000_000n
export const ALICE = dev('//Alice')
export const BOB = dev('//Bob')
/** Alice's hotkey `validator`, Bob's hotkey `validator`. */
export const HOT = dev('//Alice//validator')
export const BOB_HOT = dev('//Bob//validator')
/** A hotkey that the chain does not know. */
export const FOREIGN = encodeAddress(new Uint8Array(32).fill(9))

/** 470 is put together from what is known of the runtime of autumn 2026. */
export type DtaoSpec = '218' | '343' | '365' | '470'

/**
 * Alice has τ1000 and on her own hotkey 40 alpha of subnet 2; since spec 343 also τ20 on root and 10 alpha of subnet 1.
 * Subnet 2 has τ100 and 200 alpha in its pool: τ0.5 per alpha. Subnet 1 has τ300 and 100 alpha: τ3. Alice owns subnet 2.
 */
export async function dtaoNode(spec: DtaoSpec, options: { readonly block?: number } = {}) {
  const chain = chainOf(spec, options)
  const set = (item: string, keys: readonly unknown[], value: unknown) =>
    chain.set('SubtensorModule', item, keys, value)
  fund(chain, ALICE, 1000n * TAO)
  fund(chain, BOB, 500n * TAO)
  for (const netuid of [0, 1, 2]) set('NetworksAdded', [netuid], true)
  set('Owner', [HOT], ALICE)
  set('Owner', [BOB_HOT], BOB)
  set('SubnetOwner', [2], ALICE)
  set('SubnetOwnerHotkey', [2], HOT)
  for (const [netuid, tao, alpha] of [
    [1, 300n, 100n],
    [2, 100n, 200n],
  ] as const) {
    set('SubnetMechanism', [netuid], 1)
    set('SubnetTAO', [netuid], tao * TAO)
    set('SubnetAlphaIn', [netuid], alpha * TAO)
    set('Tempo', [netuid], 359)
  }
  set('Uids', [2, HOT], 0)
  set('Keys', [2, 0], HOT)
  set('SubnetworkN', [2], 1)
  stake(chain, spec, [HOT, ALICE, 2], 40n * TAO)
  if (spec !== '218') {
    for (const netuid of [0, 1, 2]) set('SubtokenEnabled', [netuid], true)
    stake(chain, spec, [HOT, ALICE, 0], 20n * TAO)
    stake(chain, spec, [HOT, ALICE, 1], 10n * TAO)
  }
  set('StakingHotkeys', [ALICE], [HOT])
  withFee(chain, 125_000n)
  const home = await devHome({
    alice: {
      uri: '//Alice',
      hotkeys: { validator: '//Alice//validator', miner1: '//Alice//miner1' },
    },
    bob: { uri: '//Bob', hotkeys: { validator: '//Bob//validator' } },
  })
  const open = async (): Promise<ChainClient> => chain.connect()
  return { chain, set, home, given: { home, chain: open } }
}

function chainOf(spec: DtaoSpec, options: { readonly block?: number }): RecordedChain {
  if (spec === '470') {
    const synthetic = { specVersion: 470, description: autumn2026() }
    return recordedChain({ spec: '343', metadata: 'spec-365.v16', synthetic, ...options })
  }
  if (spec !== '365') {
    return recordedChain({
      spec,
      metadata: `spec-${spec}.v14`,
      v15: `spec-${spec}.v15`,
      ...options,
    })
  }
  const chain = recordedChain({
    spec: '343',
    metadata: 'spec-365.v16',
    v15: 'spec-365.v16',
    ...options,
  })
  chain.answers['state_getRuntimeVersion'] = () => ({ ...versionOf('343'), specVersion: 365 })
  return chain
}

export function fund(chain: RecordedChain, who: Ss58, free: bigint): void {
  chain.set('System', 'Account', [who], {
    nonce: 0,
    consumers: 0,
    providers: 1,
    sufficients: 0,
    data: { free, reserved: 0n, frozen: 0n, flags: 0n },
  })
}

/** All alpha of a hotkey on a subnet belongs to one coldkey. */
export function stake(
  chain: RecordedChain,
  spec: DtaoSpec,
  [hotkey, coldkey, netuid]: readonly [Ss58, Ss58, number],
  alpha: bigint,
): void {
  chain.set('SubtensorModule', 'TotalHotkeyAlpha', [hotkey, netuid], alpha)
  if (spec === '470') {
    const shares = { mantissa: alpha, exponent: 0 }
    chain.set('SubtensorModule', 'TotalHotkeySharesV2', [hotkey, netuid], shares)
    chain.set('SubtensorModule', 'AlphaV2', [hotkey, coldkey, netuid], shares)
    return
  }
  const shares = spec === '218' ? alpha : { bits: `${alpha << 64n}` }
  chain.set('SubtensorModule', 'TotalHotkeyShares', [hotkey, netuid], shares)
  chain.set('SubtensorModule', 'Alpha', [hotkey, coldkey, netuid], shares)
}

function withFee(chain: RecordedChain, fee: bigint): void {
  chain.answers['system_accountNextIndex'] = () => 0
  const answer = chain.answers['state_call']
  chain.answers['state_call'] = (params) => {
    if (params[0] !== 'TransactionPaymentApi_query_info') return answer?.(params)
    // A weight, a class, and the fee in eight bytes.
    const bytes = Buffer.alloc(3 + 8)
    bytes.writeBigUInt64LE(fee, 3)
    return `0x${bytes.toString('hex')}`
  }
}
