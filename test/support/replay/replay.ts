/** Replays a recording of the real runtime on the embedded one and lists what differs. */
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Outcome } from '../../../src/localnet/runtime/executor.js'
import { createState, memoryBackend, type Overlay } from '../../../src/localnet/runtime/overlay.js'
import type { Call, RuntimeEvent, StorageItem } from '../../../src/localnet/runtime/pallet.js'
import { Collective } from '../../../src/localnet/runtime/pallets/collective.js'
import { blake256, System } from '../../../src/localnet/runtime/pallets/system.js'
import { createRuntime, type Runtime } from '../../../src/localnet/runtime/runtime.js'
import { u32 } from '../../../src/localnet/runtime/scale.js'
import { decodeKeys, itemPrefix, PREFIX_DIGITS } from '../../../src/localnet/runtime/storageKey.js'
import { createSeal, sealMeets } from '../../../src/localnet/runtime/subtensor/seal.js'
import { S } from '../../../src/localnet/runtime/subtensor/storage.js'
import type { InvalidReason } from '../../../src/localnet/runtime/validity.js'
import {
  eventJson,
  type Format,
  fromJson,
  type Json,
  readCall,
  small,
  storedJson,
  toJson,
} from './json.js'
import { namesIn } from './names.js'

type Changes = Record<string, Record<string, Json>>

type Step = {
  readonly call?: string
  readonly args?: Json[]
  readonly pow?: { readonly netuid: number; readonly hotkey: string; readonly coldkey: string }
  readonly empty_block?: number
  readonly signer?: string
  readonly block?: number
  readonly outcome?: Json
  readonly events?: Json[]
  readonly changes: Changes
}

type Recording = {
  readonly title: string
  readonly start: Changes
  readonly steps: readonly Step[]
}

export type Difference = { readonly step: number; readonly block: number; readonly what: string }

export type ReplayReport = {
  readonly title: string
  readonly steps: number
  readonly differences: readonly Difference[]
}

/** Items whose storage the recordings hold. */
const RECORDED = [
  'SubtensorModule',
  'Balances',
  'Sudo',
  'SenateMembers',
  'Triumvirate',
  'TriumvirateMembers',
]

/** What `@proposal` stands for while none is open. */
const NO_PROPOSAL = `0x${'00'.repeat(32)}`

type Item = StorageItem<readonly unknown[], unknown>

class Replay {
  readonly runtime: Runtime
  readonly format: Format
  readonly backend = memoryBackend()
  readonly state: Overlay
  readonly items = new Map<string, Item>()
  readonly differences: Difference[] = []
  block = 2
  step = 0

  constructor(runtime: Runtime, format: Format) {
    this.runtime = runtime
    this.format = format
    this.state = createState(this.backend)
    for (const pallet of runtime.pallets) {
      for (const item of Object.values(pallet.storage)) {
        if (RECORDED.includes(pallet.name) || item.name === 'Account') {
          this.items.set(itemPrefix(item), item)
        }
      }
    }
  }

  load(start: Changes): void {
    const byName = new Map(
      [...this.items.values()].map((item) => [`${item.pallet}.${item.name}`, item]),
    )
    for (const [name, entries] of Object.entries(start)) {
      const item = byName.get(name)
      if (!item) continue
      for (const [keys, json] of Object.entries(entries)) {
        const parsed: Json[] = JSON.parse(keys)
        const decoded = parsed.map((key, i) =>
          fromJson(item.keys[i]?.type ?? u32, key, this.format),
        )
        this.state.set(item, decoded, fromJson(item.type, json, this.format))
      }
    }
    this.settle()
  }

  run(step: Step, index: number): void {
    this.step = index
    if (step.empty_block !== undefined) {
      this.advanceTo(step.empty_block)
      this.compare('changes', this.takeChanges(), step.changes)
      return
    }
    if (this.isRejected(step)) return
    this.advanceTo(step.block ?? this.block + 1)
    const signer = this.format.names.accountOf(step.signer ?? '')
    const call = this.callOf(step)
    const { outcome, events } = this.runtime.applyExtrinsic(this.state, {
      ...this.transaction(call, signer),
    })
    this.compare('outcome', this.outcomeJson(outcome, events), step.outcome ?? null)
    this.compare('events', this.eventsJson(events), step.events ?? [])
    const changes = this.takeChanges()
    const expected = structuredClone(step.changes)
    if (step.pow) for (const one of [changes, expected]) forgetWork(one)
    this.compare('changes', changes, expected)
  }

