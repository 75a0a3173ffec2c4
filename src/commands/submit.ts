/** `btcli submit`: sends what `sign_tx` has signed, each transaction at most once. */
import { humanCall } from '../cli/anyCall.js'
import { humanLine } from '../cli/chainValues.js'
import type { Context } from '../cli/context.js'
import { defineCommand } from '../cli/define.js'
import type { Intended } from '../cli/guard.js'
import { newDestinations } from '../cli/knownDestinations.js'
import { ownSigning } from '../cli/options.js'
import { absolutePath } from '../cli/paths.js'
import { newDestinationNote, type Row, rowsText } from '../cli/preview.js'
import { paidFee, successText } from '../cli/results.js'
import { receiptJson } from '../cli/sendAll.js'
import { historyFolder } from '../cli/stateFiles.js'
import type { Style } from '../cli/style.js'
import { count, safe, shortHash } from '../cli/text.js'
import { readFreeBalance } from '../core/chain/balances.js'
import { buildCall } from '../core/chain/calls.js'
import { decodeAs } from '../core/chain/decodeAny.js'
import type { HumanValue } from '../core/chain/humanValue.js'
import { explorerLink } from '../core/chain/networks.js'
import type {
  Call,
  ChainClient,
  Receipt,
  Sent,
  SignedTransaction,
  TransactionFate,
} from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import { fromHex } from '../core/keys/hex.js'
import type { SignedFile } from '../core/offline.js'
import { spendOf } from '../core/plans/callSpend.js'
import { feeReader } from '../core/plans/plan.js'
import { formatTao } from '../core/units.js'

type Outcome =
  | { readonly kind: 'sent'; readonly receipt: Receipt | Sent }
  /** It stood on the chain before this run. */
  | { readonly kind: 'there'; readonly receipt: Receipt }

const { dryRun, waitForFinalization, noWait, allowDuplicate } = ownSigning

export const submit = defineCommand({
  name: 'submit',
  summary: 'Send transactions that sign_tx has signed.',
  usage: '<file> [options]',
  options: { dryRun, waitForFinalization, noWait, allowDuplicate },
  positionals: [{ name: 'file', description: 'file that sign_tx has written', required: true }],
  examples: ['submit t.signed.json', 'submit t.signed.json -y --json_output'],
  notes:
    'A transaction that is on the chain already is found and reported, not sent again. No key and no password is needed.',

  async run(ctx, values, [name = '']) {
    const { readSigned } = await import('../core/offline.js')
    const file = await readSigned(absolutePath(name, ctx.paths))
    const client = await ctx.chain()
    checkChain(client, file)
    const all = file.transactions.map((transaction) => ({
      transaction,
      call: callOf(client, transaction),
    }))
    const earlier = await Promise.all(
      all.map(({ transaction }) => fateBefore(ctx, client, transaction)),
    )
    const open = all.filter((_, i) => earlier[i]?.fate !== 'included')
    const intended = await intendedOf(ctx, client, file, open)
    const strangers = await newDestinations(ctx, intended)
    if (!ctx.settings.json) {
      const { style, columns } = ctx.stderr
      const rows = [
        ...rowsOf(client, file, all, earlier),
        ...(await costRows(client, intended, style)),
        ...strangers.map(strangerRow),
      ]
      ctx.stderr.write(rowsText('Submit', rows, columns))
    }
    const violations: string[] = []
    for (const guard of ctx.guards) violations.push(...((await guard.review?.(intended)) ?? []))
    if (violations.length > 0 && !values.dryRun) throw forbidden(violations)
    const calls = all.map(({ call }) => humanCall(client, call))
    const facts = { client, file, calls, violations, strangers, fees: sumOf(intended) }
    if (values.dryRun) return { dryRun: true, ...facts, outcomes: [] }
    const outcomes: Outcome[] = []
    if (open.length > 0) await confirm(ctx, open.length)
    for (const [i, { transaction }] of all.entries()) {
      const before = earlier[i]
      if (before?.fate === 'included') outcomes.push({ kind: 'there', receipt: before.receipt })
      else {
        const meant = intended[open.findIndex((one) => one.transaction === transaction)] as Intended
        outcomes.push({
          kind: 'sent',
          receipt: await send(ctx, { client, transaction, meant, values }),
        })
      }
    }
    return { dryRun: false, ...facts, outcomes }
  },

  render: {
    table({ dryRun, client, file, outcomes }, { style }) {
      if (dryRun)
        return `Dry run: nothing was sent. ${count(file.transactions.length, 'transaction')} can be sent.`
      return outcomes
        .map(({ kind, receipt }) =>
          successText(
            {
              headline: kind === 'there' ? 'It was on the chain already; nothing was sent' : 'Sent',
              receipt,
              fee: paidFee(receipt, null),
              changes: [],
              explorer:
                receipt.outcome === 'sent' ? undefined : explorerLink(client, receipt.blockHash),
            },
            style,
          ),
        )
        .join('')
    },
    json: ({ dryRun, file, calls, outcomes, violations, strangers, fees }): Answer => ({
      dryRun,
      account: file.account,
      feeRao: fees,
      newDestinations: strangers,
      violations,
      transactions: file.transactions.map(({ hash, nonce, era }, i) => {
        const outcome = outcomes[i]
        return {
          extrinsicHash: hash,
          nonce,
          era,
          call: calls[i] ?? null,
          sentBefore: outcome?.kind === 'there',
          ...(outcome ? receiptJson(outcome.receipt) : {}),
        }
      }),
    }),
  },
})

