/** Opens the chain in a store, and makes block 0 when there is none. */
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { BittensorError } from '../../../core/errors.js'
import { createState, type Overlay } from '../../runtime/overlay.js'
import type { Runtime } from '../../runtime/runtime.js'
import type { Hex } from '../bytes.js'
import { toHex } from '../bytes.js'
import { headerHash } from '../header.js'
import { EMPTY_ROOT, nextStateRoot } from '../stateRoot.js'
import { orderedTrieRoot } from '../trieRoot.js'
import { Chain, type ChainOptions } from './chain.js'

/** What block 0 holds. */
export type Genesis = {
  /** Tells one genesis from another: a directory keeps the one it was made with. Undefined accepts what is there. */
  readonly name: string | undefined
  fill(state: Overlay): void
}

/** Layout of the data; a directory of another layout is refused. */
const FORMAT = 1
const NO_PARENT: Hex = `0x${'00'.repeat(32)}`

/**
 * Opens a chain, at its last durable block or at a new genesis.
 * @throws {BittensorError} `LOCALNET` when the store holds a chain of another profile, layout or genesis.
 */
export async function openChain(options: ChainOptions, genesis: Genesis): Promise<Chain> {
  const { store, runtime } = options
  if (store.facts && store.progress) {
    checkFacts(store.facts, runtime.profile, genesis.name)
    return new Chain(options)
  }
  const state = createState(store.backend())
  genesis.fill(state)
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

/** `:code`, by whose hash clients tell one runtime from another. */
export const CODE = '3a636f6465'

/** What stands where a real chain keeps its WebAssembly: the name of the runtime and of all its calls. */
export function codeOf({ version, pallets }: Runtime): Uint8Array {
  const calls = pallets.map(({ name, calls }) => [name, Object.keys(calls)])
  return utf8ToBytes(JSON.stringify({ version, calls }))
}

function checkFacts(
  facts: { readonly format: number; readonly profile: string; readonly genesis: string },
  profile: string,
  genesis: string | undefined,
): void {
  const found = { layout: facts.format, profile: facts.profile, genesis: facts.genesis }
  const wanted = { layout: FORMAT, profile, genesis: genesis ?? facts.genesis }
  for (const what of ['layout', 'profile', 'genesis'] as const) {
    if (found[what] === wanted[what]) continue
    throw new BittensorError(
      'LOCALNET',
      `the directory holds a local chain with ${what} ${found[what]}, not ${wanted[what]}`,
      { hint: 'use another directory, or start over with `btcli localnet reset`' },
    )
  }
}
