/** How settings of a subnet are changed: by which call, by whom, and within which range. */
import { buildCall } from '../chain/calls.js'
import { resolve } from '../chain/decode.js'
import { countsEpochs } from '../chain/epochs.js'
import { hasBaskets } from '../chain/rootClaims.js'
import { readHyperparameters } from '../chain/subnets.js'
import type { TypeDef } from '../chain/typeDef.js'
import type { Call, ChainClient, ChainView, Hyperparameters } from '../chain/types.js'
import { closest } from '../closest.js'
import { BittensorError } from '../errors.js'
import { type CallPlan, planCall } from './callPlan.js'
import type { Fact, Party, Planning } from './plan.js'
import { checkSubnetOwner } from './subnetPlan.js'

/** Settings whose call is not named as the setting is read. */
const CALLS: Readonly<Record<string, string>> = {
  weights_version: 'sudo_set_weights_version_key',
  weights_rate_limit: 'sudo_set_weights_set_rate_limit',
  max_weights_limit: 'sudo_set_max_weight_limit',
  registration_allowed: 'sudo_set_network_registration_allowed',
  pow_registration_allowed: 'sudo_set_network_pow_registration_allowed',
  target_regs_per_interval: 'sudo_set_target_registrations_per_interval',
  bonds_moving_avg: 'sudo_set_bonds_moving_average',
  max_regs_per_block: 'sudo_set_max_registrations_per_block',
  max_validators: 'sudo_set_max_allowed_validators',
  commit_reveal_period: 'sudo_set_commit_reveal_weights_interval',
  transfers_enabled: 'sudo_set_toggle_transfer',
  user_liquidity_enabled: 'toggle_user_liquidity',
  subnet_is_active: 'sudo_set_subtoken_enabled',
  min_childkey_take: 'sudo_set_min_childkey_take_per_subnet',
}

/** Owners never could set these. */
const ALWAYS_ROOT = [
  'adjustment_interval',
  'max_allowed_validators',
  'max_registrations_per_block',
  'target_registrations_per_interval',
  'rao_recycled',
  'subtoken_enabled',
  'ema_price_halving_period',
  'min_allowed_uids',
  'subnet_emission_enabled',
]
/** Owners could set these until some time in 2025. */
const LATER_ROOT = [
  'difficulty',
  'min_difficulty',
  'kappa',
  'network_registration_allowed',
  'weights_set_rate_limit',
]

/** Whether an owner may set the tempo: since mid-2026, when epochs came to be counted; with this call since spec 441 at the latest. */
function isOwnersTempo(view: Pick<ChainView, 'hasStorage'>): boolean {
  return countsEpochs(view) && hasBaskets(view)
}

/** Who may change a setting: the owner of the subnet, root only, or nobody since there is no call for it. */
export type Setter = 'owner' | 'root' | 'nobody'

const EMISSION_PARTS = 'sudo_set_subnet_emission_weights'

const PALLETS = ['AdminUtils', 'SubtensorModule', 'Swap']

type Found = { readonly pallet: string; readonly name: string; readonly args: readonly Argument[] }
type Argument = { readonly name: string; readonly type: TypeDef }

/** The call that changes a setting, by the metadata; its arguments without the netuid. */
function callFor(client: Pick<ChainClient, 'runtime'>, setting: string): Found | undefined {
  const { pallets, types } = client.runtime.description
  const name = CALLS[setting] ?? `sudo_set_${setting}`
  for (const pallet of PALLETS) {
    const call = pallets[pallet]?.calls.find((one) => one.name === name)
    if (!call?.fields.some(([field]) => field === 'netuid')) continue
    const fields = call.fields.filter(([field]) => field !== 'netuid')
    const args = fields.map(([field, type]) => ({ name: field, type: resolve(types, type) }))
    return { pallet, name, args }
  }
  return undefined
}

/** Who may change a setting on this runtime, as far as it is known. */
export function setterOf(
  view: Pick<ChainView, 'runtime' | 'specVersion' | 'hasStorage' | 'hasCall'>,
  setting: string,
): Setter {
  const found = callFor(view, setting)
  if (!found) return 'nobody'
  const short = found.name.replace(/^sudo_set_/, '')
  // The call still stands, and refuses everybody since the parts of an emission are one setting.
  if (short === 'owner_cut_enabled' && view.hasCall('AdminUtils', EMISSION_PARTS)) return 'nobody'
  if (short === 'tempo') return isOwnersTempo(view) ? 'owner' : 'root'
  if (ALWAYS_ROOT.includes(short) || found.pallet === 'SubtensorModule') return 'root'
  // Owners choose between burn and proof of work again since spec 475.
  const isAgain =
    short === 'network_registration_allowed' && view.hasCall('SubtensorModule', 'pow_register')
  return LATER_ROOT.includes(short) && view.specVersion >= 233 && !isAgain ? 'root' : 'owner'
}

/** The settings that have a call on this runtime, by the names they are set by. */
function settings(client: Pick<ChainClient, 'runtime'>): string[] {
  const { pallets } = client.runtime.description
  const renamed = new Map(Object.entries(CALLS).map(([setting, call]) => [call, setting]))
  const names = PALLETS.flatMap((pallet) => pallets[pallet]?.calls ?? [])
    .filter(
      ({ name, fields }) =>
        /^sudo_set_|^toggle_user/.test(name) && fields.length > 1 && fields[0]?.[0] === 'netuid',
    )
    .map(({ name }) => renamed.get(name) ?? name.replace(/^sudo_set_/, ''))
  return names.toSorted()
}

