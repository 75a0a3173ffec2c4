/** `btcli history`: the transactions sent from this machine, and what became of them. */
import { chainLookup } from '../cli/chainLookup.js'
import type { Context } from '../cli/context.js'
import { defineCommand, flag, option } from '../cli/define.js'
import { oneOf, wholeNumber } from '../cli/options.js'
import { journalOf } from '../cli/stateFiles.js'
import type { Block, Cell, Column, Table, View } from '../cli/table.js'
import { count, safe } from '../cli/text.js'
import { amountKind } from '../core/chain/amountKind.js'
import { networkNames } from '../core/chain/networks.js'
import { BittensorError } from '../core/errors.js'
import { isOpen, type JournalContent, type JournalEntry } from '../core/journal.js'
import { parseAccount } from '../core/keys/ss58.js'
import { outcomeOf, type Settlement, settle } from '../core/settle.js'
import { formatTao } from '../core/units.js'

const MARKS = ['included', 'not-included', 'failed'] as const

export const history = defineCommand({
  name: 'history',
  summary: 'Show the transactions sent from this machine.',
  usage: '[list | show ID | settle [ID]] [options]',
  options: {
    limit: option({
      flags: '--limit <n>',
      description: 'how many, newest first (default: 20; 0 for all)',
      parse: (text) => wholeNumber(text, 0, 1_000_000),
      default: 20,
    }),
    open: flag({ flags: '--open', description: 'only those whose outcome is not certain' }),
    account: option({
      flags: '--account <ss58>',
      description: 'only those that this account signed or was paid by',
      parse: (text) => parseAccount(text).address,
      address: 'account',
    }),
    only: option({ flags: '--only <command>', description: 'only those of this command' }),
    since: option({
      flags: '--since <date>',
      description: 'only later ones: 2025-06-01, or 7d for the last seven days',
    }),
    check: flag({ flags: '--check', description: 'the same as `settle`' }),
    mark: option({
      flags: '--mark <included|not_included|failed>',
      description: 'with settle ID: what you know yourself, for a chain that no longer exists',
      parse: (text) => oneOf(text.replaceAll('_', '-'), MARKS),
    }),
  },
  positionals: [
    {
      name: 'action',
      description: 'list, show one in full, or settle: ask the chain about open ones',
      choices: ['list', 'show', 'settle'],
    },
    { name: 'id', description: 'ID or hash of one, or its beginning' },
  ],
  examples: ['history', 'history --open', 'history settle', 'history show 3fa9 --json'],
  notes:
    'A transaction is written down before it is sent. An open one was sent, but nobody saw its end: `btcli history settle` asks the chain. Nothing secret is kept.',

  async run(ctx, values, [word, id]) {
    const action = values.check ? 'settle' : word
    const content = await journalOf(ctx).read()
    warnOfDamage(ctx, content)
    if (values.mark !== undefined && action !== 'settle') {
      throw new BittensorError('USAGE', '--mark needs `settle` and the ID of one transaction')
    }
    if (action === 'show') return { kind: 'one' as const, entry: findEntry(content, id) }
    if (action === 'settle') return settleEntries(ctx, content, { id, mark: values.mark })
    const only = commandOf(ctx, content, values.only)
    const all = content.entries.filter((entry) => fits(entry, { ...values, only }, ctx)).reverse()
    const shown = values.limit === 0 ? all : all.slice(0, values.limit)
    return { kind: 'list' as const, entries: shown, total: all.length }
  },

  render: {
    table(data, view) {
      if (data.kind === 'one') return detail(data.entry, view)
      if (data.kind === 'settled') return settledText(data, view)
      return listing(data, view)
    },
    csv: (data) => (data.kind === 'list' ? sheet(data.entries) : undefined),
    json(data) {
      if (data.kind === 'one') return { entry: toJson(data.entry) }
      if (data.kind === 'list') return { entries: data.entries.map(toJson), total: data.total }
      return {
        settled: data.settled.map(({ entry, settlement }) => ({
          ...toJson(entry),
          settlement,
        })),
        otherChains: data.elsewhere.map(toJson),
      }
    },
  },
})