  /** A call that the pool refuses makes no block. */
  isRejected(step: Step): boolean {
    if (step.pow || !step.call) return false
    const signer = this.format.names.accountOf(step.signer ?? '')
    const verdict = this.runtime.validate(this.state, this.transaction(this.callOf(step), signer))
    if (verdict.valid) return false
    const rejected = `1010: ${JSON.stringify({ invalid: reasonJson(verdict.reason) })}`
    this.compare('outcome', { rejected }, step.outcome ?? null)
    this.compare('changes', {}, step.changes)
    return true
  }

  transaction(call: Call, signer: string) {
    const { nonce } = this.state.get(System.Account, signer)
    const encoded = this.runtime.callType.codec.enc(call).length
    const body = 1 + 33 + 65 + 2 + compactLength(nonce) + 1 + encoded
    return { call, signer, nonce, tip: 0n, length: body + compactLength(body) }
  }

  callOf(step: Step): Call {
    if (step.pow) return this.solve(step.pow)
    const [proposal = NO_PROPOSAL] = this.state.get(Collective.Proposals)
    const args = JSON.stringify(step.args ?? []).replaceAll('"@proposal"', JSON.stringify(proposal))
    return readCall({ call: step.call ?? '', args: JSON.parse(args) }, this.format)
  }

  solve(pow: NonNullable<Step['pow']>): Call {
    const hotkey = this.format.names.accountOf(pow.hotkey)
    const coldkey = this.format.names.accountOf(pow.coldkey)
    const difficulty = this.state.get(S.Difficulty, pow.netuid)
    const named = this.block - 1
    const hash = this.state.get(System.BlockHash, named)
    let nonce = 0n
    while (!sealMeets(createSeal(hash, hotkey, nonce), difficulty)) nonce++
    const work = Buffer.from(createSeal(hash, hotkey, nonce).slice(2), 'hex')
    const args = {
      netuid: pow.netuid,
      block_number: BigInt(named),
      nonce,
      work: new Uint8Array(work),
      hotkey,
      coldkey,
    }
    return { pallet: 'SubtensorModule', name: 'register', args }
  }

  advanceTo(block: number): void {
    while (this.block < block) {
      this.block += 1
      const parent = blake256(u32.codec.enc(this.block - 1))
      this.runtime.initializeBlock(this.state, this.block, parent)
    }
  }

  outcomeJson(outcome: Outcome, events: readonly RuntimeEvent[]): Json {
    const sudid = events.find((one) => one.pallet === 'Sudo' && one.name === 'Sudid')
    const nested = (sudid?.value as { sudo_result?: { type: string; value?: unknown } } | undefined)
      ?.sudo_result
    if (nested?.type === 'Err') return { error: this.errorName(nested.value) }
    if (outcome.ok) return 'ok'
    const { error } = outcome
    if (error.kind === 'module') return { error: `${small(error.pallet)}.${error.error}` }
    if (error.kind === 'other') return { error: error.type }
    return { error: error.kind === 'token' ? 'Token' : 'Arithmetic' }
  }

  errorName(value: unknown): string {
    const { type, value: inner } = value as {
      type: string
      value?: { index: number; error: string }
    }
    if (type !== 'Module' || !inner) return type
    const pallet = this.runtime.pallets.find((one) => one.index === inner.index)
    const code = Number.parseInt(inner.error.slice(2, 4), 16)
    const found = Object.entries(pallet?.errors ?? {}).find(([, index]) => index === code)
    return `${small(pallet?.name ?? '')}.${found?.[0]}`
  }

