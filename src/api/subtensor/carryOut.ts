/** Carries out a plan: the same checks as the command's, then signing and sending, one transaction at a time per account. */
import { untilBlock } from '../../core/chain/heads.js'
import { submit } from '../../core/chain/submit.js'
import type {
  Call,
  ChainClient,
  ChainEvent,
  Hex,
  Receipt,
  Sent,
  SignedTransaction,
  SubmitPhase,
} from '../../core/chain/types.js'
import { BittensorError } from '../../core/errors.js'
import type { Keypair } from '../../core/keys/keypair.js'
import type { Ss58 } from '../../core/keys/ss58.js'
import { rateLimit } from '../../core/plans/ownHotkey.js'
import {
  feeReader,
  type Operation,
  type Party,
  type Plan,
  type Planning,
} from '../../core/plans/plan.js'
import { type Failed, sendEach } from '../../core/plans/sendEach.js'
import { type Amount, Balance, raoOf } from '../balance.js'

/** What a wallet must offer to sign with; `Wallet` does. */
export type SigningWallet = {
  readonly name: string
  readonly hotkeyName: string
  coldkeypubAddress(): Promise<Ss58>
  hotkeyAddress(): Promise<Ss58>
  unlockColdkey(): Promise<Keypair>
  unlockHotkey(): Promise<Keypair>
}

/** How a transaction is sent. */
export type SubmitSettings = {
  /** What to wait for: a block that has it, its finality, or nothing. */
  readonly wait?: 'inclusion' | 'finalization' | 'none' | undefined
  /** Blocks the transaction stays valid, rounded up to a power of two; 64 by default. */
  readonly period?: number | undefined
  /** For the block author on top of the fee. */
  readonly tip?: Amount | undefined
  /** Gives up with `INTERRUPTED`; `data.sent` tells whether the transaction had left. */
  readonly signal?: AbortSignal | undefined
  /** Hears how far it is. */
  readonly onPhase?: ((phase: SubmitPhase) => void) | undefined
  /** Runs with what is needed to find the transaction again before it is sent: a place to write it down. */
  readonly beforeSend?: ((transaction: SignedTransaction) => Promise<void>) | undefined
}

/** Who signs, and how it is sent. */
export type ExtrinsicOptions = SubmitSettings & { readonly wallet: SigningWallet }

/** A transaction that the chain has taken; a failure is thrown. With `wait: 'none'` there is no block yet. */
export type ExtrinsicResult = {
  readonly ok: true
  readonly extrinsicHash: Hex
  readonly blockHash: Hex | undefined
  readonly blockNumber: number | undefined
  /** Events of this transaction in order. */
  readonly events: readonly ChainEvent[]
  /** What was really paid; undefined while unknown. */
  readonly fee: Balance | undefined
  readonly transaction: SignedTransaction
}

/** Part of something done in several transactions. */
export type PartResult = (ExtrinsicResult & { readonly label: string }) | Failed

/** Lets the transactions of an account be signed and sent in turn, so that no two get the same number. */
export type Turns = <T>(address: string, work: (release: () => void) => Promise<T>) => Promise<T>

/** Makes the turns of a connection. A turn ends when its work does, or earlier when it says so. */
export function createAccountTurns(): Turns {
  const tails = new Map<string, Promise<void>>()
  return async (address, work) => {
    const before = tails.get(address)
    let release: () => void = () => undefined
    const turn = new Promise<void>((resolve) => {
      release = resolve
    })
    tails.set(address, turn)
    await before
    try {
      return await work(release)
    } finally {
      release()
      if (tails.get(address) === turn) tails.delete(address)
    }
  }
}

/** Signs and sends one call. */
export async function send(
  client: ChainClient,
  turns: Turns,
  part: { readonly call: Call; readonly signer: Keypair; readonly settings: SubmitSettings },
): Promise<ExtrinsicResult> {
  const { call, signer, settings } = part
  const { wait, period, tip, signal, onPhase, beforeSend } = settings
  const receipt = await turns(signer.address, (release) =>
    submit(client, {
      call,
      signer,
      wait,
      signal,
      beforeSend,
      era: period,
      tip: tip === undefined ? undefined : raoOf(tip),
      onPhase: (phase) => {
        if (phase.phase !== 'signing' && phase.phase !== 'sending') release()
        onPhase?.(phase)
      },
    }),
  )
  return resultOf(receipt)
}

