/** What `identity_set` and `subnet_identity_set` check, and what they show before signing. */
import { buildCall } from '../chain/calls.js'
import { resolve } from '../chain/decode.js'
import { readIdentities, readSubnetIdentities, type SubnetIdentity } from '../chain/identities.js'
import { readRegistrations } from '../chain/neurons.js'
import { readOwnedHotkeys } from '../chain/stake.js'
import { existingSubnet } from '../chain/subnets.js'
import type { ChainClient, ChainView, Identity } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { type CallPlan, planCall } from './callPlan.js'
import type { Fact, Party, Planning } from './plan.js'
import { checkSubnetOwner } from './subnetPlan.js'

const MODULE = 'SubtensorModule'

/** Argument of the call and the field that it fills. */
const IDENTITY_FIELDS: Readonly<Record<string, keyof Identity>> = {
  name: 'name',
  url: 'url',
  github_repo: 'githubRepo',
  image: 'image',
  discord: 'discord',
  description: 'description',
  additional: 'additional',
}

const SUBNET_FIELDS: Readonly<Record<string, keyof SubnetIdentity>> = {
  subnet_name: 'name',
  github_repo: 'githubRepo',
  subnet_contact: 'contact',
  subnet_url: 'url',
  discord: 'discord',
  description: 'description',
  logo_url: 'logoUrl',
  additional: 'additional',
}

/** Bytes that a field may have (opentensor/subtensor, utils/identity.rs). */
const SHORT = 256
const LONG = 1024
const SHORT_FIELDS = ['name', 'url', 'discord', 'subnet_name']

/**
 * Checks an identity and says what would stand on chain; what is not given stays as it is.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE` for a field that is too long or unknown to the chain, `NOT_REGISTERED`
 * without a registered hotkey, `INSUFFICIENT_BALANCE`
 */
export async function planIdentity(
  planning: Planning,
  { wallet, given }: { readonly wallet: Party; readonly given: Partial<Identity> },
): Promise<CallPlan<Identity | undefined>> {
  const { client, view } = planning
  const read = async (at: ChainView) =>
    (await readIdentities(at, [wallet.address])).get(wallet.address)
  const now = await read(view)
  const fields = fieldsOf(client, { call: 'set_identity', names: IDENTITY_FIELDS, given, now })
  await checkRegistered(view, wallet)
  return planCall<Identity | undefined>(planning, {
    signer: wallet,
    call: buildCall(client, MODULE, 'set_identity', bytesOf(fields)),
    label: `identity of ${wallet.name}`,
    measure: read,
    facts: factsOf(fields),
    notes: ['everyone can read it, and old blocks keep it for ever'],
    question: `Set the identity of ${wallet.name}?`,
  })
}

/** The chain takes identities only from those who take part (opentensor/subtensor, utils/identity.rs). */
async function checkRegistered(view: ChainView, wallet: Party): Promise<void> {
  const hotkeys = await readOwnedHotkeys(view, wallet.address)
  if (!hotkeys || (await readRegistrations(view, hotkeys)).length > 0) return
  throw new BittensorError(
    'NOT_REGISTERED',
    `no hotkey of ${wallet.name} is registered on a subnet`,
    {
      details: 'the chain takes an identity only from a coldkey with a registered hotkey',
      hint: `btcli recycle_register --wallet.name ${wallet.name} registers one`,
      data: { coldkey: wallet.address },
    },
  )
}

/**
 * Checks the identity of a subnet and says what would stand on chain; what is not given stays as it is.
 * @throws {BittensorError} as {@link planIdentity}, `SUBNET_NOT_FOUND`, `KEYFILE` for who does not own the subnet
 */
export async function planSubnetIdentity(
  planning: Planning,
  terms: {
    readonly wallet: Party
    readonly netuid: number
    readonly given: Partial<SubnetIdentity>
  },
): Promise<CallPlan<SubnetIdentity | undefined>> {
  const { client, view } = planning
  const { wallet, netuid, given } = terms
  const read = async (at: ChainView) => (await readSubnetIdentities(at, [netuid])).get(netuid)
  argumentsOf(client, 'set_subnet_identity')
  await existingSubnet(view, netuid)
  await checkSubnetOwner(view, wallet, netuid)
  const now = await read(view)
  const fields = fieldsOf(client, { call: 'set_subnet_identity', names: SUBNET_FIELDS, given, now })
  return planCall<SubnetIdentity | undefined>(planning, {
    signer: wallet,
    call: buildCall(client, MODULE, 'set_subnet_identity', { netuid, ...bytesOf(fields) }),
    label: `identity of subnet ${netuid}`,
    netuids: [netuid],
    measure: read,
    facts: factsOf(fields),
    question: `Set the identity of subnet ${netuid}?`,
  })
}