function warnOfDamage(ctx: Context, { torn, foreign }: JournalContent): void {
  if (torn > 0) {
    ctx.warn(`${count(torn, 'line')} of the journal cut off by a crash: nothing was sent for them`)
  }
  if (foreign > 0) {
    ctx.warn(`${count(foreign, 'line')} of the journal not understood: ${journalOf(ctx).path}`)
  }
}

type Filter = {
  readonly open: boolean
  readonly account: string | undefined
  readonly only: string | undefined
  readonly since: string | undefined
}

function fits(entry: JournalEntry, filter: Filter, ctx: Context): boolean {
  const { account, only, since } = filter
  const network =
    ctx.origin('subtensor.network')?.layer === 'flag' ? ctx.settings.network : undefined
  const people = [entry.account, ...entry.destinations.map(({ address }) => address)]
  return (
    (!filter.open || isOpen(entry)) &&
    (account === undefined || people.includes(account)) &&
    (only === undefined || entry.command === only) &&
    (network === undefined || entry.network === network) &&
    (since === undefined || Date.parse(entry.time) >= startOf(since, ctx.clock.now()))
  )
}

/** The journal may have commands of another version; any other word is a slip. */
function commandOf(
  ctx: Context,
  { entries }: JournalContent,
  text: string | undefined,
): string | undefined {
  if (text === undefined) return undefined
  const word = text.replaceAll('-', '_')
  const written = [...new Set(entries.map(({ command }) => command))].sort()
  if (written.includes(word)) return word
  try {
    return ctx.commandNamed(text)
  } catch (error) {
    if (!(error instanceof BittensorError)) throw error
    throw new BittensorError(error.code, `--only: ${error.message}`, {
      details: written.length > 0 ? `the journal has ${written.join(', ')}` : undefined,
      hint: error.hint,
      data: error.data,
    })
  }
}

function startOf(since: string, now: Date): number {
  const days = /^(\d{1,5})d$/.exec(since)?.[1]
  if (days !== undefined) return now.getTime() - Number(days) * 86_400_000
  const time = /^\d{4}-\d\d-\d\d/.test(since) ? Date.parse(since) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw new BittensorError('USAGE', '--since: write a date such as 2025-06-01, or 7d')
}

/** One entry by the beginning of its ID or hash. */
function findEntry({ entries }: JournalContent, text: string | undefined): JournalEntry {
  if (text === undefined)
    throw new BittensorError('MISSING_INPUT', 'the ID of a transaction is missing')
  const wanted = text.toLowerCase()
  const found = entries.filter(({ id, hash }) => id.startsWith(wanted) || hash.startsWith(wanted))
  const [first, second] = found
  if (first && !second) return first
  const exact = found.find(({ id }) => id === wanted)
  if (exact) return exact
  throw new BittensorError(
    'USAGE',
    first ? `several transactions begin with ${text}` : `there is no transaction ${text}`,
    { hint: 'btcli history shows them' },
  )
}

type Settled = { readonly entry: JournalEntry; readonly settlement: Settlement }
type SettledData = {
  readonly kind: 'settled'
  readonly settled: readonly Settled[]
  /** Open ones of other chains than the one that was asked. */
  readonly elsewhere: readonly JournalEntry[]
}

async function settleEntries(
  ctx: Context,
  content: JournalContent,
  { id, mark }: { id: string | undefined; mark: (typeof MARKS)[number] | undefined },
): Promise<SettledData> {
  const entries = id === undefined ? content.entries : [findEntry(content, id)]
  const open = entries.filter(isOpen)
  if (mark !== undefined) return markEntry(ctx, open, { id, mark })
  if (open.length === 0) return { kind: 'settled', settled: [], elsewhere: [] }
  const chain = await ctx.chain()
  const lookup = chainLookup(chain)
  const here = open.filter((entry) => entry.genesisHash === chain.genesisHash)
  const settled: Settled[] = []
  await ctx.progress(`Looking for ${count(here.length, 'transaction')}`, async (update) => {
    for (const entry of here) {
      update(
        `Looking for ${entry.command} of ${shortTime(entry)} (${settled.length + 1}/${here.length})`,
      )
      const settlement = await settle(entry, lookup)
      const outcome = outcomeOf(settlement)
      if (outcome) await journalOf(ctx).decide(entry.id, outcome)
      settled.push({ entry, settlement })
    }
  })
  return { kind: 'settled', settled, elsewhere: open.filter((entry) => !here.includes(entry)) }
}