/** What a receipt says, in the units of the API. */
export function resultOf(receipt: Receipt | Sent): ExtrinsicResult {
  const { hash: extrinsicHash, transaction } = receipt
  const common = { ok: true as const, extrinsicHash, transaction }
  if (receipt.outcome === 'sent') {
    return { ...common, blockHash: undefined, blockNumber: undefined, events: [], fee: undefined }
  }
  const { blockHash, blockNumber, events, fee } = receipt
  return {
    ...common,
    blockHash,
    blockNumber,
    events,
    fee: fee === undefined ? undefined : Balance.fromRao(fee),
  }
}

/** The parties of a wallet as plans name them. */
export async function partiesOf(
  wallet: SigningWallet,
): Promise<{ readonly coldkey: Party; readonly hotkey: Party }> {
  const [coldkey, hotkey] = await Promise.all([wallet.coldkeypubAddress(), wallet.hotkeyAddress()])
  return {
    coldkey: { name: wallet.name, address: coldkey },
    hotkey: { name: wallet.hotkeyName, address: hotkey },
  }
}

/** What a plan needs besides the terms. */
export type Carrying<P extends Plan> = {
  readonly client: ChainClient
  readonly turns: Turns
  readonly options: ExtrinsicOptions
  /** Which key signs. */
  readonly key: 'coldkey' | 'hotkey'
  /** Waits for this unless the options say otherwise. */
  readonly wait?: SubmitSettings['wait']
  readonly plan: (planning: Planning) => Promise<P>
}

/**
 * Checks, unlocks and sends everything of a plan.
 * @throws {BittensorError} what the plan throws · `USAGE` for a risk that was not accepted · `BAD_PASSWORD`,
 * `MISSING_INPUT`, `KEYFILE` · `RATE_LIMITED` · for a single transaction all of `submit`
 */
export async function carryOut<P extends Plan>(
  carrying: Carrying<P>,
): Promise<{ readonly plan: P; readonly parts: readonly PartResult[] }> {
  const { client, turns, options, key, wait = 'inclusion' } = carrying
  const { wallet } = options
  const address = await (key === 'coldkey' ? wallet.coldkeypubAddress() : wallet.hotkeyAddress())
  const view = await client.at()
  const plan = await carrying.plan({
    client,
    view,
    feeOf: feeReader(client, address),
    confirmed: undefined,
  })
  refuseRisks(plan)
  const { operations } = plan
  if (operations.length === 0) return { plan, parts: [] }
  const signer = await (key === 'coldkey' ? wallet.unlockColdkey() : wallet.unlockHotkey())
  const settings = { ...options, wait: options.wait ?? wait }
  const parts = await sendEach(operations, async (index): Promise<PartResult> => {
    const operation = operations[index] as Operation
    await waitTurn(client, operation, { index, signal: options.signal })
    const result = await send(client, turns, { call: operation.call, signer, settings })
    return { ...result, label: operation.label }
  })
  return { plan, parts }
}

/** One transaction. */
export async function carryOutOne<P extends Plan>(
  carrying: Carrying<P>,
): Promise<ExtrinsicResult & { readonly plan: P }> {
  const { plan, parts } = await carryOut(carrying)
  const [first] = parts
  if (!first) {
    throw new BittensorError('DUPLICATE', 'there is nothing to do: it is so already', {
      details: 'nothing was sent',
    })
  }
  if (!first.ok) throw first.error
  return { ...first, plan }
}

/** A person is asked about these; a program has to say so beforehand. */
function refuseRisks(plan: Plan): void {
  const risk = plan.risks?.find(({ accepted }) => !accepted)
  if (!risk) return
  throw new BittensorError('USAGE', risk.message, {
    details: 'nothing was sent',
    hint: `accept it with ${camelCase(risk.option.replace(/^--/, ''))}: true`,
  })
}

function camelCase(option: string): string {
  return option.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** A rate limit is refused before the first transaction, and waited for between the others. */
async function waitTurn(
  client: ChainClient,
  operation: Operation,
  { index, signal }: { readonly index: number; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const left = (await operation.blocksToWait?.(await client.at())) ?? 0
  if (left <= 0) return
  if (index === 0) throw rateLimit(client, left, 'nothing was sent')
  const { number } = await client.head()
  await untilBlock(client, number + left, { signal })
}
