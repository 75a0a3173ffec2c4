import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { infoApis } from '../../../src/localnet/node/infoApis.js'
import { standardApis } from '../../../src/localnet/node/standardApis.js'
import { createRuntime, type Runtime } from '../../../src/localnet/runtime/runtime.js'
import { type DeclaredPallet, describer, type Extract } from '../../support/declared.js'

const vector = (name: string) =>
  readFileSync(new URL(`../../vectors/metadata/${name}`, import.meta.url))

/** What the metadata of the real runtimes says. */
const real: Readonly<Record<Runtime['profile'], Extract>> = {
  classic: JSON.parse(vector('spec-143-extract.json').toString()),
  dtao: JSON.parse(gunzipSync(vector('spec-343-extract.json.gz')).toString()),
}

/** Constants that differ on purpose: subnets start after 10 blocks, as in builds for development. */
const OWN_VALUES = ['DurationOfStartCall']

/** What is served beyond spec 343 because newer clients insist on it; everything else must be in spec 343. */
const LATER = {
  MevShield: {
    storage: ['CurrentKey', 'PendingKey', 'NextKey', 'PendingKeyExpiresAt', 'NextKeyExpiresAt'],
    calls: ['submit_encrypted'],
    events: ['EncryptedSubmitted'],
  },
  SubtensorModule: {
    storage: [
      'Lock',
      'DecayingLock',
      'HotkeyLock',
      'DecayingHotkeyLock',
      'OwnerLock',
      'DecayingOwnerLock',
      'UnlockRate',
      'MaturityRate',
      'CollateralLockShare',
      'CollateralDrainRatio',
      'SubnetEpochConsensus',
    ],
    calls: ['register_limit', 'move_stake_limit'],
    errors: ['RegistrationPriceLimitExceeded'],
  },
  StakeInfoRuntimeApi: { methods: ['get_coldkey_lock', 'get_stake_availability_for_coldkeys'] },
  BetaBasketRuntimeApi: { methods: ['get_root_basket_owed', 'get_root_basket_positions'] },
  SubnetInfoRuntimeApi: { methods: ['get_subnet_hyperparams_v3'] },
  SwapRuntimeApi: { methods: ['current_alpha_price_all'] },
} as const
const LATER_TYPES = [
  'EpochConsensus',
  'LockState',
  'HyperparamEntry',
  'HyperparamValue',
  'StakeAvailability',
  'SubnetPrice',
  'BTreeMap<K=sp_core::crypto::AccountId32',
]
/** The one type of spec 343 with fields of later runtimes, behind its own. */
const LONGER = 'pallet_subtensor_swap_runtime_api::SimSwapResult'
const LATER_FIELDS = ', tao_slippage: u64, alpha_slippage: u64}'

const KINDS = ['storage', 'calls', 'events', 'errors', 'constants'] as const

/** The part of a real pallet that has the names of what is served. */
function served(pallet: DeclaredPallet, own: DeclaredPallet): DeclaredPallet {
  const part = <T>(all: Record<string, T>, some: object) =>
    Object.fromEntries(Object.keys(some).map((name) => [name, all[name] as T]))
  const paths = part(pallet.paths, own.paths)
  const parts = KINDS.map((kind) => [kind, part<unknown>(pallet[kind], own[kind])])
  return { index: pallet.index, paths, ...Object.fromEntries(parts) }
}

const laterOf = (name: string): Record<string, readonly string[]> =>
  (LATER as Record<string, Record<string, readonly string[]>>)[name] ?? {}

/** What a pallet declares without what it has beyond spec 343. */
function without(later: ReturnType<typeof laterOf>, pallet: DeclaredPallet): DeclaredPallet {
  const rest = Object.entries(later).map(([kind, names]) => [
    kind,
    omit(pallet[kind as 'calls'], names),
  ])
  return { ...pallet, ...Object.fromEntries(rest) }
}

const omit = <T>(all: Record<string, T>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)))