async function markEntry(
  ctx: Context,
  open: readonly JournalEntry[],
  { id, mark }: { id: string | undefined; mark: (typeof MARKS)[number] },
): Promise<SettledData> {
  const [entry] = open
  if (id === undefined || !entry) {
    throw new BittensorError('USAGE', '--mark needs the ID of one open transaction')
  }
  const sure = await ctx.prompt.confirm({
    message: `If ${entry.command} of ${shortTime(entry)} is not really ${mark}, running it again can pay twice. Write it down?`,
  })
  if (!sure) throw new BittensorError('DECLINED', 'nothing was changed')
  await journalOf(ctx).decide(entry.id, { outcome: mark, error: 'marked by hand' })
  const block = 0
  const lastBlock = entry.era === 'immortal' ? 0 : entry.era.death
  const settlement: Settlement =
    mark === 'included'
      ? { state: 'included', block, certain: false }
      : mark === 'failed'
        ? { state: 'failed', block, error: 'marked by hand' }
        : { state: 'not-included', lastBlock }
  return { kind: 'settled', settled: [{ entry, settlement }], elsewhere: [] }
}

function shortTime({ time }: JournalEntry): string {
  return time.slice(0, 19).replace('T', ' ')
}

function outcomeText(entry: JournalEntry): string {
  if (isOpen(entry)) return 'open'
  const kind = entry.outcome?.outcome
  return kind === 'finalized' ? 'final' : kind === 'not-included' ? 'not included' : `${kind}`
}

function outcomeCell(entry: JournalEntry): Cell {
  const text = outcomeText(entry)
  const paint = text === 'open' ? 'yellow' : text === 'failed' ? 'red' : undefined
  return paint ? { text, paint } : text
}

function listing(
  { entries, total }: { readonly entries: readonly JournalEntry[]; readonly total: number },
  { style }: View,
): Block {
  const columns: Column[] = [
    { title: 'TIME (UTC)' },
    { title: 'COMMAND' },
    { title: 'FROM', address: true, optional: 5 },
    { title: 'TO', address: true, optional: 2 },
    { title: `SPENT (${style.sign.tao})`, align: 'right' },
    { title: `FEE (${style.sign.tao})`, align: 'right', optional: 6 },
    { title: 'OUTCOME' },
    { title: 'BLOCK', align: 'right', optional: 4 },
    { title: 'NETWORK', optional: 3 },
    { title: 'ID' },
  ]
  const open = entries.filter(isOpen).length
  const more = entries.length < total ? `${entries.length} of ` : ''
  const hint = open > 0 ? ` ${style.sign.dot} ${open} open: btcli history settle` : ''
  return {
    columns,
    rows: entries.map((entry) => [
      shortTime(entry),
      entry.command,
      entry.account,
      entry.destinations.map(({ address }) => address).join('\n'),
      tao(entry.spendRao),
      tao(entry.feeRao),
      outcomeCell(entry),
      entry.outcome?.block,
      entry.network,
      entry.id,
    ]),
    note: `${more}${count(total, 'transaction')}, newest first${hint}`,
    empty: 'No transaction was sent from this machine, or none fits.',
  }
}

function tao(amount: bigint | null): string {
  return amount === null ? '?' : formatTao(amount, 'full')
}

