/** Calls, found in the metadata by their names and checked before anything is signed. */
import { BittensorError } from '../errors.js'
import { toHex } from '../keys/hex.js'
import type { Ss58 } from '../keys/ss58.js'
import type { Rao } from '../units.js'
import { decode } from './decode.js'
import { encode } from './encode.js'
import type { Call, ChainClient, ChainValue, Hex } from './types.js'

/**
 * Builds a call from named arguments. Amounts are bigint RAO, accounts `Ss58` or `0x` and 64 digits, bytes a Uint8Array
 * or `0x` hex.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` when this chain has no such call or other arguments; `BAD_ADDRESS`,
 * `BAD_AMOUNT`, `USAGE` for values that do not fit
 * @example
 * buildCall(chain, 'Balances', 'transfer_keep_alive', { dest, value: rao(500n) })
 */
export function buildCall(
  client: ChainClient,
  pallet: string,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Call {
  const names = client.callArgs(pallet, name)
  if (!names) throw unsupportedCall(client, pallet, name)
  const wrong = Object.keys(args).find((arg) => !names.includes(arg))
  const missing = names.find((arg) => !Object.hasOwn(args, arg))
  if (wrong !== undefined || missing !== undefined) {
    const what = wrong === undefined ? `needs ${missing}` : `takes no ${wrong}`
    throw new BittensorError(
      'RUNTIME_UNSUPPORTED',
      `${pallet}.${name} on this chain (spec ${client.specVersion}) ${what}`,
      {
        details: `it takes ${names.join(', ') || 'no arguments'}`,
        data: { pallet, call: name, specVersion: client.specVersion, args: names },
      },
    )
  }
  const { types, call: type } = client.runtime.description
  const bytes = encode(types, type, { pallet, name, args }, '')
  const read = decode(types, type, bytes) as { readonly args: { [name: string]: ChainValue } }
  return {
    pallet,
    name,
    args: read.args,
    data: toHex(bytes) as Hex,
    specVersion: client.specVersion,
  }
}

/** What to do where a call does not exist, by `Pallet.call`. */
const ALTERNATIVES: Readonly<Record<string, string>> = {
  'SubtensorModule.join_senate':
    'since October 2023 a seat comes with registration on the root network (root_register)',
  'SubtensorModule.leave_senate':
    'since October 2023 a seat is lost when others with more stake take it; there is no way to leave',
  'SubtensorModule.vote': 'governance by a senate came in mid-2023 and ended in October 2025',
  'SubtensorModule.become_delegate': 'since 2025 every hotkey can be staked to without nomination',
  'SubtensorModule.root_register': 'the root network came in October 2023',
  'SubtensorModule.register_network_with_identity':
    'identities of subnets came in 2025; leave them out',
  'SubtensorModule.set_identity': 'identities came in late 2024',
  'SubtensorModule.set_subnet_identity': 'identities of subnets came in late 2024',
  'SubtensorModule.start_call': 'subnets here run from their creation on',
  'SubtensorModule.register_network': 'subnets can be created by anyone since October 2023',
  'SubtensorModule.commit_weights': 'here weights are set openly: btcli set_weights',
  'SubtensorModule.move_stake': 'it needs a dTAO runtime; here use unstake, then stake',
  'SubtensorModule.set_children': 'hotkeys have children since mid-2024',
  'SubtensorModule.set_childkey_take': 'hotkeys have children since mid-2024',
  'SubtensorModule.increase_take':
    'the take can be chosen since mid-2024; before, all delegates had one take',
  'SubtensorModule.decrease_take':
    'the take can be chosen since mid-2024; before, all delegates had one take',
  'SubtensorModule.claim_root':
    'since late 2025 root dividends are claimed; before, they were paid by themselves',
  'SubtensorModule.set_root_claim_type':
    'from late 2025 to mid-2026 root dividends could be kept as alpha; before they were paid as τ by themselves, and since then claims are',
  'SubtensorModule.set_coldkey_auto_stake_hotkey':
    'mining rewards can be staked elsewhere since late 2025',
  'SubtensorModule.unstake_all': 'it came in 2025; use unstake --all for each subnet',
  'SubtensorModule.unstake_all_alpha':
    'it came in 2025; use stake_move --dest_netuid 0 for each subnet',
  'SubtensorModule.try_associate_hotkey':
    'it came in 2025; here a hotkey gets its owner when it is registered for the first time',
  'SubtensorModule.schedule_swap_coldkey': 'coldkeys can be swapped since late 2024',
  'SubtensorModule.swap_coldkey_announced':
    'here the chain carries a scheduled swap out by itself: btcli swap_check shows when',
  'SubtensorModule.clear_coldkey_swap_announcement':
    'a swap that is scheduled here can not be taken back',
  'SubtensorModule.dispute_coldkey_swap': 'swaps can be disputed since 2026',
  'SubtensorModule.swap_stake': 'it came in 2025; use stake_move, or unstake and then stake',
  'SubtensorModule.transfer_stake': 'it came in 2025; use unstake, then transfer',
  'SubtensorModule.swap_hotkey': 'it came in early 2024',
  'SubtensorModule.faucet': 'only test chains built with a faucet have it',
}

function unsupportedCall(client: ChainClient, pallet: string, name: string): BittensorError {
  return new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this chain (spec ${client.specVersion}) has no call ${pallet}.${name}`,
    {
      details: 'nothing was sent',
      hint: ALTERNATIVES[`${pallet}.${name}`],
      data: { pallet, call: name, specVersion: client.specVersion },
    },
  )
}

const MODULE = 'SubtensorModule'

/**
 * Moves TAO to another account. With `keepAlive` the call fails rather than emptying the sender's account below the
 * existential deposit.
 */
export function transferCall(
  client: ChainClient,
  args: { readonly dest: string; readonly amount: Rao; readonly keepAlive?: boolean },
): Call {
  const { dest, amount, keepAlive = false } = args
  // `transfer` until 2023, `transfer_allow_death` since: the same call under two names.
  const plain = client.hasCall('Balances', 'transfer_allow_death')
    ? 'transfer_allow_death'
    : 'transfer'
  const name = keepAlive ? 'transfer_keep_alive' : plain
  return buildCall(client, 'Balances', name, { dest, value: amount })
}

/** Moves all that can be moved; with `keepAlive` the existential deposit stays. */
export function transferAllCall(
  client: ChainClient,
  args: { readonly dest: string; readonly keepAlive: boolean },
): Call {
  return buildCall(client, 'Balances', 'transfer_all', {
    dest: args.dest,
    keep_alive: args.keepAlive,
  })
}

/** Arguments of {@link stakeCall} and {@link unstakeCall}; `netuid` exists on dTAO runtimes only. */
export type StakeArgs = {
  readonly hotkey: string
  /** RAO; on dTAO runtimes unstaking takes alpha. */
  readonly amount: bigint
  readonly netuid?: number | undefined
}

/**
 * Stakes the signer's TAO to a hotkey: on a classic chain to the hotkey as such, on a dTAO chain on one subnet.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` for a netuid on a classic chain; `MISSING_INPUT` for none on a dTAO one
 */
export function stakeCall(client: ChainClient, args: StakeArgs): Call {
  return buildCall(client, MODULE, 'add_stake', {
    hotkey: args.hotkey,
    amount_staked: args.amount,
    ...netuidOf(client, args),
  })
}

/** Takes stake back from a hotkey. */
export function unstakeCall(client: ChainClient, args: StakeArgs): Call {
  return buildCall(client, MODULE, 'remove_stake', {
    hotkey: args.hotkey,
    amount_unstaked: args.amount,
    ...netuidOf(client, args),
  })
}

function netuidOf(client: ChainClient, args: StakeArgs): { readonly netuid?: number } {
  if (client.era === 'classic') {
    if (args.netuid === undefined) return {}
    throw new BittensorError(
      'RUNTIME_UNSUPPORTED',
      `stake on this chain (spec ${client.specVersion}) belongs to no subnet`,
      { hint: 'leave out the netuid', data: { specVersion: client.specVersion } },
    )
  }
  if (args.netuid !== undefined) return { netuid: args.netuid }
  throw new BittensorError(
    'MISSING_INPUT',
    `stake on this chain (spec ${client.specVersion}) belongs to a subnet, and none is named`,
    { hint: 'name the subnet with --netuid; 0 is root', data: { missing: ['netuid'] } },
  )
}

/** Registers a hotkey by proof of work; must be signed by the hotkey. `work` is the 32-byte seal. */
export function registerCall(
  client: ChainClient,
  args: {
    readonly netuid: number
    readonly blockNumber: number
    readonly nonce: bigint
    readonly work: Uint8Array
    readonly hotkey: string
    readonly coldkey: string
  },
): Call {
  const { netuid, blockNumber, nonce, work, hotkey, coldkey } = args
  return buildCall(client, MODULE, 'register', {
    netuid,
    block_number: blockNumber,
    nonce,
    work,
    hotkey,
    coldkey,
  })
}

/** Registers a hotkey by recycling TAO; signed by the coldkey that will own it. */
export function burnedRegisterCall(
  client: ChainClient,
  args: { readonly netuid: number; readonly hotkey: string },
): Call {
  return buildCall(client, MODULE, 'burned_register', { ...args })
}

/** Registers a hotkey on the root network; signed by its coldkey. */
export function rootRegisterCall(client: ChainClient, args: { readonly hotkey: string }): Call {
  return buildCall(client, MODULE, 'root_register', { ...args })
}

/** Takes free TAO from a test chain's faucet by proof of work; signed by the coldkey. */
export function faucetCall(
  client: ChainClient,
  args: { readonly blockNumber: number; readonly nonce: bigint; readonly work: Uint8Array },
): Call {
  const { blockNumber, nonce, work } = args
  return buildCall(client, MODULE, 'faucet', { block_number: blockNumber, nonce, work })
}

/** Makes a hotkey a delegate with the chain's default take; signed by its coldkey. */
export function nominateCall(client: ChainClient, args: { readonly hotkey: string }): Call {
  return buildCall(client, MODULE, 'become_delegate', { ...args })
}

/** Joins the senate with a hotkey; mid-2023 runtimes only. */
export function joinSenateCall(client: ChainClient, args: { readonly hotkey: string }): Call {
  return buildCall(client, MODULE, 'join_senate', { ...args })
}

/** Takes a seat in the senate with a hotkey that is on root; dTAO runtimes only. Signed by its coldkey. */
export function adjustSenateCall(client: ChainClient, args: { readonly hotkey: string }): Call {
  return buildCall(client, MODULE, 'adjust_senate', { ...args })
}

/** Leaves the senate with a hotkey; mid-2023 runtimes only. */
export function leaveSenateCall(client: ChainClient, args: { readonly hotkey: string }): Call {
  return buildCall(client, MODULE, 'leave_senate', { ...args })
}

/** Votes on a proposal with a hotkey that sits in the senate; signed by its coldkey. */
export function voteCall(
  client: ChainClient,
  args: {
    readonly hotkey: string
    readonly proposal: Hex
    /** Number of the proposal, from its votes. */
    readonly index: number
    readonly approve: boolean
  },
): Call {
  return buildCall(client, MODULE, 'vote', { ...args })
}

/** Creates a subnet for the lock cost; newer runtimes need the owner's hotkey. */
export function registerNetworkCall(
  client: ChainClient,
  args: { readonly hotkey?: Ss58 | undefined },
): Call {
  const names = client.callArgs(MODULE, 'register_network') ?? []
  const known: Readonly<Record<string, unknown>> = { hotkey: args.hotkey, mechid: 1 }
  const used = names.filter((name) => known[name] !== undefined)
  return buildCall(
    client,
    MODULE,
    'register_network',
    Object.fromEntries(used.map((name) => [name, known[name]])),
  )
}

/** Sets weights; signed by the hotkey. Weights are u16 with 65535 as the largest. */
export function setWeightsCall(
  client: ChainClient,
  args: {
    readonly netuid: number
    readonly uids: readonly number[]
    readonly weights: readonly number[]
    readonly versionKey: bigint
  },
): Call {
  const { netuid, uids, weights, versionKey } = args
  return buildCall(client, MODULE, 'set_weights', {
    netuid,
    dests: uids,
    weights,
    version_key: versionKey,
  })
}

/** Announces an axon; signed by the hotkey. `ip` as the chain's number. */
export function serveAxonCall(
  client: ChainClient,
  args: {
    readonly netuid: number
    readonly version: number
    readonly ip: bigint
    readonly port: number
    readonly ipType: 4 | 6
    readonly protocol: number
  },
): Call {
  const { netuid, version, ip, port, ipType, protocol } = args
  return buildCall(client, MODULE, 'serve_axon', {
    netuid,
    version,
    ip,
    port,
    ip_type: ipType,
    protocol,
    placeholder1: 0,
    placeholder2: 0,
  })
}

/**
 * Announces a prometheus endpoint; signed by the hotkey.
 * @public
 */
export function servePrometheusCall(
  client: ChainClient,
  args: {
    readonly netuid: number
    readonly version: number
    readonly ip: bigint
    readonly port: number
    readonly ipType: 4 | 6
  },
): Call {
  const { netuid, version, ip, port, ipType } = args
  return buildCall(client, MODULE, 'serve_prometheus', {
    netuid,
    version,
    ip,
    port,
    ip_type: ipType,
  })
}

/** Moves all a hotkey has to a new hotkey for a fee, or what it has on one subnet; signed by the coldkey. */
export function swapHotkeyCall(
  client: ChainClient,
  args: {
    readonly hotkey: string
    readonly newHotkey: string
    readonly netuid?: number | undefined
  },
): Call {
  const names = client.callArgs(MODULE, 'swap_hotkey') ?? []
  const { netuid } = args
  return buildCall(client, MODULE, 'swap_hotkey', {
    hotkey: args.hotkey,
    new_hotkey: args.newHotkey,
    // Absent means on all subnets.
    ...(names.includes('netuid') || netuid !== undefined ? { netuid } : {}),
  })
}