  eventsJson(events: readonly RuntimeEvent[]): Json[] {
    const shown = events.filter(
      ({ pallet, name }) =>
        pallet !== 'TransactionPayment' && !(pallet === 'System' && name.startsWith('Extrinsic')),
    )
    return shown.map(({ pallet, name, value }) => {
      const def = this.runtime.pallets.find((one) => one.name === pallet)?.events[name]
      return [`${small(pallet)}.${name}`, def ? eventJson(def, value, this.format) : []]
    })
  }

  /** What differs from the backend, as the recordings write it; then the backend has it. */
  takeChanges(): Changes {
    const found: Changes = {}
    for (const [key, raw] of this.state.changes()) {
      const item = this.items.get(key.slice(0, PREFIX_DIGITS))
      if (!item || sameBytes(raw, this.backend.get(key) ?? null)) continue
      const keys = decodeKeys(item, key).map((one, i) =>
        toJson(item.keys[i]?.type ?? u32, one, this.format),
      )
      const name = `${item.pallet}.${item.name}`
      found[name] ??= {}
      found[name][JSON.stringify(keys)] =
        raw === null ? null : storedJson(item.type, item.type.codec.dec(raw), this.format)
    }
    this.settle()
    return found
  }

  settle(): void {
    this.backend.apply(this.state.changes())
    this.state.settle()
  }

  compare(what: string, actual: Json, expected: Json): void {
    for (const text of differencesOf(actual, expected, what)) {
      this.differences.push({ step: this.step, block: this.block, what: text })
    }
  }
}

const sameBytes = (a: Uint8Array | null, b: Uint8Array | null) =>
  a === null || b === null ? a === b : bytesToHex(a) === bytesToHex(b)

/** The work itself hangs on the block hash: only that it is noted counts. */
function forgetWork(changes: Changes): void {
  const used = changes['SubtensorModule.UsedWork']
  if (used) changes['SubtensorModule.UsedWork'] = { work: Object.values(used) }
}

const isObject = (json: Json): json is Record<string, Json> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

function differencesOf(actual: Json, expected: Json, path: string): string[] {
  if (isObject(actual) && isObject(expected)) {
    const names = new Set([...Object.keys(actual), ...Object.keys(expected)])
    return [...names].flatMap((name) => {
      const here = `${path} ${name}`
      if (!(name in expected)) return [`${here}: ${show(actual[name])}, the recording has none`]
      if (!(name in actual)) return [`${here}: none, the recording has ${show(expected[name])}`]
      return differencesOf(actual[name] ?? null, expected[name] ?? null, here)
    })
  }
  if (JSON.stringify(actual) === JSON.stringify(expected)) return []
  return [`${path}: ${show(actual)}, the recording has ${show(expected)}`]
}

const show = (json: Json | undefined) => JSON.stringify(json)

function compactLength(value: number): number {
  if (value < 64) return 1
  if (value < 2 ** 14) return 2
  return value < 2 ** 30 ? 4 : 5
}

/**
 * Replays the text of a recording, one block per step.
 * @param stopAfter ends after that many differing steps, since later ones mostly follow from them.
 */
export async function replay(
  text: string,
  stopAfter = Number.POSITIVE_INFINITY,
): Promise<ReplayReport> {
  const recording: Recording = JSON.parse(text)
  const runtime = createRuntime()
  const run = new Replay(runtime, { names: await namesIn(text), pallets: runtime.pallets })
  run.load(recording.start)
  for (const [index, step] of recording.steps.entries()) {
    try {
      run.run(step, index)
    } catch (error) {
      run.differences.push({ step: index, block: run.block, what: `trapped: ${String(error)}` })
      break
    }
    if (new Set(run.differences.map((one) => one.step)).size >= stopAfter) break
  }
  return { title: recording.title, steps: recording.steps.length, differences: run.differences }
}

/** A refusal as @polkadot/types writes it, which has a name of its own for signed inherents. */
function reasonJson(reason: InvalidReason): Json {
  if (typeof reason === 'number') return { custom: reason }
  return { [reason === 'MandatoryValidation' ? 'mandatoryDispatch' : small(reason)]: null }
}