/**
 * The identity of a subnet as the argument of `register_network_with_identity`; undefined when nothing is given.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` where there is no such call or field, `USAGE` for a field that is too long
 */
export function subnetIdentityArgument(
  client: ChainClient,
  given: Partial<SubnetIdentity>,
): Readonly<Record<string, Uint8Array>> | undefined {
  if (Object.values(given).every((text) => text === undefined || text === '')) return undefined
  const call = 'register_network_with_identity'
  argumentsOf(client, call)
  const { types, pallets } = client.runtime.description
  const found = pallets[MODULE]?.calls.find(({ name }) => name === call)
  const field = found?.fields.find(([name]) => name === 'identity')
  const option = field && resolve(types, field[1])
  const identity = option?.kind === 'option' ? resolve(types, option.of) : option
  const args = identity?.kind === 'struct' ? identity.fields.map(([name]) => name) : []
  return bytesOf(checkedFields(client, { args, names: SUBNET_FIELDS, given, now: undefined }))
}

/** @throws {BittensorError} `RUNTIME_UNSUPPORTED` where there is no such call */
function argumentsOf(client: ChainClient, call: string): readonly string[] {
  const args = client.callArgs(MODULE, call)
  return args ?? Object.keys(buildCall(client, MODULE, call, {}).args)
}

type FieldTerms<Names extends string> = {
  /** Argument of the call and the field that it fills. */
  readonly names: Readonly<Record<string, Names>>
  readonly given: Readonly<Partial<Record<Names, string | undefined>>>
  readonly now: Readonly<Record<Names, string | undefined>> | undefined
}

type Field = { readonly arg: string; readonly text: string; readonly before: string }

function fieldsOf<Names extends string>(
  client: ChainClient,
  part: FieldTerms<Names> & { readonly call: string },
): Field[] {
  const known = checkedFields(client, { ...part, args: argumentsOf(client, part.call) })
  if (known.every(({ text, before }) => text === before)) {
    throw new BittensorError('USAGE', 'nothing would change', { hint: 'give at least one field' })
  }
  return known
}

/** Those fields that the runtime has. */
function checkedFields<Names extends string>(
  client: ChainClient,
  part: FieldTerms<Names> & { readonly args: readonly string[] },
): Field[] {
  const { args, names, given, now } = part
  const fields = Object.entries(names).map(([arg, field]) => ({
    arg,
    text: given[field] ?? now?.[field] ?? '',
    before: now?.[field] ?? '',
    isGiven: given[field] !== undefined,
  }))
  const known = fields.filter(({ arg }) => args.includes(arg))
  const lost = fields.find((field) => field.isGiven && !known.includes(field))
  if (lost) {
    throw new BittensorError(
      'RUNTIME_UNSUPPORTED',
      `identities on this chain (spec ${client.specVersion}) have no ${lost.arg}`,
      { details: `they have ${known.map(({ arg }) => arg).join(', ')}` },
    )
  }
  known.forEach(checkLength)
  return known
}

function checkLength({ arg, text }: Field): void {
  const most = SHORT_FIELDS.includes(arg) ? SHORT : LONG
  const length = Buffer.byteLength(text)
  if (length > most)
    throw new BittensorError('USAGE', `${arg} has ${length} bytes, at most ${most} are taken`)
}

function bytesOf(fields: readonly Field[]): Readonly<Record<string, Uint8Array>> {
  return Object.fromEntries(fields.map(({ arg, text }) => [arg, new Uint8Array(Buffer.from(text))]))
}

function factsOf(fields: readonly Field[]): Fact[] {
  return fields.flatMap(({ arg, text, before }) => {
    if (text === '' && before === '') return []
    return [
      {
        label: arg,
        value: text === '' ? '(removed)' : text,
        note: text === before ? '' : before === '' ? 'new' : `now ${before}`,
      },
    ]
  })
}
