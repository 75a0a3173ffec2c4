/** Opens the chain in a store, and makes block 0 when there is none. */
import { BittensorError } from '../../../core/errors.js'
import { createState, type Overlay } from '../../runtime/overlay.js'
import type { ProfileName } from '../../runtime/profile.js'
import type { Runtime } from '../../runtime/runtime.js'
import type { Hex } from '../bytes.js'
import { toHex } from '../bytes.js'
import { CODE, codeOf } from '../engine.js'
import { headerHash } from '../header.js'
import { EMPTY_ROOT, nextStateRoot } from '../stateRoot.js'
import { orderedTrieRoot } from '../trieRoot.js'
import { Chain, type ChainOptions } from './chain.js'

/** What block 0 holds. */
export type Genesis = {
  /** The runtime that a new chain begins with; a chain that is there may have been upgraded since. */
  readonly profile: ProfileName
  /** Tells one genesis from another: a directory keeps the one it was made with. Undefined accepts what is there. */
  readonly name: string | undefined
  fill(state: Overlay, runtime: Runtime): void
}

/** Layout of the data; a directory of another layout is refused. */
const FORMAT = 1
const NO_PARENT: Hex = `0x${'00'.repeat(32)}`

/**
 * Opens a chain, at its last durable block or at a new genesis.
 * @throws {BittensorError} `LOCALNET` when the store holds a chain of another profile, layout or genesis.
 */
export async function openChain(options: ChainOptions, genesis: Genesis): Promise<Chain> {
  const { store, engines } = options
  if (store.facts && store.progress) {
    checkFacts(store.facts, genesis)
    return new Chain(options)
  }
  const state = createState(store.backend())
  const { runtime } = engines.of(genesis.profile)
  genesis.fill(state, runtime)
  state.setRaw(CODE, codeOf(runtime))
  const changes = state.changes()
  const header = {
    parentHash: NO_PARENT,
    number: 0,
    stateRoot: nextStateRoot(EMPTY_ROOT, changes, () => undefined),
    extrinsicsRoot: toHex(orderedTrieRoot([])),
    digest: [],
  }
  store.begin({ format: FORMAT, profile: runtime.profile, genesis: genesis.name ?? 'dev' })
  const block = { hash: headerHash(header), header, extrinsics: [] }
  store.put(block, changes, { head: 0, finalized: 0 })
  await store.flush()
  return new Chain(options)
}

function checkFacts(
  facts: { readonly format: number; readonly profile: string; readonly genesis: string },
  { profile, name }: Genesis,
): void {
  const found = { layout: facts.format, profile: facts.profile, genesis: facts.genesis }
  const wanted = { layout: FORMAT, profile, genesis: name ?? facts.genesis }
  for (const what of ['layout', 'profile', 'genesis'] as const) {
    if (found[what] === wanted[what]) continue
    throw new BittensorError(
      'LOCALNET',
      `the directory holds a local chain with ${what} ${found[what]}, not ${wanted[what]}`,
      { hint: 'use another directory, or start over with `btcli localnet reset`' },
    )
  }
}
