/** What is shown before signing, for people and as data. */
import type { Call } from '../core/chain/types.js'
import type { Origin } from '../core/config.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { formatTao } from '../core/units.js'
import type { Style } from './style.js'
import { safe, widthOf } from './text.js'

/** An account with what it is called. */
export type Party = { readonly name: string; readonly address: Ss58; readonly note?: string }

/** A line of the preview: `amount  τ10.500000000`. */
export type Fact = {
  readonly label: string
  readonly value: string | Party
  readonly note?: string
}

/** A balance or stake before and after, in RAO of its token. */
export type Effect = {
  /** `alice`, `stake on miner1`. */
  readonly label: string
  /** Subnet whose alpha it is; τ without. */
  readonly netuid?: number | undefined
  readonly before: bigint
  /** Null if it cannot be said before. */
  readonly after: bigint | null
  readonly note?: string
}

/** Everything a person should know before signing. */
export type Preview = {
  readonly title: string
  readonly network: string
  readonly endpoint: string
  readonly specVersion: number
  readonly block: number
  readonly networkOrigin: Origin | undefined
  readonly value: 'real' | 'worthless' | 'unknown'
  readonly signer: Party & { readonly key: 'coldkey' | 'hotkey' }
  readonly facts: readonly Fact[]
  /** RAO; null if it could not be estimated. */
  readonly fee: bigint | null
  /** RAO that leave, without the fee; null if not bounded. */
  readonly spend: bigint | null
  readonly effects: readonly Effect[]
  readonly notes: readonly string[]
  readonly violations: readonly string[]
  readonly calls: readonly Call[]
  readonly validFor: { readonly blocks: number; readonly milliseconds: number }
}

/** How to show it. `groups`: addresses in fours, for reading aloud. */
export type PreviewStyle = {
  readonly style: Style
  readonly groups: boolean
  readonly verbose: boolean
}

/** The preview as text, ending in a line break. */
export function previewText(preview: Preview, how: PreviewStyle): string {
  const rows: [string, string][] = [
    ['network', networkText(preview)],
    ...partyRows(preview, how),
    ['fee', feeText(preview)],
    ...effectRows(preview.effects, how.style),
    ['valid for', validText(preview.validFor)],
    ...(how.verbose ? preview.calls.flatMap(callRows) : []),
    ...preview.notes.map((note): [string, string] => ['note', safe(note)]),
    ...preview.violations.map((text): [string, string] => ['forbidden', how.style.red(safe(text))]),
  ]
  const width = Math.max(...rows.map(([label]) => label.length))
  const lines = rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`)
  return `${how.style.bold(preview.title)}\n${lines.join('\n')}\n`
}

function networkText({ network, specVersion, endpoint, networkOrigin, value }: Preview): string {
  const from =
    networkOrigin && networkOrigin.layer !== 'flag' ? ` (from ${networkOrigin.source})` : ''
  const worth = value === 'worthless' ? ' (worthless)' : ''
  return safe(`${network}${from}${worth} · spec ${specVersion} · ${endpoint}`)
}

/** Who signs, and the facts; names of accounts are padded so that addresses stand below each other. */
function partyRows(preview: Preview, how: PreviewStyle): [string, string][] {
  const { signer, facts } = preview
  const first: Fact = { label: signer.key === 'coldkey' ? 'from' : 'signed by', value: signer }
  const all = [first, ...facts]
  const names = all.flatMap(({ value }) => (typeof value === 'string' ? [] : [safe(value.name)]))
  const width = Math.max(...names.map(widthOf))
  return all.map(({ label, value, note }) => {
    const text = typeof value === 'string' ? safe(value) : partyText(value, width, how)
    return [label, note ? `${text}   ${safe(note)}` : text]
  })
}

function partyText(
  { name, address, note }: Party,
  width: number,
  { groups }: PreviewStyle,
): string {
  const shown = groups ? (address.match(/.{1,4}/g) ?? []).join(' ') : address
  const padded = safe(name) + ' '.repeat(width - widthOf(safe(name)))
  return [padded, shown, safe(note ?? '')].filter((part) => part !== '').join('   ')
}

function feeText({ fee, signer }: Preview): string {
  return fee === null
    ? 'unknown: the chain gave no estimate'
    : `τ${formatTao(fee, 'full')}   paid by ${safe(signer.name)}`
}

function effectRows(effects: readonly Effect[], style: Style): [string, string][] {
  const labels = effects.map(({ label }) => safe(label))
  const before = effects.map((effect) => effectAmount(effect, effect.before))
  const after = effects.map((effect) => effectAmount(effect, effect.after))
  return effects.map(({ note }, i): [string, string] => [
    i === 0 ? 'after' : '',
    `${pad(labels, i)}  ${padLeft(before, i)} ${style.sign.arrow} ${padLeft(after, i)}${note ? `   ${safe(note)}` : ''}`,
  ])
}

/** Units are part of the number: alpha of a subnet is no τ. */
export function effectAmount({ netuid }: Pick<Effect, 'netuid'>, amount: bigint | null): string {
  if (amount === null) return 'unknown'
  return netuid === undefined || netuid === 0
    ? `τ${formatTao(amount, 'full')}`
    : `${formatTao(amount, 'full')} SN${netuid}`
}

function pad(texts: readonly string[], index: number): string {
  const text = texts[index] ?? ''
  return text + ' '.repeat(Math.max(...texts.map(widthOf)) - widthOf(text))
}

function padLeft(texts: readonly string[], index: number): string {
  const text = texts[index] ?? ''
  return ' '.repeat(Math.max(...texts.map(widthOf)) - widthOf(text)) + text
}

function validText({ blocks, milliseconds }: Preview['validFor']): string {
  return `${blocks} blocks (≈ ${spanText(milliseconds)})`
}

/** `13 min`, `45 s`, `2.5 h`: a span for people. */
export function spanText(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Number((seconds / 3600).toFixed(1))} h`
  return `${Number((seconds / 86_400).toFixed(1))} days`
}

function callRows(call: Call): [string, string][] {
  return [
    ['call', safe(`${call.pallet}.${call.name}(${Object.keys(call.args).join(', ')})`)],
    ['', call.data],
  ]
}

/** The preview as data, for `data.preview` of JSON. */
export function previewJson(preview: Preview): Readonly<Record<string, unknown>> {
  const { signer, validFor } = preview
  return {
    title: preview.title,
    network: preview.network,
    networkFrom: preview.networkOrigin?.source ?? null,
    endpoint: preview.endpoint,
    specVersion: preview.specVersion,
    block: preview.block,
    signer: { name: signer.name, key: signer.key, address: signer.address },
    facts: preview.facts.map(({ label, value, note }) => ({
      label,
      value: typeof value === 'string' ? value : value.address,
      note: note ?? null,
    })),
    feeRao: preview.fee,
    spendRao: preview.spend,
    spendUnbounded: preview.spend === null,
    effects: preview.effects.map(({ label, netuid, before, after, note }) => ({
      label,
      netuid: netuid ?? null,
      beforeRao: before,
      afterRao: after,
      note: note ?? null,
    })),
    notes: preview.notes,
    violations: preview.violations,
    calls: preview.calls.map(({ pallet, name, args, data }) => ({ pallet, name, args, data })),
    validForBlocks: validFor.blocks,
  }
}
