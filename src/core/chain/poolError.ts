/** Refusals of a node's transaction pool: nothing was accepted, nothing costs anything, and why. */
import { BittensorError, type ErrorCode } from '../errors.js'
import type { RpcError } from './rpc.js'
import type { ChainClient, Hex } from './types.js'

type Reason = {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
}

/**
 * Whether a refusal may mean that the same transaction was taken before: 1012 banned, 1013 already imported, 1010
 * outdated (its nonce is used, perhaps by itself).
 */
export function mayBeKnown(error: RpcError): boolean {
  return error.code === 1012 || error.code === 1013 || OUTDATED.test(error.text)
}

const UPGRADED = 'the runtime may just have been upgraded: run the command again'

const OUTDATED = /outdated|stale/i

/** Texts of `InvalidTransaction` and `UnknownTransaction` (substrate, primitives/runtime/src/transaction_validity.rs). */
const REASONS: readonly (readonly [pattern: RegExp, reason: Reason])[] = [
  [
    /inability to pay|"payment"/i,
    {
      code: 'INSUFFICIENT_BALANCE',
      message: 'the account can not pay the fee',
      hint: 'send some TAO to it first; 500 RAO must stay after the fee',
    },
  ],
  [
    OUTDATED,
    {
      code: 'EXTRINSIC_FAILED',
      message: 'another transaction of this account came first (its number was used)',
      hint: 'run the command again',
    },
  ],
  [
    /in the future|not yet valid|"future"/i,
    {
      code: 'EXTRINSIC_FAILED',
      message: 'an earlier transaction of this account is missing',
      hint: 'wait until the account has no pending transactions, then run the command again',
    },
  ],
  [
    /bad signature|bad ?proof/i,
    {
      code: 'EXTRINSIC_FAILED',
      message: 'the node does not accept the signature',
      hint: UPGRADED,
    },
  ],
  [
    /ancient ?birth|mortality/i,
    {
      code: 'EXTRINSIC_FAILED',
      message: 'the node does not know the block the transaction was made for',
      hint: 'the node may lag behind: run the command again, or use another node',
    },
  ],
  [
    /exhaust|block limits/i,
    {
      code: 'EXTRINSIC_FAILED',
      message: 'the blocks have no room for the transaction',
      hint: 'try again in the next block',
    },
  ],
  [
    /call is not expected|"call"/i,
    {
      code: 'EXTRINSIC_FAILED',
      message: 'the chain does not take this call from this key',
      hint: 'for weights: the hotkey needs more stake',
    },
  ],
]

/** Custom numbers until early 2025 (opentensor/subtensor, SubtensorSignedExtension). */
const CUSTOM_EARLY: Readonly<Record<number, Reason>> = {
  0: refusal('a swap of this coldkey is scheduled'),
  1: lowStake('commit weights'),
  2: lowStake('reveal weights'),
  3: lowStake('set weights'),
  4: lowStake('set root weights'),
  5: limited('registrations on this subnet have reached their limit for this interval'),
}

/** Custom numbers of 2025 (opentensor/subtensor, pallets/subtensor/src/lib.rs, CustomTransactionError). */
const CUSTOM_2025: Readonly<Record<number, Reason>> = {
  0: refusal('a swap of this coldkey is scheduled'),
  1: refusal('the amount is below the smallest that can be staked', 'use a larger amount'),
  2: { code: 'INSUFFICIENT_BALANCE', message: 'the balance is too small' },
  3: { code: 'SUBNET_NOT_FOUND', message: 'there is no such subnet' },
  4: { code: 'NOT_REGISTERED', message: 'the chain does not know this hotkey' },
  5: { code: 'INSUFFICIENT_STAKE', message: 'the amount is more than what is staked' },
  6: limited('the last call of this kind is too recent'),
  7: refusal('the pool of the subnet is too small for this amount', 'use a smaller amount'),
  8: {
    code: 'SLIPPAGE',
    message: 'the price moved past the limit',
    hint: 'allow a higher tolerance, or use a smaller amount',
  },
  9: refusal('this subnet does not allow stake to change owners'),
  10: { code: 'NOT_REGISTERED', message: 'the hotkey is registered on no subnet' },
  11: refusal('the IP address is not valid'),
  12: limited('the hotkey announced an endpoint too recently'),
  13: refusal('the port is not valid'),
  14: refusal('the limit price allows no amount at all', 'allow a higher tolerance'),
  15: refusal('the reveal round is not valid'),
  16: refusal('there is no commit to reveal', 'commit weights first'),
  17: refusal('the commit can not be revealed in this block'),
  18: refusal('the lists given are not of equal length'),
  19: refusal('there is no such uid on the subnet'),
  20: limited('an EVM key was associated too recently'),
  255: refusal('the chain refuses the call as malformed'),
}

/** First version with the longer list (v2.0.0 of opentensor/subtensor). */
const CUSTOM_2025_SINCE = 233

function refusal(message: string, hint?: string): Reason {
  return { code: 'EXTRINSIC_FAILED', message, ...(hint === undefined ? {} : { hint }) }
}

function lowStake(what: string): Reason {
  return {
    code: 'INSUFFICIENT_STAKE',
    message: `the hotkey has too little stake to ${what}`,
    hint: 'add stake: btcli stake',
  }
}

function limited(message: string): Reason {
  return { code: 'RATE_LIMITED', message, hint: 'wait some blocks and try again' }
}

/**
 * The failure for a pool's refusal. Nothing was sent on, no fee was paid.
 * @param error 1010 invalid, 1012 banned, 1013 already imported, 1014 priority too low, or anything else
 */
export function explainPoolError(client: ChainClient, error: RpcError, hash: Hex): BittensorError {
  const reason = reasonFor(client, error)
  return new BittensorError(reason.code, `not accepted: ${reason.message}`, {
    details: `the node answered ${error.code}: ${error.text}; nothing was sent`,
    hint: reason.hint,
    data: { rpcCode: error.code, hash, sent: false },
    cause: error,
  })
}

function reasonFor(client: ChainClient, error: RpcError): Reason {
  if (error.code === 1014) {
    return refusal(
      'another transaction of this account waits with the same number',
      'wait until it is in a block, then run the command again',
    )
  }
  if (error.code === 1012) {
    return refusal(
      'the node keeps this transaction away for a while, as it failed or was replaced before',
      'wait a few minutes, or use another node',
    )
  }
  if (error.code === 1001 || error.code === 1002) {
    return refusal('the node can not read the transaction', UPGRADED)
  }
  if (error.code === 1013) return refusal('the node has this transaction already')
  const match = /custom error:? *(\d+)|"custom": *(\d+)/i.exec(error.text)
  const custom = match?.[1] ?? match?.[2]
  if (custom !== undefined) return customReason(client, Number(custom))
  const known = REASONS.find(([pattern]) => pattern.test(error.text))
  return known?.[1] ?? refusal('the node refuses the transaction')
}

function customReason(client: ChainClient, number: number): Reason {
  const table = client.specVersion >= CUSTOM_2025_SINCE ? CUSTOM_2025 : CUSTOM_EARLY
  return table[number] ?? refusal(`the chain refuses it for a reason of its own (number ${number})`)
}
