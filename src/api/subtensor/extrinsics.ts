/** Everything that can be signed and sent. Each method checks first what the command of btcli checks, and prints nothing. */
import { buildCall, servePrometheusCall } from '../../core/chain/calls.js'
import { parseIp } from '../../core/chain/ip.js'
import { readSenateMembers } from '../../core/chain/senate.js'
import { serveAxon } from '../../core/chain/serveAxon.js'
import type { ChainClient, Hex } from '../../core/chain/types.js'
import { BittensorError } from '../../core/errors.js'
import type { Keypair } from '../../core/keys/keypair.js'
import type { Ss58 } from '../../core/keys/ss58.js'
import { planNominate } from '../../core/plans/nominatePlan.js'
import { findProposal } from '../../core/plans/openProposals.js'
import type { Target } from '../../core/plans/plan.js'
import { planRecycle } from '../../core/plans/recyclePlan.js'
import { planRootSeat } from '../../core/plans/rootSeat.js'
import { planJoin, planLeave } from '../../core/plans/senatePlan.js'
import type { Failed } from '../../core/plans/sendEach.js'
import { sendEach } from '../../core/plans/sendEach.js'
import { planStake, type StakeTerms } from '../../core/plans/stakePlan.js'
import { planSwap } from '../../core/plans/swapPlan.js'
import { planTransfer } from '../../core/plans/transferPlan.js'
import { planUnstake } from '../../core/plans/unstakePlan.js'
import { planVote } from '../../core/plans/votePlan.js'
import { planWeights } from '../../core/plans/weightsPlan.js'
import { rao, U16_MAX } from '../../core/units.js'
import { weightsToChain } from '../../core/weights.js'
import type { AxonInfo } from '../../network/axonInfo.js'
import type { Signer } from '../../network/signing/signer.js'
import { NETWORK_VERSION } from '../../network/version.js'
import { type Amount, alphaOf, raoOf } from '../balance.js'
import {
  type carryOut,
  carryOutOne,
  createAccountTurns,
  type ExtrinsicOptions,
  type ExtrinsicResult,
  type PartResult,
  partiesOf,
  resultOf,
  type SigningWallet,
  type SubmitSettings,
  send,
} from './carryOut.js'
import { addressOf, SubtensorReads } from './reads.js'
import type { RegisterOptions, RegisterResult } from './register.js'

/** Where the price of a swap may go; without effect on classic chains and on root. */
export type SwapOptions = {
  /** How far the price may move, as a share; 0.005 by default. */
  readonly tolerance?: number | undefined
  /** Does what fits within the limit instead of failing. */
  readonly allowPartial?: boolean | undefined
  /** Sets no limit. */
  readonly unsafe?: boolean | undefined
}

/** Options of staking and unstaking. */
export type StakeOptions = ExtrinsicOptions &
  SwapOptions & {
    /** ss58 address; the wallet's own hotkey by default. */
    readonly hotkey?: string | undefined
    /** How much: TAO to stake, and to unstake TAO on a classic chain and alpha on a dTAO one. */
    readonly amount: Amount | 'all'
    /** The subnet, on dTAO chains; 0 is root. */
    readonly netuid?: number | undefined
  }

/** One of several stakes: a hotkey and an amount. */
export type StakePart = { readonly hotkey: string; readonly amount: Amount | 'all' }

/**
 * The extrinsics of a {@link Subtensor}. They sign with the wallet's keys, send once, wait for the outcome, and throw a
 * {@link BittensorError} when anything fails: before signing its text says that nothing was sent, afterwards its `data` has
 * the hash. Transactions of one account are signed in turn, so several may be started at once.
 * @example
 * const { blockNumber } = await subtensor.addStake({ wallet, amount: '100', wait: 'finalization' })
 */
export class SubtensorExtrinsics extends SubtensorReads {
  readonly #turns = createAccountTurns()

  protected constructor(client: ChainClient) {
    super(client)
  }

