/** A runtime on a state in memory: blocks and transactions without a node. */
import { devAccount } from '../../src/localnet/genesis/devKeys.js'
import { genesisSpec } from '../../src/localnet/genesis/presets.js'
import type { GenesisSpec } from '../../src/localnet/genesis/spec.js'
import type { Applied } from '../../src/localnet/runtime/executor.js'
import { createState, memoryBackend } from '../../src/localnet/runtime/overlay.js'
import type { Call, RuntimeEvent } from '../../src/localnet/runtime/pallet.js'
import { Balances } from '../../src/localnet/runtime/pallets/balances.js'
import { blake256, System } from '../../src/localnet/runtime/pallets/system.js'
import type { RuntimeOptions } from '../../src/localnet/runtime/profile.js'
import { createRuntime } from '../../src/localnet/runtime/runtime.js'
import { u32 } from '../../src/localnet/runtime/scale.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'

export type LocalWorld = ReturnType<typeof localWorld>

export const account = devAccount
export const TAO = 1_000_000_000n

/** `Pallet.name` with named arguments. */
export const call = (path: string, args: Record<string, unknown> = {}): Call => {
  const [pallet = '', name = ''] = path.split('.')
  return { pallet, name, args }
}

/** Starts at block 0 of a genesis. */
export function localWorld(genesis: string | GenesisSpec = 'empty', options: RuntimeOptions = {}) {
  const runtime = createRuntime('classic', options)
  const backend = memoryBackend()
  const state = createState(backend)
  runtime.genesis(state, genesisSpec(genesis))
  const settle = () => {
    backend.apply(state.changes())
    state.settle()
  }
  settle()
  const world = {
    runtime,
    state,
    /** Makes empty blocks; returns the events of the last. */
    advance(count = 1): readonly RuntimeEvent[] {
      let events: readonly RuntimeEvent[] = []
      for (let i = 0; i < count; i++) {
        const block = state.get(System.Number) + 1
        events = runtime.initializeBlock(state, block, blake256(u32.codec.enc(block - 1)))
        settle()
      }
      return events
    },
    /** Makes a block with one transaction of 150 bytes. */
    submit(signer: string, call: Call, tip = 0n): Applied {
      world.advance()
      const { nonce } = state.get(System.Account, signer)
      const applied = runtime.applyExtrinsic(state, { call, signer, nonce, tip, length: 150 })
      settle()
      return applied
    },
    /** As {@link submit}, wrapped for the sudo key. */
    sudo: (inner: Call) => world.submit(account('//Alice'), call('Sudo.sudo', { call: inner })),
    free: (who: string) => state.get(System.Account, who).data.free,
    names: (events: readonly RuntimeEvent[]) =>
      events.map(({ pallet, name }) => `${pallet}.${name}`),
  }
  return world
}

/** The error of a transaction that failed, as `Pallet.Error` or the name of a general one. */
export function errorOf({ outcome }: Applied): string | undefined {
  if (outcome.ok) return undefined
  const { error } = outcome
  if (error.kind === 'module') return `${error.pallet}.${error.error}`
  return error.kind === 'other' ? error.type : error.error
}

/** What must hold in every state, whatever was done. */
export function ledger({ state }: Pick<LocalWorld, 'state'>) {
  const sum = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n)
  const values = (entries: readonly (readonly [unknown, bigint])[]) => entries.map(([, one]) => one)
  return {
    accounts: sum(
      state.entries(System.Account).map(([, one]) => one.data.free + one.data.reserved),
    ),
    balances: state.get(Balances.TotalIssuance),
    stakes: sum(values(state.entries(S.Stake))),
    byHotkey: sum(values(state.entries(S.TotalHotkeyStake))),
    byColdkey: sum(values(state.entries(S.TotalColdkeyStake))),
    totalStake: state.get(S.TotalStake),
    issuance: state.get(S.TotalIssuance),
  }
}