export type HyperparameterTerms = {
  readonly wallet: Party
  readonly netuid: number
  readonly setting: string
  /** As typed; several for a setting of several parts. */
  readonly values: readonly string[]
  /** Turns text into what the chain keeps, by the type of the argument. */
  readonly parse: (setting: string, text: string, type: TypeDef) => unknown
  /** What a value means, for people. */
  readonly describe: (setting: string, value: unknown) => string
}

export type HyperparameterPlan = CallPlan<Hyperparameters> & { readonly viaSudo: boolean }

/**
 * Checks a change of a setting and says what it would do. The sudo key of a chain changes all of them through `Sudo.sudo`.
 * @throws {BittensorError} `USAGE` for an unknown setting or a value out of range, `SUBNET_NOT_FOUND`, `KEYFILE` for who may
 * not, `RUNTIME_UNSUPPORTED`, `INSUFFICIENT_BALANCE`
 */
export async function planHyperparameter(
  planning: Planning,
  terms: HyperparameterTerms,
): Promise<HyperparameterPlan> {
  const { client, view } = planning
  const { wallet, netuid, setting } = terms
  const { found, values } = settingValues(client, terms)
  checkSettable(view, terms)
  const now = await readHyperparameters(view, netuid)
  const isSudo = await hasSudo(view, wallet)
  if (!isSudo) await checkSubnetOwner(view, wallet, netuid)
  const facts = factsOf(terms, now, values)
  const notes = [
    ...(isSudo ? [] : checkRights(view, terms)),
    ...(facts.every(({ value, note }) => note === `now ${value}`) ? ['this changes nothing'] : []),
  ]
  const call = buildCall(client, found.pallet, found.name, { netuid, ...values })
  const plan = await planCall<Hyperparameters>(planning, {
    signer: wallet,
    call: isSudo ? sudo(client, call) : call,
    label: `${setting} of subnet ${netuid}`,
    netuids: [netuid],
    measure: (at) => readHyperparameters(at, netuid),
    facts: [
      {
        label: 'subnet',
        value: `${netuid}`,
        note: isSudo ? 'as root, by the sudo key' : 'which you own',
      },
      ...facts,
    ],
    notes,
    question: `Change ${setting} of subnet ${netuid}?`,
  })
  return { ...plan, viaSudo: isSudo }
}

function unknownSetting(
  client: Pick<ChainClient, 'runtime' | 'specVersion'>,
  setting: string,
): BittensorError {
  const known = settings(client)
  const near = closest(setting, known)
  return new BittensorError(
    'USAGE',
    `this chain (spec ${client.specVersion}) has no call to set ${setting}`,
    {
      details: known.length === 0 ? undefined : `there are ${known.join(', ')}`,
      hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : undefined,
      data: { setting, known },
    },
  )
}

/** What a setting would become. @throws {BittensorError} `USAGE` for an unknown setting or a value out of range */
export function settingValues(
  client: Pick<ChainClient, 'runtime' | 'specVersion'>,
  terms: Pick<HyperparameterTerms, 'setting' | 'values' | 'parse'>,
): { readonly found: Found; readonly values: Readonly<Record<string, unknown>> } {
  const found = callFor(client, terms.setting)
  if (!found) throw unknownSetting(client, terms.setting)
  const { args } = found
  if (args.length !== terms.values.length) {
    const names = args.map(({ name }) => name).join(', ')
    throw new BittensorError(
      'USAGE',
      `${terms.setting} needs ${args.length === 1 ? 'one value' : `${args.length} values: ${names}`}`,
    )
  }
  const entries = args.map(({ name, type }, i) => [
    name,
    terms.parse(args.length === 1 ? terms.setting : name, terms.values[i] ?? '', type),
  ])
  return { found, values: Object.fromEntries(entries) }
}

async function hasSudo(view: ChainView, wallet: Party): Promise<boolean> {
  if (!view.hasStorage('Sudo', 'Key')) return false
  return (await view.read('Sudo', 'Key')) === wallet.address
}

/** A call may stand although it refuses everybody. */
function checkSettable(view: ChainView, { netuid, setting }: HyperparameterTerms): void {
  if (setterOf(view, setting) !== 'nobody') return
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `nobody can set ${setting} on this chain (spec ${view.specVersion}) any more`,
    { hint: `btcli tx AdminUtils.${EMISSION_PARTS} --help`, data: { netuid, setting } },
  )
}

/** An owner who may not is told before it costs a fee. */
function checkRights(view: ChainView, { netuid, setting }: HyperparameterTerms): string[] {
  if (setterOf(view, setting) !== 'root') return []
  const short = callFor(view, setting)?.name.replace(/^sudo_set_/, '') ?? ''
  if (LATER_ROOT.includes(short))
    return ['on runtimes of 2025 and later only root may set this; then the chain refuses']
  throw new BittensorError('KEYFILE', `only root may set ${setting}, not the owner of the subnet`, {
    hint: 'btcli hyperparameters shows what the owner may set',
    data: { netuid, setting },
  })
}

function sudo(client: ChainClient, call: Call): Call {
  return buildCall(client, 'Sudo', 'sudo', { call })
}

function factsOf(
  { setting, describe }: HyperparameterTerms,
  now: Hyperparameters,
  values: Readonly<Record<string, unknown>>,
): Fact[] {
  const entries = Object.entries(values)
  return entries.map(([arg, value]) => {
    const name = entries.length === 1 ? setting : arg
    const before = now[name]
    return {
      label: name,
      value: describe(name, value),
      note: before === undefined ? '' : `now ${describe(name, before)}`,
    }
  })
}