type Answer = {
  readonly dryRun: boolean
  readonly account: string
  /** Of those that are not on the chain yet; null if the chain gives no estimate. */
  readonly feeRao: bigint | null
  readonly newDestinations: readonly string[]
  readonly violations: readonly string[]
  readonly transactions: readonly {
    readonly extrinsicHash: string
    readonly nonce: number
    readonly era: SignedTransaction['era']
    readonly call: HumanValue
    readonly sentBefore: boolean
    readonly blockHash?: string | null
    readonly blockNumber?: number | null
    readonly extrinsicIndex?: number
    readonly finalized?: boolean
  }[]
}

/** A signature is good for one chain and one runtime. */
function checkChain(client: ChainClient, file: SignedFile): void {
  if (client.genesisHash !== file.genesisHash) {
    throw new BittensorError('USAGE', 'this was signed for another chain', {
      details: `it was signed for ${safe(file.network)}, genesis ${file.genesisHash}; ${client.network} has genesis ${client.genesisHash}\nnothing was sent`,
      hint: 'name the network: --subtensor.network',
    })
  }
  if (client.specVersion === file.specVersion) return
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this was signed for spec ${file.specVersion}, the chain has spec ${client.specVersion} now`,
    {
      details: 'the chain would refuse it; nothing was sent',
      hint: 'make the file again with --unsigned, and sign that',
    },
  )
}

/** The call that the chain will read from the signed bytes; the file may say what it likes. */
function callOf(client: ChainClient, { bytes, from, nonce }: SignedTransaction): Call {
  const { description } = client.runtime
  const read = decodeAs(description, fromHex(bytes) ?? new Uint8Array(), 'extrinsic')
  if (read.kind !== 'extrinsic') throw new BittensorError('USAGE', 'these bytes are no transaction')
  const decoded = read.extrinsic
  const said = decoded.extensions['CheckNonce']
  if (decoded.signer !== from || Number(said) !== nonce) {
    throw new BittensorError('USAGE', 'the file contradicts itself: signer or nonce', {
      details: 'nothing was sent',
    })
  }
  const { pallet, name, args } = decoded.call
  return buildCall(client, pallet, name, args)
}

/** What became of the same bytes earlier. */
async function fateBefore(
  ctx: Context,
  client: ChainClient,
  transaction: SignedTransaction,
): Promise<TransactionFate | undefined> {
  const { findTransaction } = await import('../core/chain/findTransaction.js')
  const fate = await findTransaction(client, transaction)
  if (fate.fate === 'failed') {
    throw new BittensorError('EXTRINSIC_FAILED', 'the chain has refused this transaction already', {
      details: `block ${fate.block.number}: ${fate.error.pallet}.${fate.error.name}: ${fate.error.docs}`,
      hint: fate.error.remedy,
      data: { hash: transaction.hash, blockNumber: fate.block.number },
    })
  }
  const { number } = await client.head()
  const { era } = transaction
  // Not final yet, but no block to come can take it.
  const isOver = fate.fate === 'unknown' && era !== 'immortal' && number >= era.death
  if (fate.fate === 'expired' || isOver) {
    throw new BittensorError('TIMEOUT', 'this transaction can not be included any more', {
      details: `its validity is over, or another one took its number; nothing was sent; ${transaction.hash}`,
      hint: 'make the file again with --unsigned, and sign that',
      data: { hash: transaction.hash, sent: false },
    })
  }
  if (fate.fate === 'unknown') await refuseSecond(ctx, transaction)
  return fate
}

/** Sent before and still open: the same bytes may yet be included. */
async function refuseSecond(ctx: Context, { hash, era }: SignedTransaction): Promise<void> {
  const { openJournal } = await import('../core/journal.js')
  const journal = openJournal({ directory: historyFolder(ctx), now: () => ctx.clock.now() })
  const { entries } = await journal.read()
  const before = entries.find(
    (entry) => entry.hash === hash && entry.outcome?.outcome !== 'not-included',
  )
  if (!before || ctx.origin('allow_duplicate')) return
  const until = era === 'immortal' ? 'at any time' : `until block ${era.death}`
  throw new BittensorError(
    'UNKNOWN_OUTCOME',
    `this was sent before, on ${before.time.slice(0, 16)}`,
    {
      details: `it may still be included ${until}; nothing was sent now; ${hash}`,
      hint: 'look again later; --allow_duplicate sends the same bytes again, which a chain takes only once',
      data: { hash, sent: true },
    },
  )
}

type Open = { readonly transaction: SignedTransaction; readonly call: Call }

async function intendedOf(
  ctx: Context,
  client: ChainClient,
  file: SignedFile,
  open: readonly Open[],
): Promise<readonly Intended[]> {
  const feeOf = feeReader(client, file.account)
  const fees = await Promise.all(open.map(({ call }) => feeOf(call)))
  return open.map(({ call }, i) => ({
    network: client.network,
    genesisHash: client.genesisHash,
    value: client.value,
    specVersion: client.specVersion,
    command: ctx.command,
    account: file.account,
    call,
    asked: call.args,
    netuids: [],
    destinations: [],
    spendRao: spendOf(client, call),
    feeRao: fees[i] ?? null,
  }))
}

/** Null as soon as one of them is not known. */
function sumOf(intended: readonly Intended[], what: 'feeRao' | 'spendRao' = 'feeRao') {
  return intended.reduce<bigint | null>((sum, { [what]: one }) => {
    return sum === null || one === null ? null : sum + one
  }, 0n)
}

async function costRows(
  client: ChainClient,
  intended: readonly Intended[],
  { sign }: Style,
): Promise<Row[]> {
  const [first] = intended
  if (!first) return []
  const free = await readFreeBalance(await client.at(), first.account)
  const [fees, spend] = [sumOf(intended), sumOf(intended, 'spendRao')]
  const after =
    fees === null || spend === null ? 'unknown' : `τ${formatTao(free - spend - fees, 'full')}`
  return [
    ['fee', fees === null ? 'unknown: the chain gave no estimate' : `τ${formatTao(fees, 'full')}`],
    ['after', `free  τ${formatTao(free, 'full')} ${sign.arrow} ${after}`],
  ]
}

function strangerRow(address: string): Row {
  return ['note', newDestinationNote(address)]
}

function rowsOf(
  client: ChainClient,
  file: SignedFile,
  all: readonly Open[],
  earlier: readonly (TransactionFate | undefined)[],
): Row[] {
  const rows: Row[] = [
    [
      'network',
      `${client.network} · spec ${client.specVersion} · genesis ${shortHash(client.genesisHash)} · ${client.endpoint}`,
    ],
    ['signed by', file.account],
  ]
  for (const [i, { transaction, call }] of all.entries()) {
    const { call: name, args } = humanCall(client, call) as {
      readonly call: string
      readonly args: Readonly<Record<string, HumanValue>>
    }
    rows.push(['call', name])
    for (const [label, value] of Object.entries(args)) rows.push([label, humanLine(value)])
    const { era, hash } = transaction
    rows.push(['valid', era === 'immortal' ? 'for ever' : `until block ${era.death}`])
    rows.push(['hash', hash])
    if (earlier[i]?.fate === 'included') rows.push(['note', 'on the chain already'])
  }
  return rows
}

function forbidden(violations: readonly string[]): BittensorError {
  return new BittensorError('POLICY', 'your policy forbids this', {
    details: [...violations, 'nothing was sent'].join('\n'),
    data: { violations },
  })
}

async function confirm(ctx: Context, many: number): Promise<void> {
  const agreed = await ctx.prompt.confirm({ message: `Send ${count(many, 'transaction')}?` })
  if (!agreed) throw new BittensorError('DECLINED', 'declined, nothing was sent')
}

type Sending = {
  readonly client: ChainClient
  readonly transaction: SignedTransaction
  readonly meant: Intended
  readonly values: { readonly waitForFinalization: boolean; readonly noWait: boolean }
}

/** Journal, locks and limits stand around it as around every transaction. */
async function send(
  ctx: Context,
  { client, transaction, meant, values }: Sending,
): Promise<Receipt | Sent> {
  const { submitSigned } = await import('../core/chain/submit.js')
  const leaves: (() => Promise<void>)[] = []
  try {
    for (const guard of ctx.guards) {
      const leave = await guard.enter?.([meant])
      if (leave) leaves.push(leave)
    }
    for (const guard of ctx.guards) await guard.beforeSend?.(meant, transaction)
    ctx.noteSent(transaction.hash)
    ctx.say(`Sending ${transaction.hash}`)
    const receipt = await ctx
      .progress('Waiting for a block …', () =>
        submitSigned(client, transaction, {
          wait: values.noWait ? 'none' : values.waitForFinalization ? 'finalization' : 'inclusion',
          signal: ctx.signal,
        }),
      )
      .catch(async (error: unknown) => {
        for (const guard of ctx.guards) await guard.ended?.(meant, { ok: false, error })
        throw error
      })
    for (const guard of ctx.guards) await guard.ended?.(meant, { ok: true, receipt })
    if (receipt.outcome !== 'sent') ctx.atBlock(receipt.blockNumber)
    return receipt
  } finally {
    for (const leave of leaves.reverse()) await leave()
  }
}
