/** What `subnet_create` and `subnet_start` check, and what they show before signing. */
import { buildCall } from '../chain/calls.js'
import { readOwner } from '../chain/stake.js'
import { existingSubnet, readLockCost, readNetuids } from '../chain/subnets.js'
import type { ChainClient, ChainView } from '../chain/types.js'
import { asNumber, asOwner } from '../chain/values.js'
import { BittensorError } from '../errors.js'
import { formatTao } from '../units.js'
import { type CallPlan, planCall } from './callPlan.js'
import { rateLimit } from './ownHotkey.js'
import { type Party, type Planning, partyName } from './plan.js'
import { spanText } from './texts.js'

const MODULE = 'SubtensorModule'

/** @throws {BittensorError} `KEYFILE` when the wallet does not own the subnet */
export async function checkSubnetOwner(
  view: ChainView,
  wallet: Party,
  netuid: number,
): Promise<void> {
  const owner = asOwner(await view.read(MODULE, 'SubnetOwner', netuid))
  if (owner === wallet.address) return
  throw new BittensorError('KEYFILE', `subnet ${netuid} does not belong to ${wallet.name}`, {
    details: owner === undefined ? 'nobody owns it' : `${owner} owns it`,
    hint: 'choose the wallet that owns the subnet',
    data: { netuid, owner: owner ?? null, coldkey: wallet.address },
  })
}

export type CreateTerms = {
  readonly wallet: Party
  /** Hotkey of the owner; runtimes before 2025 need none. */
  readonly hotkey: Party
  /** Argument of the call that takes an identity; undefined for none. */
  readonly identity: Readonly<Record<string, Uint8Array>> | undefined
  /** RAO; the plan fails above it. */
  readonly maxCost: bigint | undefined
}

/** Netuids that the wallet's coldkey owns. */
export type CreatePlan = CallPlan<readonly number[]> & { readonly cost: bigint }

/**
 * Checks the creation of a subnet and says what it would cost.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `KEYFILE` for a hotkey of others, `INSUFFICIENT_BALANCE`, `RATE_LIMITED`,
 * `POLICY` when the cost is above the limit or has risen since it was confirmed
 */
export async function planCreate(planning: Planning, terms: CreateTerms): Promise<CreatePlan> {
  const { client, view } = planning
  const { wallet, hotkey } = terms
  const call = createCall(client, terms)
  const needsHotkey = call.args['hotkey'] !== undefined
  const cost = await readLockCost(view)
  checkCost(planning, cost, terms.maxCost)
  if (needsHotkey) await checkHotkey(view, terms)
  const plan = await planCall<readonly number[]>(planning, {
    signer: wallet,
    call,
    cost,
    label: 'a subnet',
    asked: { call: call.name, hotkey: hotkey.address },
    measure: (at) => ownedBy(at, wallet),
    facts: [
      ...(needsHotkey ? [{ label: 'hotkey', value: hotkey, note: 'gets uid 0' }] : []),
      {
        label: 'cost',
        value: `τ${formatTao(cost, 'full')}`,
        note: 'locked: it does not come back while the subnet lives',
      },
    ],
    notes: [
      'the cost doubles with each subnet that is created and falls until the next one',
      ...(view.hasStorage(MODULE, 'NetworkRegistrationQueue')
        ? ['where there is no room it waits in a queue, until another subnet is dissolved']
        : []),
      ...(client.hasCall(MODULE, 'start_call')
        ? ['the token is not traded before you start it: btcli subnet_start']
        : []),
    ],
    question: `Create a subnet for τ${formatTao(cost)}?`,
  })
  return { ...plan, cost }
}

function createCall(client: ChainClient, { hotkey, identity }: CreateTerms) {
  const name = identity === undefined ? 'register_network' : 'register_network_with_identity'
  const known: Readonly<Record<string, unknown>> = { hotkey: hotkey.address, mechid: 1, identity }
  const args = client.callArgs(MODULE, name) ?? []
  return buildCall(
    client,
    MODULE,
    name,
    Object.fromEntries(args.filter((arg) => arg in known).map((arg) => [arg, known[arg]])),
  )
}

function checkCost({ confirmed }: Planning, cost: bigint, maxCost: bigint | undefined): void {
  if (maxCost !== undefined && cost > maxCost) {
    throw new BittensorError('POLICY', `a subnet costs τ${formatTao(cost)}, more than --max_cost`, {
      data: { costRao: cost, maxCostRao: maxCost },
    })
  }
  const shown = confirmed?.operations[0]?.spendRao
  if (shown === undefined || shown === null || cost <= shown) return
  throw new BittensorError(
    'POLICY',
    `the cost rose from τ${formatTao(shown, 'full')} to τ${formatTao(cost, 'full')} while you decided`,
    { details: 'nothing was sent', data: { costRao: cost, confirmedRao: shown } },
  )
}

