/** What is shown before signing, for people and as data. */
import type { Call, ChainEra, Hex } from '../core/chain/types.js'
import type { Origin } from '../core/config.js'
import { callLine } from '../core/plans/callText.js'
import { type Effect, effectAmount, type Fact, type Party } from '../core/plans/plan.js'
import { shortAddress, spanText } from '../core/plans/texts.js'
import { formatTao } from '../core/units.js'
import type { Context } from './context.js'
import { shortPath } from './paths.js'
import type { Style } from './style.js'
import { safe, shortHash, widthOf, wrap } from './text.js'

/** Everything a person should know before signing. */
export type Preview = {
  readonly title: string
  readonly network: string
  readonly endpoint: string
  readonly specVersion: number
  /** Hash of the chain's first block: two chains never share it, whatever they are called. */
  readonly genesisHash: Hex
  readonly era: ChainEra
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
  /** Accounts that would get TAO, stake or power for the first time from this machine. */
  readonly newDestinations: readonly string[]
  readonly violations: readonly string[]
  readonly calls: readonly Call[]
  readonly validFor: { readonly blocks: number; readonly milliseconds: number }
}

/** How to show it. `groups`: addresses in fours, for reading aloud. `width`: columns, Infinity in pipes. `home`: is written `~`. */
export type PreviewStyle = {
  readonly style: Style
  readonly groups: boolean
  readonly width: number
  readonly verbose: boolean
  readonly home: string
}

/** On stderr; with JSON it is part of the document, and with --quiet it is for who is asked only. */
export function showPreview(ctx: Context, preview: Preview): void {
  const { json, quiet, interactive, verbose } = ctx.settings
  if (json || (quiet && !interactive)) return
  const { style, isTTY, columns } = ctx.stderr
  const { home } = ctx.paths
  ctx.stderr.write(previewText(preview, { style, groups: isTTY, width: columns, verbose, home }))
}

