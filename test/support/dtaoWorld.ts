/** The runtime of profile `dtao` on a state in memory: blocks and transactions without a node. */

import type { DtaoGenesisSpec } from '../../src/localnet/genesis/dtao/spec.js'
import { genesisSpec } from '../../src/localnet/genesis/presets.js'
import { Balances } from '../../src/localnet/runtime/dtao/pallets/balances.js'
import { System } from '../../src/localnet/runtime/dtao/pallets/system.js'
import { S } from '../../src/localnet/runtime/dtao/subtensor/storage.js'
import type { Applied } from '../../src/localnet/runtime/executor.js'
import {
  createState,
  type MemoryBackend,
  memoryBackend,
  type Overlay,
} from '../../src/localnet/runtime/overlay.js'
import type { Call, RuntimeEvent } from '../../src/localnet/runtime/pallet.js'
import { blake256 } from '../../src/localnet/runtime/pallets/system.js'
import type { RuntimeOptions } from '../../src/localnet/runtime/profile.js'
import { createRuntime, type Runtime } from '../../src/localnet/runtime/runtime.js'
import { u32 } from '../../src/localnet/runtime/scale.js'
import { account, call } from './localWorld.js'

export type DtaoWorld = ReturnType<typeof worldOn>

/** Starts at block 0 of a genesis. */
export function dtaoWorld(
  genesis: 'dev' | 'empty' | DtaoGenesisSpec = 'dev',
  options: RuntimeOptions = {},
) {
  const runtime = createRuntime('dtao', options)
  const backend = memoryBackend()
  const state = createState(backend)
  runtime.genesis(state, typeof genesis === 'string' ? genesisSpec(genesis, 'dtao') : genesis)
  return worldOn(runtime, backend, state)
}

/** Starts where a classic chain of that age was upgraded. */
export function upgradedWorld(blocks: number): DtaoWorld {
  const [classic, runtime] = [createRuntime('classic'), createRuntime('dtao')]
  const backend = memoryBackend()
  const state = createState(backend)
  classic.genesis(state, genesisSpec('dev'))
  for (let block = 1; block <= blocks; block++) {
    classic.initializeBlock(state, block, blake256(u32.codec.enc(block - 1)))
  }
  runtime.adopt(state, classic, blocks + 1)
  return worldOn(runtime, backend, state)
}

function worldOn(runtime: Runtime, backend: MemoryBackend, state: Overlay) {
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
    submit(signer: string, one: Call, tip = 0n): Applied {
      world.advance()
      return world.apply(signer, one, tip)
    },
    /** A transaction in the block that is open. */
    apply(signer: string, one: Call, tip = 0n): Applied {
      const { nonce } = state.get(System.Account, signer)
      const transaction = { call: one, signer, nonce, tip, length: 150 }
      const applied = runtime.applyExtrinsic(state, transaction)
      settle()
      return applied
    },
    /** What the pool says about a transaction. */
    judge: (signer: string, one: Call) =>
      runtime.validate(state, {
        call: one,
        signer,
        nonce: state.get(System.Account, signer).nonce,
        tip: 0n,
        length: 150,
      }),
    /** As {@link submit}, wrapped for the sudo key. */
    sudo: (inner: Call) => world.submit(account('//Alice'), call('Sudo.sudo', { call: inner })),
    free: (who: string) => state.get(System.Account, who).data.free,
    names: (events: readonly RuntimeEvent[]) =>
      events.map(({ pallet, name }) => `${pallet}.${name}`),
  }
  return world
}

const sum = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n)

/** What must agree in every state, whatever was done, to the RAO. */
export function books({ state }: Pick<DtaoWorld, 'state'>) {
  const accounts = state.entries(System.Account)
  return {
    accounts: sum(accounts.map(([, one]) => one.data.free + one.data.reserved)),
    balances: state.get(Balances.TotalIssuance),
    /** TAO in all pools, without the fees that wait there. */
    pools: sum(state.entries(S.SubnetTAO).map(([, tao]) => tao)),
    totalStake: state.get(S.TotalStake),
    issuance: state.get(S.TotalIssuance),
  }
}

/** Alpha of a subnet: what the books say is out, and what hotkeys hold. */
export function alphaBooks({ state }: Pick<DtaoWorld, 'state'>, netuid: number) {
  const pools = state.entries(S.TotalHotkeyAlpha).filter(([[, one]]) => one === netuid)
  return {
    out: state.get(S.SubnetAlphaOut, netuid),
    held: sum(pools.map(([, alpha]) => alpha)),
  }
}
