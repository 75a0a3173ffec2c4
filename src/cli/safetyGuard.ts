/**
 * What stands around every transaction to protect the user's money: the policy, the journal, the question about a
 * transaction whose outcome is not known yet, and a lock, so that two processes with one key do not race.
 */
import { type AccountLock, lockAccount } from '../core/accountLock.js'
import { callFacts, paymentsOf } from '../core/callFacts.js'
import { BittensorError } from '../core/errors.js'
import {
  intentDigest,
  type JournalContent,
  type JournalEntry,
  type Outcome,
  type Payment,
} from '../core/journal.js'
import { loadPolicy, type Policy, policyPath } from '../core/policy.js'
import { findViolations, type Intended as Limited, policyError } from '../core/policyCheck.js'
import type { ProcessProbe } from '../core/processProbe.js'
import {
  type Duplicates,
  duplicateError,
  duplicateText,
  type Earlier,
  findDuplicates,
  remember,
  undecided,
} from '../core/settle.js'
import { spentBy } from '../core/spent.js'
import type { Context } from './context.js'
import type { Ending, Guard, Intended } from './guard.js'
import { historyFolder, journalOf, stateFolder } from './stateFiles.js'

/** What the guard needs of a context. */
export type SafetyContext = Pick<
  Context,
  'chain' | 'clock' | 'command' | 'paths' | 'prompt' | 'say' | 'settings' | 'signal' | 'warn'
>

export type SafetyOptions = {
  readonly self: ProcessProbe
  /** Whether `--allow_duplicate` was given. */
  readonly allowDuplicate: () => boolean
}

/** Makes the guard of one run. */
export function safetyGuard(ctx: SafetyContext, options: SafetyOptions): Guard {
  const journal = journalOf(ctx)
  const entries = new Map<Intended, JournalEntry>()
  const refused = new Map<Intended, BittensorError>()
  const locks = new Map<string, AccountLock>()
  // What was written down before the person saw the preview: what comes later is another process's.
  let seen: JournalContent | undefined

  async function releaseAll(): Promise<void> {
    for (const lock of locks.values()) await lock.release()
    locks.clear()
  }

  async function enter(all: readonly Intended[]): Promise<() => Promise<void>> {
    refused.clear()
    try {
      for (const account of new Set(all.map(({ account }) => account).sort())) {
        locks.set(account, await lock(ctx, options, account))
      }
      for (const intended of all) {
        const refusal = await duplicateRefusal(ctx, options, intended, seen)
        if (refusal) refused.set(intended, refusal)
      }
      const [first] = refused.values()
      if (first && refused.size === all.length) throw first
      return releaseAll
    } catch (error) {
      await releaseAll()
      throw error
    }
  }

  async function beforeSend(
    intended: Intended,
    transaction: Parameters<NonNullable<Guard['beforeSend']>>[1],
  ): Promise<void> {
    const refusal = refused.get(intended)
    if (refusal) throw refusal
    const { era } = transaction
    const entry = await journal.record({
      ...fieldsOf(intended),
      nonce: transaction.nonce,
      era: era === 'immortal' ? era : { birth: era.birth, death: era.death },
      hash: transaction.hash,
    })
    entries.set(intended, entry)
    if (seen) seen = { ...seen, entries: [...seen.entries, entry] }
    try {
      // With the line written: of two processes that come at once, each sees what the other is about to spend.
      await checkAgain(ctx, intended, await journal.read(), entry.id)
      await locks.get(intended.account)?.assertHeld()
    } catch (error) {
      await journal.decide(entry.id, { outcome: 'not-included', error: 'stopped before sending' })
      entries.delete(intended)
      throw error
    }
  }

  async function ended(intended: Intended, ending: Ending): Promise<void> {
    const entry = entries.get(intended)
    const outcome = entry && outcomeOf(entry, ending)
    entries.delete(intended)
    if (!entry || !outcome) return
    try {
      await journal.decide(entry.id, outcome)
    } catch (error) {
      // What became of the transaction matters more than that it could not be written down.
      ctx.warn(error instanceof Error ? error.message : 'the journal cannot be written')
    }
  }

  return {
    async review(all) {
      // Where it cannot be read nothing is sent, but a dry run need not fail.
      seen ??= await journal.read().catch(() => undefined)
      return review(ctx, all)
    },
    enter,
    beforeSend,
    ended,
  }
}

function lock(ctx: SafetyContext, { self }: SafetyOptions, account: string): Promise<AccountLock> {
  return lockAccount({
    directory: historyFolder(ctx),
    account,
    command: ctx.command,
    self,
    now: () => ctx.clock.now(),
    sleep: (ms, signal) => ctx.clock.sleep(ms, signal),
    signal: ctx.signal,
    onWait: (holder) =>
      ctx.say(
        holder
          ? `Waiting for btcli ${holder.command} (process ${holder.pid}), which is using this account …`
          : 'Waiting for another process that is using this account …',
      ),
  })
}

/** Why a transaction must not be sent (again), or undefined. */
async function duplicateRefusal(
  ctx: SafetyContext,
  { allowDuplicate }: SafetyOptions,
  intended: Intended,
  seen: JournalContent | undefined,
): Promise<BittensorError | undefined> {
  const journal = journalOf(ctx)
  const intent = intentOf(intended)
  if ((await undecided(journal, intent, seen)).length === 0) return undefined
  const { chainLookup } = await import('./chainLookup.js')
  const duplicates = await findDuplicates(journal, intent, chainLookup(await ctx.chain()), seen)
  for (const one of duplicates.earlier) ctx.say(earlierText(one))
  if (duplicates.verdict === 'clear' || allowDuplicate()) {
    await remember(journal, duplicates.earlier)
    return undefined
  }
  // Without a person nothing is taken note of: a script that tries again and again is refused again and again.
  if (!ctx.settings.interactive) return duplicateError(duplicates)
  const sure = await askAboutDuplicate(ctx, duplicates)
  await remember(journal, duplicates.earlier)
  return sure ? undefined : new BittensorError('DECLINED', 'declined, nothing was sent')
}