/** The preview as text, ending in a line break. */
export function previewText(preview: Preview, how: PreviewStyle): string {
  const labels = [...preview.facts.map(({ label }) => label), 'valid for', 'signed by', 'forbidden']
  const room = how.width - Math.max(...labels.map((label) => label.length)) - 4
  const rows: Row[] = [
    ...folded('network', networkParts(preview, how.home), room, ' · '),
    ...partyRows(preview, how, room),
    ...(how.verbose
      ? preview.calls.flatMap((call) => wholeCall(call, preview.era, room))
      : callRows(preview, room)),
    ['fee', feeText(preview)],
    ...effectRows(preview.effects, how.style, room),
    ['valid for', validText(preview.validFor)],
    ...[...preview.notes, ...newNotes(preview)].flatMap((note) =>
      folded('note', safe(note).split(' '), room, ' '),
    ),
    ...preview.violations.map((text): Row => ['forbidden', how.style.red(safe(text))]),
  ]
  const width = Math.max(...rows.map(([label]) => label.length))
  const lines = rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`)
  return `${how.style.bold(preview.title)}\n${lines.join('\n')}\n`
}

/** A line of a preview. */
export type Row = [label: string, text: string]

/** Rows under a title, their labels in one column; what is wider than the terminal goes on in lines of its own. */
export function rowsText(title: string, rows: readonly Row[], width: number): string {
  const column = Math.max(...rows.map(([label]) => label.length))
  const room = width - column - 4
  const lines = rows
    .map(([label, text]): Row => [safe(label), safe(text)])
    .flatMap(([label, text]) =>
      widthOf(text) > room ? folded(label, text.split(' '), room, ' ') : [[label, text] as Row],
    )
    .map(([label, text]) => `  ${label.padEnd(column)}  ${text}`.trimEnd())
  return `${title}\n${lines.join('\n')}\n`
}

/** Parts in one line, or the last ones in lines of their own where the terminal is narrow. */
function folded(label: string, parts: readonly string[], room: number, between = '   '): Row[] {
  const lines: string[] = []
  let line = ''
  const pieces = parts.flatMap((part) =>
    widthOf(part) > room
      ? wrap(part, room)
          .split('\n')
          .flatMap((word) => broken(word, room))
      : part,
  )
  for (const part of pieces.filter((text) => text !== '')) {
    const longer = line === '' ? part : `${line}${between}${part}`
    if (line === '' || widthOf(longer) <= room) {
      line = longer
      continue
    }
    // An account without a name leaves only the space for one.
    if (line.trim() !== '') lines.push(line.trimEnd())
    line = part
  }
  return [...lines, line].map((text, i): Row => [i === 0 ? label : '', text])
}

/** A name that is wider than the line goes on in the next one; what people copy, a hash, stays whole. */
function broken(word: string, room: number): readonly string[] {
  if (widthOf(word) <= room || word.startsWith('0x')) return [word]
  return word.match(new RegExp(`.{1,${Math.max(room, 20)}}`, 'gu')) ?? [word]
}

function networkParts(preview: Preview, home: string): string[] {
  const { network, specVersion, genesisHash, endpoint, networkOrigin, value } = preview
  const from =
    networkOrigin && networkOrigin.layer !== 'flag'
      ? ` (from ${shortPath(networkOrigin.source, home)})`
      : ''
  const worth = value === 'worthless' ? ' (worthless)' : ''
  const genesis = `genesis ${shortHash(genesisHash)}`
  return [`${network}${from}${worth}`, `spec ${specVersion}`, genesis, endpoint].map(safe)
}

/** Who signs, and the facts; names of accounts are padded so that addresses stand below each other. */
function partyRows({ signer, facts }: Preview, how: PreviewStyle, room: number): Row[] {
  const first: Fact = { label: signer.key === 'coldkey' ? 'from' : 'signed by', value: signer }
  const all = [first, ...facts]
  const names = all.flatMap(({ value }) => (typeof value === 'string' ? [] : [safe(value.name)]))
  const pad = Math.max(...names.map(widthOf))
  return all.flatMap(({ label, value, note }) => {
    const parts = typeof value === 'string' ? [safe(value)] : partyParts(value, pad, how)
    return folded(label, [...parts, safe(note ?? '')], room)
  })
}

function partyParts(
  { name, address, note }: Party,
  pad: number,
  { groups }: PreviewStyle,
): string[] {
  const shown = groups ? (address.match(/.{1,4}/g) ?? []).join(' ') : address
  const padded = safe(name) + ' '.repeat(pad - widthOf(safe(name)))
  return [padded, shown, safe(note ?? '')]
}

function feeText({ fee, signer }: Preview): string {
  return fee === null
    ? 'unknown: the chain gave no estimate'
    : `τ${formatTao(fee, 'full')}   paid by ${safe(signer.name)}`
}

/** Facts say it of the accounts that they name. */
function newNotes({ newDestinations, facts }: Preview): string[] {
  const named = facts.flatMap(({ value }) =>
    typeof value !== 'string' && value.note !== undefined ? [value.address as string] : [],
  )
  return newDestinations.filter((address) => !named.includes(address)).map(newDestinationNote)
}

/** Of an account that would get TAO, stake or power for the first time from this machine. */
export function newDestinationNote(address: string): string {
  return `new destination: ${address} was never paid from this machine`
}

function effectRows(effects: readonly Effect[], style: Style, room: number): Row[] {
  const labels = effects.map(({ label }) => safe(label))
  const before = effects.map((effect) => effectAmount(effect, effect.before))
  const after = effects.map((effect) => effectAmount(effect, effect.after))
  const amounts = effects.map(
    (_, i) => `${padLeft(before, i)} ${style.sign.arrow} ${padLeft(after, i)}`,
  )
  const lines = amounts.map((amount, i) => `${pad(labels, i)}  ${amount}`)
  // Amounts stand below each other, so what is too wide goes into another line as a whole.
  const isWide = lines.some((line) => widthOf(line) > room)
  return effects.flatMap(({ note }, i): Row[] => {
    const rows = isWide ? [labels[i] ?? '', `  ${amounts[i]}`] : [lines[i] ?? '']
    const last = rows.at(-1) ?? ''
    const noted = note ? `${last}   ${safe(note)}` : last
    const whole =
      widthOf(noted) <= room ? [...rows.slice(0, -1), noted] : [...rows, safe(note ?? '')]
    return whole.map((text, at) => [i === 0 && at === 0 ? 'after' : '', text])
  })
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

/** Longest call that is shown without being asked for. */
const LONGEST_CALL = 240

/** What the signature is for. The facts have whole addresses, so a terminal gets short ones here; calls of one kind are one row. */
function callRows({ calls, facts, era }: Preview, room: number): Row[] {
  const [first, ...others] = calls
  const full = `${first?.pallet}.${first?.name}`
  // Where the call is what was asked for, the facts are its arguments.
  if (!first || facts.some(({ label, value }) => label === 'call' && value === full)) return []
  if (others.length === 0) {
    const whole = safe(callLine(first, era))
    const line = Number.isFinite(room) ? shortAddress(whole) : whole
    const shown = line.length > LONGEST_CALL ? `${line.slice(0, LONGEST_CALL)}… (-v: whole)` : line
    return folded('call', shown.split(' '), room, ' ')
  }
  const names = calls.map(({ pallet, name }) => `${pallet}.${name}`)
  const counts = [...new Set(names)].map(
    (name) => `${name}, ${names.filter((other) => other === name).length} times`,
  )
  return counts.map((text, i): Row => [i === 0 ? 'call' : '', safe(text)])
}

function wholeCall(call: Call, era: ChainEra, room: number): Row[] {
  return [...folded('call', safe(callLine(call, era)).split(' '), room, ' '), ['', call.data]]
}

/** The preview as data, for `data.preview` of JSON. */
export function previewJson(preview: Preview) {
  const { signer, validFor } = preview
  return {
    title: preview.title,
    network: preview.network,
    networkFrom: preview.networkOrigin?.source ?? null,
    endpoint: preview.endpoint,
    specVersion: preview.specVersion,
    genesisHash: preview.genesisHash,
    block: preview.block,
    signer: {
      name: signer.name,
      key: signer.key,
      address: signer.address,
      note: signer.note ?? null,
    },
    facts: preview.facts.map(({ label, value, note }) => ({
      label,
      value: typeof value === 'string' ? value : value.address,
      name: typeof value === 'string' ? null : value.name || null,
      note: note ?? (typeof value === 'string' ? null : (value.note ?? null)),
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
    newDestinations: preview.newDestinations,
    violations: preview.violations,
    calls: preview.calls.map(({ pallet, name, args, data }) => ({ pallet, name, args, data })),
    validForBlocks: validFor.blocks,
  }
}