  /**
   * Sends TAO to another account. Call: Balances.transfer_keep_alive, `transfer` with `keepAlive: false`.
   * @throws {BittensorError} `BAD_ADDRESS`, `BAD_AMOUNT`, `INSUFFICIENT_BALANCE`, `USAGE` for a destination that is a hotkey
   * @example
   * const { blockNumber, fee } = await subtensor.transfer({ wallet, dest: '5F…', amount: '10.0' })
   */
  async transfer(
    options: ExtrinsicOptions & {
      readonly dest: string
      readonly amount: Amount | 'all'
      /** Whether the sender's account has to stay; true by default. */
      readonly keepAlive?: boolean | undefined
      /** What has to stay on the account. */
      readonly keep?: Amount | undefined
      /** Sends to a hotkey's own account too, which is most often a mistake. */
      readonly allowHotkeyDest?: boolean | undefined
    },
  ): Promise<ExtrinsicResult> {
    const { wallet, dest, keep, keepAlive = true, allowHotkeyDest = false } = options
    const wanted = options.amount === 'all' ? 'all' : raoOf(options.amount)
    const to = { name: '', address: addressOf(dest) }
    const from = { name: wallet.name, address: await wallet.coldkeypubAddress() }
    return this.#one(options, 'coldkey', (planning) =>
      planTransfer(planning, {
        from,
        to,
        wanted,
        keep: keep === undefined ? undefined : raoOf(keep),
        allowDeath: !keepAlive,
        allowHotkeyDest,
        lookalike: undefined,
      }),
    )
  }

  /**
   * Stakes TAO to a hotkey: one's own, or a delegate's. Call: SubtensorModule.add_stake, on dTAO chains add_stake_limit.
   * @throws {BittensorError} `NOT_REGISTERED`, `NOT_DELEGATE`, `INSUFFICIENT_BALANCE`, `RATE_LIMITED`, `SLIPPAGE`
   * @example
   * await subtensor.addStake({ wallet, amount: '100' })
   */
  addStake(options: StakeOptions): Promise<ExtrinsicResult> {
    return this.#stake(options, {})
  }

  /**
   * Stakes to several hotkeys, one transaction each; waits out the chain's rate limit between them.
   * @returns one result per part; one failure does not stop the others
   */
  addStakeMultiple(
    options: Omit<StakeOptions, 'hotkey' | 'amount'> & { readonly stakes: readonly StakePart[] },
  ): Promise<readonly PartResult[]> {
    return this.#parts(options, options.stakes, (part) => this.#stake({ ...options, ...part }, {}))
  }

  /**
   * Takes stake back from a hotkey. Call: SubtensorModule.remove_stake, on dTAO chains remove_stake_limit.
   * @throws {BittensorError} `INSUFFICIENT_STAKE`, `INSUFFICIENT_BALANCE` for the fee, `RATE_LIMITED`, `SLIPPAGE`
   * @example
   * await subtensor.unstake({ wallet, amount: 'all' })
   */
  async unstake(options: StakeOptions): Promise<ExtrinsicResult> {
    const { wallet, netuid, amount } = options
    const target = await targetOf(options)
    const coldkey = await wallet.coldkeypubAddress()
    const isAlpha = this.client.era === 'dtao' && netuid !== undefined && netuid !== 0
    const wanted =
      amount === 'all'
        ? ('all' as const)
        : { amount: isAlpha ? alphaOf(amount, netuid) : raoOf(amount) }
    return this.#one(options, 'coldkey', (planning) =>
      planUnstake(planning, {
        wallet: wallet.name,
        coldkey,
        targets: [target],
        netuid,
        wanted,
        batch: false,
        ...swapTerms(options),
      }),
    )
  }

  /** Takes stake back from several hotkeys, one transaction each; as {@link SubtensorExtrinsics.addStakeMultiple}. */
  unstakeMultiple(
    options: Omit<StakeOptions, 'hotkey' | 'amount'> & { readonly stakes: readonly StakePart[] },
  ): Promise<readonly PartResult[]> {
    return this.#parts(options, options.stakes, (part) => this.unstake({ ...options, ...part }))
  }

  /**
   * Stakes to a delegate. Call: SubtensorModule.add_stake.
   * @throws {BittensorError} `NOT_DELEGATE`, and as {@link SubtensorExtrinsics.addStake}
   */
  async delegate(
    options: Omit<StakeOptions, 'hotkey'> & { readonly delegate: string },
  ): Promise<ExtrinsicResult> {
    if (this.client.era === 'classic' && !(await this.isHotkeyDelegate(options.delegate))) {
      throw notDelegate(options.delegate)
    }
    return this.#stake({ ...options, hotkey: options.delegate }, { delegates: true })
  }

  /** Takes stake back from a delegate. Call: SubtensorModule.remove_stake. */
  undelegate(
    options: Omit<StakeOptions, 'hotkey'> & { readonly delegate: string },
  ): Promise<ExtrinsicResult> {
    return this.unstake({ ...options, hotkey: options.delegate })
  }

  /**
   * Makes the wallet's hotkey a delegate. Call: SubtensorModule.become_delegate.
   * @throws {BittensorError} `DUPLICATE` when it is one with that take already, `NOT_REGISTERED`, `KEYFILE`, `USAGE`
   */
  async nominate(
    options: ExtrinsicOptions & {
      /** Share that it keeps, 0 to 1; the chain's default without. */
      readonly take?: number | undefined
    },
  ): Promise<ExtrinsicResult> {
    const { coldkey, hotkey } = await partiesOf(options.wallet)
    const take = options.take === undefined ? undefined : Math.round(options.take * U16_MAX)
    return this.#one(options, 'coldkey', (planning) =>
      planNominate(planning, { wallet: coldkey, hotkey, take }),
    )
  }

  /**
   * Registers the wallet's hotkey by proof of work: solves on the newest block with all processors, signs, sends, and
   * begins again when a proof comes too late. Waits until it is final. Call: SubtensorModule.register.
   * @throws {BittensorError} `SUBNET_NOT_FOUND`, `POW_DISABLED`, `RATE_LIMITED`, `INSUFFICIENT_BALANCE` where the hotkey has
   * to pay a fee, `POW_STALE`, `EXTRINSIC_FAILED`
   * @example
   * const { uid } = await subtensor.register({ wallet, netuid: 1 })
   */
  async register(options: RegisterOptions): Promise<RegisterResult> {
    const { register } = await import('./register.js')
    return register(this.client, this.#turns, options)
  }

  /**
   * Registers the wallet's hotkey by recycling TAO. Waits until it is final. Call: SubtensorModule.burned_register.
   * @throws {BittensorError} `ALREADY_REGISTERED`, `INSUFFICIENT_BALANCE`, `SLIPPAGE` above `maxBurn`, `RATE_LIMITED`
   */
  async burnedRegister(
    options: ExtrinsicOptions & {
      readonly netuid: number
      /** The most that may be paid. */
      readonly maxBurn?: Amount | undefined
    },
  ): Promise<ExtrinsicResult> {
    const { netuid, maxBurn } = options
    const { coldkey, hotkey } = await partiesOf(options.wallet)
    const terms = {
      wallet: coldkey,
      hotkey,
      netuid,
      maxBurn: maxBurn === undefined ? undefined : raoOf(maxBurn),
    }
    return this.#one(options, 'coldkey', (planning) => planRecycle(planning, terms), 'finalization')
  }

  /** Registers the wallet's hotkey on root. Call: SubtensorModule.root_register. */
  async rootRegister(options: ExtrinsicOptions): Promise<ExtrinsicResult> {
    const { coldkey, hotkey } = await partiesOf(options.wallet)
    return this.#one(
      options,
      'coldkey',
      (planning) => planRootSeat(planning, { wallet: coldkey, hotkey }),
      'finalization',
    )
  }

  /**
   * Sets the weights of the wallet's hotkey, signed by the hotkey. Weights are any non-negative numbers; they are scaled so
   * that the largest is 65535. Call: SubtensorModule.set_weights.
   * @throws {BittensorError} `NOT_REGISTERED`, `USAGE` for weights that the subnet does not take, `INSUFFICIENT_STAKE`
   * without a permit, `RATE_LIMITED`, `RUNTIME_UNSUPPORTED` where weights are committed first
   * @example
   * await subtensor.setWeights({ wallet, netuid: 1, uids: [0, 1], weights: [0.7, 0.3] })
   */
  async setWeights(
    options: ExtrinsicOptions & {
      readonly netuid: number
      readonly uids: readonly number[]
      readonly weights: readonly number[] | Float32Array
      /** The subnet's own by default. */
      readonly versionKey?: bigint | undefined
    },
  ): Promise<ExtrinsicResult> {
    const { wallet, netuid, versionKey } = options
    const weights = weightsToChain(options.uids, [...options.weights])
    const hotkey = { name: wallet.hotkeyName, address: await wallet.hotkeyAddress() }
    return this.#one(options, 'hotkey', (planning) =>
      planWeights(planning, { hotkey, netuid, weights, versionKey }),
    )
  }

  /**
   * Announces an axon, unless the chain has it so already. Waits until it is final. Call: SubtensorModule.serve_axon,
   * signed by the hotkey.
   * @throws {BittensorError} `USAGE` for an address that nobody could reach, `NOT_REGISTERED`, `RATE_LIMITED`
   * @returns undefined when nothing had to be sent
   * @example
   * await subtensor.serveAxon({ netuid: 1, axon })
   */
  async serveAxon(
    options: SubmitSettings & {
      readonly netuid: number
      readonly axon: { info(): AxonInfo; readonly signer: Signer }
      /** Instead of the axon's own hotkey. */
      readonly wallet?: Pick<SigningWallet, 'unlockHotkey'> | undefined
    },
  ): Promise<ExtrinsicResult | undefined> {
    const { netuid, axon, wallet, wait = 'finalization', period, tip, ...rest } = options
    const signer = wallet ? await wallet.unlockHotkey() : keypairOf(axon.signer)
    const served = await this.#turns(signer.address, () =>
      serveAxon(this.client, {
        signal: rest.signal,
        onPhase: rest.onPhase,
        beforeSend: rest.beforeSend,
        wait,
        era: period,
        tip: tip === undefined ? undefined : raoOf(tip),
        netuid,
        endpoint: axon.info(),
        signer,
      }),
    )
    return served.outcome === 'unchanged' ? undefined : resultOf(served.receipt)
  }

  /**
   * Announces an address under the wallet's hotkey, for an axon that runs elsewhere; as
   * {@link SubtensorExtrinsics.serveAxon}.
   * @example
   * await subtensor.serve({ wallet, netuid: 1, ip: '203.0.113.9', port: 8091 })
   */
  async serve(
    options: ExtrinsicOptions & {
      readonly netuid: number
      readonly ip: string
      readonly port: number
      /** 4, as all axons, by default. */
      readonly protocol?: number | undefined
      readonly placeholder1?: number | undefined
      readonly placeholder2?: number | undefined
      readonly version?: number | undefined
    },
  ): Promise<ExtrinsicResult | undefined> {
    const { wallet, ip, port, protocol = 4, placeholder1 = 0, placeholder2 = 0 } = options
    const signer = await wallet.unlockHotkey()
    const info = {
      version: options.version ?? NETWORK_VERSION,
      ip,
      port,
      ipType: ip.includes(':') ? (6 as const) : (4 as const),
      hotkey: signer.address,
      coldkey: '',
      protocol,
      placeholder1,
      placeholder2,
    }
    return this.serveAxon({ ...options, wallet: undefined, axon: { info: () => info, signer } })
  }

  /** Announces a prometheus endpoint, signed by the hotkey. Call: SubtensorModule.serve_prometheus. */
  async servePrometheus(
    options: ExtrinsicOptions & {
      readonly netuid: number
      readonly ip: string
      readonly port: number
      readonly version?: number | undefined
    },
  ): Promise<ExtrinsicResult> {
    const { wallet, netuid, port, version = NETWORK_VERSION } = options
    const address = parseIp(options.ip)
    if (!address) {
      throw new BittensorError('USAGE', `\`${options.ip.slice(0, 60)}\` is not an IP address`)
    }
    const call = servePrometheusCall(this.client, { netuid, port, version, ...address })
    const signer = await wallet.unlockHotkey()
    const settings = { ...options, wait: options.wait ?? ('finalization' as const) }
    return send(this.client, this.#turns, { call, signer, settings })
  }

  /**
   * Takes a seat in the senate with the wallet's hotkey. Call: join_senate, root_register or adjust_senate, by the runtime.
   * @throws {BittensorError} `DUPLICATE` when it has one, `NOT_DELEGATE`, `NOT_REGISTERED`, `KEYFILE`, `RUNTIME_UNSUPPORTED`
   * without a senate
   */
  async registerSenate(options: ExtrinsicOptions): Promise<ExtrinsicResult> {
    const { coldkey, hotkey } = await partiesOf(options.wallet)
    return this.#one(options, 'coldkey', async (planning) => {
      if ((await readSenateMembers(planning.view)).includes(hotkey.address)) {
        throw new BittensorError('DUPLICATE', `${hotkey.name} is in the senate already`, {
          details: 'nothing was sent',
        })
      }
      return planJoin(planning, { wallet: coldkey, hotkey })
    })
  }

  /** Gives the seat in the senate up. Call: leave_senate; runtimes of mid-2023. */
  async leaveSenate(options: ExtrinsicOptions): Promise<ExtrinsicResult> {
    const { coldkey, hotkey } = await partiesOf(options.wallet)
    return this.#one(options, 'coldkey', (planning) =>
      planLeave(planning, { wallet: coldkey, hotkey }),
    )
  }

  /**
   * Votes on a proposal with the wallet's hotkey. Call: SubtensorModule.vote.
   * @throws {BittensorError} `NOT_SENATE_MEMBER`, `PROPOSAL_NOT_FOUND`, `DUPLICATE` when it has voted so already
   */
  async voteSenate(
    options: ExtrinsicOptions & {
      /** Hash or index of the proposal. */
      readonly proposal: Hex | number
      readonly approve: boolean
    },
  ): Promise<ExtrinsicResult> {
    const { proposal, approve } = options
    const { coldkey, hotkey } = await partiesOf(options.wallet)
    const ref =
      typeof proposal === 'number'
        ? ({ kind: 'index', index: proposal } as const)
        : ({ kind: 'hash', prefix: proposal.toLowerCase() } as const)
    return this.#one(options, 'coldkey', async (planning) => {
      const { hash } = await findProposal(planning.view, ref)
      const vote = approve ? 'aye' : 'nay'
      return planVote(planning, { wallet: coldkey, hotkey, hash, vote })
    })
  }

  /** Moves everything of the wallet's hotkey to a new one. Call: SubtensorModule.swap_hotkey; since early 2024. */
  async swapHotkey(
    options: ExtrinsicOptions & { readonly newHotkey: string },
  ): Promise<ExtrinsicResult> {
    const { coldkey, hotkey } = await partiesOf(options.wallet)
    const to = { name: '', address: addressOf(options.newHotkey) }
    return this.#one(options, 'coldkey', (planning) =>
      planSwap(planning, { wallet: coldkey, from: hotkey, to }),
    )
  }

  /**
   * Signs and sends any call of the runtime, checked against its metadata. Amounts are bigint RAO, accounts ss58 text, and a
   * call within the arguments is `{ pallet, name, args }`.
   * @throws {BittensorError} `RUNTIME_UNSUPPORTED` when there is no such call or it takes other arguments
   * @example
   * await subtensor.submitCall({ wallet, pallet: 'System', call: 'remark', args: { remark: '0x00' } })
   */
  async submitCall(
    options: ExtrinsicOptions & {
      readonly pallet: string
      readonly call: string
      readonly args: Readonly<Record<string, unknown>>
      /** Which key signs; the coldkey by default. */
      readonly key?: 'coldkey' | 'hotkey' | undefined
    },
  ): Promise<ExtrinsicResult> {
    const { wallet, pallet, args, key = 'coldkey', ...settings } = options
    const call = buildCall(this.client, pallet, options.call, args)
    const signer = await (key === 'coldkey' ? wallet.unlockColdkey() : wallet.unlockHotkey())
    return send(this.client, this.#turns, { call, signer, settings })
  }

  async #stake(
    options: StakeOptions,
    more: Pick<StakeTerms, 'delegates'>,
  ): Promise<ExtrinsicResult> {
    const { wallet, netuid, amount } = options
    const target = await targetOf(options)
    const coldkey = await wallet.coldkeypubAddress()
    const wanted = amount === 'all' ? ('all' as const) : { amount: rao(raoOf(amount)) }
    return this.#one(options, 'coldkey', (planning) =>
      planStake(planning, {
        wallet: wallet.name,
        coldkey,
        targets: [target],
        netuid,
        wanted,
        split: false,
        keep: undefined,
        batch: false,
        ...swapTerms(options),
        ...more,
      }),
    )
  }

  async #one(
    options: ExtrinsicOptions,
    key: 'coldkey' | 'hotkey',
    plan: Parameters<typeof carryOut>[0]['plan'],
    wait?: SubmitSettings['wait'],
  ): Promise<ExtrinsicResult> {
    const { client } = this
    const { plan: _, ...result } = await carryOutOne({
      client,
      turns: this.#turns,
      options,
      key,
      plan,
      wait,
    })
    return result
  }

  /** One after another; where the chain limits how often stake moves, the next one waits for its turn. */
  async #parts(
    options: ExtrinsicOptions,
    parts: readonly StakePart[],
    one: (part: StakePart) => Promise<ExtrinsicResult>,
  ): Promise<readonly PartResult[]> {
    const labelled = parts.map((part) => ({ ...part, label: addressOf(part.hotkey) }))
    const results: (PartResult | Failed)[] = await sendEach(labelled, async (index) => {
      const { label, ...part } = labelled[index] as StakePart & { readonly label: string }
      if (index > 0) await this.#afterRateLimit(options)
      return { ...(await one(part)), label }
    })
    return results
  }

  async #afterRateLimit({ wallet, signal }: ExtrinsicOptions): Promise<void> {
    const { blocksToWait } = await import('../../core/plans/stakeFacts.js')
    const { untilBlock } = await import('../../core/chain/heads.js')
    const view = await this.client.at()
    const left = await blocksToWait(view, await wallet.coldkeypubAddress())
    if (left > 0) await untilBlock(this.client, view.block.number + left, { signal })
  }
}

async function targetOf(options: Pick<StakeOptions, 'wallet' | 'hotkey'>): Promise<Target> {
  const { wallet, hotkey } = options
  if (hotkey !== undefined) return { name: '', address: addressOf(hotkey) }
  return { name: wallet.hotkeyName, address: await wallet.hotkeyAddress() }
}

/** Shares as the plans take them, in millionths. */
function swapTerms(options: SwapOptions) {
  const { tolerance = 0.005, unsafe = false, allowPartial = false } = options
  if (!(tolerance >= 0 && tolerance < 1)) {
    throw new BittensorError('USAGE', 'a tolerance is a share from 0 to 1')
  }
  return { tolerance: Math.round(tolerance * 1_000_000), unsafe, allowPartial }
}

function keypairOf(signer: Signer): Keypair {
  if ('publicKey' in signer) return signer as Keypair
  throw new BittensorError('USAGE', 'the signer of the axon can not sign transactions', {
    hint: 'give the wallet whose hotkey it is',
  })
}

function notDelegate(address: string): BittensorError {
  return new BittensorError('NOT_DELEGATE', `the hotkey ${address} is not a delegate`, {
    details: 'nothing was sent',
    data: { hotkey: address as Ss58 },
  })
}