function missing(expected: DeclaredPallet, own: DeclaredPallet | undefined): string[] {
  return KINDS.flatMap((kind) => {
    const names = Object.keys(expected[kind]).filter((name) => !own || !(name in own[kind]))
    return names.length > 0 ? [`- ${kind}: ${names.map((name) => `\`${name}\``).join(', ')}`] : []
  })
}

const PAGE = `# What the embedded chain leaves out

Generated from the metadata of the real runtimes by \`npx vitest run test/unit/localnet/declarations.test.ts -u\`. What
is not listed here is served under the same names, indexes and types as the real runtime has it; the test compares all
of it. Runtimes are upgraded by the chain itself, not by \`set_code\`: [localnet.md](localnet.md).
`

function coverage(runtime: Runtime, title: string): string {
  const { pallets, apis } = real[runtime.profile]
  const own = new Map(runtime.pallets.map((one) => [one.name, describer().palletOf(one)]))
  const parts: string[] = [`## ${title}`]
  const absent = Object.keys(pallets).filter((name) => !own.has(name))
  if (absent.length > 0) parts.push(`Pallets that are not there: ${absent.join(', ')}.`)
  for (const [name, pallet] of Object.entries(pallets)) {
    if (!own.has(name)) continue
    const lines = missing(pallet, own.get(name))
    if (lines.length > 0) parts.push(`### ${name}\n\n${lines.join('\n')}`)
  }
  const served = new Map(
    [...standardApis(runtime), ...infoApis(runtime)].map((api) => [api.name, api]),
  )
  const rest = Object.entries(apis ?? {}).flatMap(([name, methods]) => {
    const known = served.get(name)?.methods ?? {}
    const left = Object.keys(methods).filter((method) => !Object.hasOwn(known, method))
    return left.length > 0 ? [`- ${name}: ${left.map((one) => `\`${one}\``).join(', ')}`] : []
  })
  if (rest.length > 0) parts.push(`### Runtime APIs\n\n${rest.join('\n')}`)
  return parts.join('\n\n')
}

/** What is served besides. */
function beyond(): string {
  const lines = Object.entries(LATER).flatMap(([name, later]) =>
    Object.entries<readonly string[]>(later).map(
      ([kind, names]) => `- ${name}, ${kind}: ${names.map((one) => `\`${one}\``).join(', ')}`,
    ),
  )
  return `## Beyond spec 343

bittensor-cli 9.23 and bittensor 11.3 want things that came after spec 343, so the profile \`dtao\` has them under the
names and types of the later runtimes. Nothing is locked and nobody has anything in a basket; the index of
\`move_stake_limit\` is our own. The answers of \`sim_swap_tao_for_alpha\` and \`sim_swap_alpha_for_tao\` are longer:
\`tao_slippage\` and \`alpha_slippage\` stand behind the fields of spec 343, so that readers of either layout find theirs.

MevShield opens encrypted transactions as real authors of blocks do, each right behind its carrier. Its keys are announced
without an extrinsic in every block, so that the first transaction of a block stays number 1; a key is followed by another
when it was used, not in every block; and what a key decrypts is no secret on a chain like this, for each key follows from
the one before it.

${lines.join('\n')}`
}

describe.each(['classic', 'dtao'] as const)('the %s profile equals real metadata', (profile) => {
  const runtime = createRuntime(profile)
  const { pallets, types, apis } = real[profile]

  const known = runtime.pallets.filter(({ name }) => name in pallets || !(name in LATER))

  test.each(known.map((one) => [one.name, one] as const))('%s', (name, pallet) => {
    const declared = describer().palletOf(pallet)
    const own = profile === 'dtao' ? without(laterOf(name), declared) : declared
    const expected = served(pallets[name] as DeclaredPallet, own)
    for (const constant of OWN_VALUES) delete own.constants[constant]
    for (const constant of OWN_VALUES) delete expected.constants[constant]
    expect(own).toEqual(expected)
  })

  test('named types', () => {
    const { seen, palletOf, nameOf, apiOf } = describer()
    for (const pallet of runtime.pallets) palletOf(pallet)
    nameOf(runtime.eventRecordType)
    if (apis) for (const api of infoApis(runtime)) apiOf(api)
    const names = Object.keys(seen).filter(
      (name) =>
        !/::pallet::(Call|Event|Error)\b|^frame_system::pallet/.test(name) &&
        !LATER_TYPES.some((later) => name.includes(`::${later}`)),
    )
    const expected = Object.fromEntries(names.map((name) => [name, types[name]]))
    if (profile === 'dtao') expected[LONGER] = expected[LONGER]?.replace('}', LATER_FIELDS)
    expect(Object.fromEntries(names.map((name) => [name, seen[name]]))).toEqual(expected)
    expect(names.length).toBeGreaterThan(30)
  })

  test('pallets come in the order of their indexes, each once', () => {
    const indexes = runtime.pallets.map((one) => one.index)
    expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b))
  })
})

describe('runtime APIs of spec 343', () => {
  const runtime = createRuntime('dtao')

  test.each(infoApis(runtime).map((api) => [api.name, api] as const))('%s', (name, api) => {
    const methods = omit(describer().apiOf(api), laterOf(name)['methods'] ?? [])
    expect(methods).toEqual(real.dtao.apis?.[name] ?? {})
  })
})

test.each(Object.entries(LATER))('what %s has beyond spec 343 is there, and new', (name, later) => {
  const runtime = createRuntime('dtao')
  const pallet = runtime.pallets.find((one) => one.name === name)
  const api = infoApis(runtime).find((one) => one.name === name)
  const own = pallet ? describer().palletOf(pallet) : api
  for (const [kind, names] of Object.entries(later)) {
    const declared = (own as unknown as Record<string, object>)[kind] ?? {}
    expect(Object.keys(declared)).toEqual(expect.arrayContaining([...names]))
    const then = pallet ? real.dtao.pallets[name]?.[kind as 'calls'] : real.dtao.apis?.[name]
    for (const one of names) expect(then ?? {}).not.toHaveProperty(one)
  }
})

test('what is left out is listed', async () => {
  const text = [
    PAGE.trimEnd(),
    coverage(createRuntime('classic'), 'Profile `classic` (spec 143)'),
    coverage(createRuntime('dtao'), 'Profile `dtao` (spec 343)'),
    beyond(),
  ].join('\n\n')
  await expect(`${text}\n`).toMatchFileSnapshot('../../../docs/localnet-coverage.md')
})