function detail(entry: JournalEntry, view: View): Block {
  const { outcome, era } = entry
  const lines: (readonly [string, string | undefined])[] = [
    ['id', entry.id],
    ['time', entry.time],
    ['command', entry.command],
    ['network', `${entry.network}, spec ${entry.specVersion}`],
    ['genesis', entry.genesisHash],
    ['from', entry.account],
    ...entry.destinations.map(
      ({ address, amountRao }) =>
        ['to', `${address} ${view.style.sign.tao}${tao(amountRao)}`] as const,
    ),
    ['call', entry.call.name],
    ...Object.entries(entry.call.args).map(
      ([name, value]) => [`  ${name}`, argument(entry.call.name, name, value)] as const,
    ),
    ['spent', `${view.style.sign.tao}${tao(entry.spendRao)}`],
    ['fee', `${view.style.sign.tao}${tao(entry.feeRao)} (estimate)`],
    ['hash', entry.hash],
    ['nonce', `${entry.nonce}`],
    ['valid', era === 'immortal' ? 'for ever' : `blocks ${era.birth} to ${era.death}`],
    ['outcome', outcomeText(entry)],
    ['block', outcome?.block === undefined ? undefined : `${outcome.block}`],
    ['reason', outcome?.error],
  ]
  return lines
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(10)}${safe(value)}`]))
    .join('\n')
}

/** Where the runtime's names leave no doubt, an amount has its unit; else it stands as it is written down. */
function argument(call: string, name: string, value: unknown): string {
  const [pallet = ''] = call.split('.')
  const isAmount = typeof value === 'string' && /^\d+$/.test(value)
  if (isAmount && amountKind({ era: 'dtao', pallet, name }) === 'tao') {
    return `τ${formatTao(BigInt(value))}`
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function settledText({ settled, elsewhere }: SettledData, { style }: View): Block {
  const lines = settled.map(({ entry, settlement }) => {
    const good = settlement.state === 'included'
    const sign = good ? style.green(style.sign.ok) : style.yellow(style.sign.warn)
    return `${sign} ${entry.id} ${entry.command} of ${shortTime(entry)}: ${settlementText(settlement)}`
  })
  const others = new Set(elsewhere.map(({ network }) => network))
  for (const network of others) {
    const n = elsewhere.filter((entry) => entry.network === network).length
    // An endpoint without a name is written down as its host.
    const url = /^(127\.|localhost|\[::1\])/.test(network) ? `ws://${network}` : `wss://${network}`
    const where = networkNames.includes(network)
      ? `--subtensor.network ${network}`
      : `--subtensor.chain_endpoint ${url}`
    lines.push(`${n} open on ${network}: btcli history settle ${where}`)
  }
  return lines.length === 0 ? 'No transaction is open.' : lines.join('\n')
}

function settlementText(settlement: Settlement): string {
  switch (settlement.state) {
    case 'included':
      return `in block ${settlement.block}${settlement.certain ? '' : ', success not verified'}`
    case 'failed':
      return `in block ${settlement.block}, but failed: ${settlement.error}`
    case 'not-included':
      return 'not included, and can not be any more; it is safe to try again'
    case 'open':
      if (settlement.lastBlock === undefined) return 'still open'
      return settlement.blocksLeft === 0
        ? `still open until block ${settlement.lastBlock} is final`
        : `still open for ${count(settlement.blocksLeft ?? 0, 'block')}, until block ${settlement.lastBlock}`
  }
}

function toJson(entry: JournalEntry) {
  return {
    ...entry,
    era: entry.era === 'immortal' ? null : entry.era,
    outcome: entry.outcome ?? null,
    open: isOpen(entry),
  }
}

/** The journal for spreadsheets: more than fits a screen. */
function sheet(entries: readonly JournalEntry[]): Table {
  const header =
    'time,id,command,network,account,destinations,call,spend,fee,outcome,block,error,hash,nonce'
  const amount = (exact: bigint | null): Cell => ({ text: '', exact, unit: 'tao' })
  return {
    columns: header.split(',').map((title) => ({ title })),
    rows: entries.map((entry) => [
      entry.time,
      entry.id,
      entry.command,
      entry.network,
      entry.account,
      entry.destinations.map(({ address }) => address).join(' '),
      entry.call.name,
      amount(entry.spendRao),
      amount(entry.feeRao),
      isOpen(entry) ? 'open' : entry.outcome?.outcome,
      entry.outcome?.block,
      entry.outcome?.error,
      entry.hash,
      entry.nonce,
    ]),
  }
}