async function checkHotkey(view: ChainView, { wallet, hotkey }: CreateTerms): Promise<void> {
  const owner = await readOwner(view, hotkey.address)
  if (owner === undefined || owner === wallet.address) return
  throw new BittensorError(
    'KEYFILE',
    `the hotkey ${partyName(hotkey)} belongs to another coldkey`,
    {
      details: `${owner} owns it`,
      data: { hotkey: hotkey.address, owner, coldkey: wallet.address },
    },
  )
}

async function ownedBy(view: ChainView, wallet: Party): Promise<readonly number[]> {
  const netuids = await readNetuids(view)
  const owners = await Promise.all(
    netuids.map((netuid) => view.read(MODULE, 'SubnetOwner', netuid)),
  )
  return netuids.filter((_, i) => owners[i] === wallet.address)
}

/** Whether the token of a subnet is traded, and from which block on its owner can start that. */
export type StartState = {
  readonly netuid: number
  readonly startedAt: number | undefined
  readonly possibleFrom: number
}

/**
 * Whether a subnet was started (`FirstEmissionBlockNumber`).
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` where subnets start by themselves, `SUBNET_NOT_FOUND`
 */
export async function readStart(view: ChainView, netuid: number): Promise<StartState> {
  await existingSubnet(view, netuid)
  if (!view.hasStorage(MODULE, 'FirstEmissionBlockNumber')) {
    throw new BittensorError(
      'RUNTIME_UNSUPPORTED',
      `subnets of this chain (spec ${view.specVersion}) need no start`,
      { details: 'they run from their creation on' },
    )
  }
  const [first, registered, delay] = await Promise.all([
    view.read(MODULE, 'FirstEmissionBlockNumber', netuid),
    view.read(MODULE, 'NetworkRegisteredAt', netuid),
    startDelay(view),
  ])
  return {
    netuid,
    startedAt: first === undefined ? undefined : asNumber(first),
    possibleFrom: asNumber(registered) + delay,
  }
}

/** Blocks between creation and start: a constant, since 2026 a setting. */
async function startDelay(view: ChainView): Promise<number> {
  if (view.hasStorage(MODULE, 'StartCallDelay'))
    return asNumber(await view.read(MODULE, 'StartCallDelay'))
  return asNumber(view.constant(MODULE, 'DurationOfStartCall') ?? 0)
}

/**
 * Checks the start of a subnet and says what it would do.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `SUBNET_NOT_FOUND`, `KEYFILE`, `DUPLICATE` if it was started, `RATE_LIMITED` before
 * it can be, `INSUFFICIENT_BALANCE`
 */
export async function planStart(
  planning: Planning,
  { wallet, netuid }: { readonly wallet: Party; readonly netuid: number },
): Promise<CallPlan<StartState>> {
  const { client, view } = planning
  const state = await readStart(view, netuid)
  await checkSubnetOwner(view, wallet, netuid)
  if (state.startedAt !== undefined) {
    throw new BittensorError(
      'DUPLICATE',
      `subnet ${netuid} is started already: it emits from block ${state.startedAt} on`,
    )
  }
  const left = state.possibleFrom - (view.block.number + 1)
  if (left > 0)
    throw rateLimit(client, left, `a subnet can be started from block ${state.possibleFrom} on`)
  return planCall<StartState>(planning, {
    signer: wallet,
    call: buildCall(client, MODULE, 'start_call', { netuid }),
    label: `start of subnet ${netuid}`,
    netuids: [netuid],
    measure: (at) => readStart(at, netuid),
    facts: [
      { label: 'subnet', value: `${netuid}`, note: 'which you own' },
      { label: 'effect', value: 'its token is traded and emissions begin' },
    ],
    notes: ['it can not be stopped again'],
    question: `Start subnet ${netuid}?`,
  })
}

/** `is started: it emits from block 12 on`, `can be started in 5 blocks (≈ 60 s)`, `can be started now`. */
export function startText(
  { startedAt, possibleFrom }: StartState,
  block: number,
  blockTimeMs: number,
): string {
  if (startedAt !== undefined) return `is started: it emits from block ${startedAt} on`
  const left = possibleFrom - (block + 1)
  if (left <= 0) return 'can be started now'
  return `can be started in ${left} blocks (≈ ${spanText(left * blockTimeMs)})`
}