function askAboutDuplicate(ctx: SafetyContext, duplicates: Duplicates): Promise<boolean> {
  const text = duplicateText(duplicates)
  return ctx.prompt.confirm({
    message: `${text.charAt(0).toUpperCase()}${text.slice(1)}. Send another?`,
    onlyBy: '--allow_duplicate',
  })
}

function earlierText({ entry, settlement }: Earlier): string {
  const what = `An earlier ${entry.command} of ${entry.time.slice(0, 19).replace('T', ' ')} (UTC)`
  switch (settlement.state) {
    case 'included':
      return `${what} was included in block ${settlement.block}.`
    case 'failed':
      return `${what} was in block ${settlement.block}, but failed: ${settlement.error}.`
    case 'not-included':
      return `${what} was not included and can not be any more.`
    case 'open':
      return `${what} is still open.`
  }
}

/** The same with another limit on the price, or without one, is the same wish. */
function intentOf({ genesisHash, account, call, asked }: Intended): string {
  const name = call.name.replace(/(_full)?_limit$/, '')
  return intentDigest({ genesisHash, account, call: `${call.pallet}.${name}`, args: asked })
}

type Fields = Parameters<ReturnType<typeof journalOf>['record']>[0]

function fieldsOf(intended: Intended): Omit<Fields, 'nonce' | 'era' | 'hash'> {
  const { call } = intended
  return {
    network: intended.network,
    genesisHash: intended.genesisHash,
    specVersion: intended.specVersion,
    command: intended.command,
    account: intended.account,
    call: { name: `${call.pallet}.${call.name}`, args: call.args },
    intent: intentOf(intended),
    spendRao: intended.spendRao,
    feeRao: intended.feeRao,
    destinations: paymentsOf(intended),
  }
}

function limitedOf(intended: Intended): Limited {
  const { calls, hidden, netuids, payments } = callFacts(intended.call, intended.hashed)
  const { network, genesisHash, value, command, spendRao, feeRao } = intended
  return {
    network,
    genesisHash,
    value,
    command,
    calls: hidden ? [...calls, HIDDEN] : calls,
    netuids: hidden ? undefined : [...new Set([...intended.netuids, ...netuids])],
    destinations: hidden ? undefined : destinationsOf(intended, payments),
    spendRao,
    feeRao,
  }
}

/** No rule can name it, so a list of allowed calls never has it. */
const HIDDEN = 'a call of which only the hash is known'

function destinationsOf(intended: Intended, payments: readonly Payment[]): readonly Payment[] {
  const told = paymentsOf(intended)
  return [
    ...told,
    ...payments.filter(({ address }) => !told.some((one) => one.address === address)),
  ]
}

async function policyOf(ctx: SafetyContext): Promise<{ policy: Policy | undefined; path: string }> {
  const path = await policyPath(stateFolder(ctx))
  return { policy: await loadPolicy(path), path }
}

/** Transactions of one run count together: each is checked as if those before it were done. */
async function review(ctx: SafetyContext, all: readonly Intended[]): Promise<readonly string[]> {
  const { policy } = await policyOf(ctx)
  if (!policy) return []
  const now = ctx.clock.now()
  const content = await journalOf(ctx).read()
  const planned: JournalEntry[] = []
  const found: string[] = []
  for (const intended of all) {
    const journal = { ...content, entries: [...content.entries, ...planned] }
    for (const { rule, message } of findViolations(policy, limitedOf(intended), { journal, now })) {
      found.push(`${message} (${rule})`)
    }
    planned.push({
      ...fieldsOf(intended),
      call: { name: '', args: {} },
      destinations: paymentsOf(intended),
      id: `planned ${planned.length}`,
      time: now.toISOString(),
      nonce: 0,
      era: 'immortal',
      hash: '',
      outcome: undefined,
    })
  }
  return [...new Set(found)]
}

async function checkAgain(
  ctx: SafetyContext,
  intended: Intended,
  journal: JournalContent,
  except: string,
): Promise<void> {
  const { policy, path } = await policyOf(ctx)
  if (!policy) return
  const history = { journal, now: ctx.clock.now(), except }
  const violations = findViolations(policy, limitedOf(intended), history)
  if (violations.length > 0) throw policyError(violations, path)
}

/** The line for an ending. */
function outcomeOf({ call }: JournalEntry, ending: Ending): Omit<Outcome, 'time'> {
  if (ending.ok) {
    const { receipt } = ending
    if (receipt.outcome === 'sent') return { outcome: 'sent' }
    const spentRao = spentBy(call, receipt.events)
    const spent = spentRao === undefined ? {} : { spentRao }
    return { outcome: receipt.outcome, block: receipt.blockNumber, ...spent }
  }
  const error = ending.error instanceof BittensorError ? ending.error : undefined
  const { sent, included, blockNumber, pallet, name } = error?.data ?? {}
  const block = typeof blockNumber === 'number' ? { block: blockNumber } : {}
  if (included === true) return { outcome: 'included', ...block }
  if (sent === false || included === false) {
    return { outcome: 'not-included', error: error?.message ?? 'nothing was sent' }
  }
  if (error?.code === 'EXTRINSIC_FAILED' && typeof blockNumber === 'number') {
    return { outcome: 'failed', ...block, error: `${String(pallet)}.${String(name)}` }
  }
  return { outcome: 'unknown' }
}
