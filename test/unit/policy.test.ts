import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { JournalContent, JournalEntry, OutcomeKind } from '../../src/core/journal.js'
import {
  loadPolicy,
  loosenedRules,
  type Policy,
  parsePolicy,
  policyFields,
  policyPath,
} from '../../src/core/policy.js'
import {
  findViolations,
  type Intended,
  policyError,
  spentToday,
} from '../../src/core/policyCheck.js'
import { changePolicyText } from '../../src/core/policyEdit.js'
import { rao } from '../../src/core/units.js'
import { tempFolder } from '../support/tempFolder.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const CHARLIE = '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y'
const TAO = 1_000_000_000n
const NOW = new Date('2025-06-02T12:00:00Z')

const parse = (text: string) => parsePolicy(text, 'policy.yml')

const TRANSFER: Intended = {
  network: 'finney',
  genesisHash: '0x2f',
  value: 'real',
  command: 'transfer',
  calls: ['Balances.transfer_keep_alive'],
  netuids: [],
  destinations: [{ address: BOB, amountRao: 10n * TAO }],
  spendRao: 10n * TAO,
  feeRao: 125_000n,
}

function entry(change: Partial<JournalEntry> & { readonly kind?: OutcomeKind } = {}): JournalEntry {
  const { kind, ...fields } = change
  return {
    id: 'earlier',
    time: '2025-06-02T11:00:00.000Z',
    network: 'finney',
    genesisHash: '0x2f',
    specVersion: 143,
    command: 'transfer',
    account: ALICE,
    call: { name: 'Balances.transfer_keep_alive', args: {} },
    intent: '',
    nonce: 1,
    era: { birth: 1, death: 64 },
    hash: '0x9c',
    spendRao: 10n * TAO,
    feeRao: 125_000n,
    destinations: [{ address: BOB, amountRao: 10n * TAO }],
    outcome: kind === undefined ? undefined : { outcome: kind, time: '' },
    ...fields,
  }
}

const journalOf = (...entries: JournalEntry[]): JournalContent => ({ entries, torn: 0, foreign: 0 })

async function check(rules: string, change: Partial<Intended> = {}, journal = journalOf()) {
  const policy = await parse(rules)
  return findViolations(policy, { ...TRANSFER, ...change }, { journal, now: NOW }).map(
    ({ rule, message }) => `${rule}: ${message}`,
  )
}

describe('parsePolicy', () => {
  test('reads every rule exactly, from YAML', async () => {
    const policy = await parse(`
      max_per_transaction: 10.000000001
      max_per_day: τ50
      max_fee: 1000rao
      max_per_destination: {default: 5, ${BOB}: 20}
      allowed_destinations: [${BOB}]
      allowed_calls: [Balances.transfer_keep_alive, SubtensorModule.*]
      allowed_netuids: [0, 3]
      allowed_networks: [finney, '0x2f']
      forbidden_commands: [recycle-register]
    `)
    expect(policy).toEqual({
      maxPerTransaction: 10_000_000_001n,
      maxPerDay: 50n * TAO,
      maxFee: 1000n,
      maxPerDestination: new Map([
        ['default', 5n * TAO],
        [BOB, 20n * TAO],
      ]),
      allowedDestinations: new Set([BOB]),
      allowedCalls: new Set(['Balances.transfer_keep_alive', 'SubtensorModule.*']),
      allowedNetuids: new Set([0, 3]),
      allowedNetworks: new Set(['finney', '0x2f']),
      forbiddenCommands: new Set(['recycle_register']),
    })
  })

  test('reads JSON, amounts as numbers or as text', async () => {
    const policy = await parse('{"max_fee": 0.000000001, "max_per_day": "18446744073.709551615"}')
    expect(policy).toMatchObject({ maxFee: 1n, maxPerDay: (1n << 64n) - 1n })
  })

  test('an empty map forbids nothing', async () => {
    expect(Object.values(await parse('{}')).every((rule) => rule === undefined)).toBe(true)
  })

  test.each([
    ['', 'it holds no rules'],
    ['# nothing but a comment', 'it holds no rules'],
    ['[]', 'it holds no rules'],
    ['max_per_day', 'it holds no rules'],
    ['max_per_dya: 5', 'there is no rule `max_per_dya`'],
    ['max_per_day: -5', 'max_per_day: `-5` is not an amount'],
    ['max_per_day: 1e3', 'max_per_day: `1e3` is not an amount'],
    ['max_per_day:', 'max_per_day: `` is not an amount'],
    ['max_per_day: [5]', 'max_per_day: a single value is expected'],
    ['max_per_day: 5\nmax_per_day: 6', 'Map keys must be unique'],
    ['max_per_day: &a 5\nmax_fee: *a', 'Alias resolution is disabled'],
    ['max_per_day: !!js/eval 5', 'Unresolved tag'],
    ['allowed_netuids: 3', 'allowed_netuids: a list is expected'],
    ['allowed_netuids: [-1]', 'allowed_netuids: `-1` is not a subnet number'],
    ['allowed_netuids: [65536]', 'allowed_netuids: `65536` is not a subnet number'],
    ['allowed_calls: [transfer]', 'allowed_calls: `transfer` is not Pallet.call or Pallet.*'],
    ["allowed_calls: ['*']", 'allowed_calls: `*` is not Pallet.call or Pallet.*'],
    ['allowed_destinations: [bob]', 'allowed_destinations: `bob` is not a Bittensor address'],
    ["allowed_destinations: ['@bob']", 'write the address of @bob instead of its name'],
    [`max_per_destination: {${BOB.slice(0, -1)}z: 5}`, 'its checksum is wrong'],
    ['allowed_networks: [[]]', 'allowed_networks: a single value is expected'],
    ["allowed_networks: ['']", 'allowed_networks: an empty name'],
    ['max_fee: 1\n\tmax_per_day: 2', ''],
    ['{"max_fee": 1', ''],
  ])('%j stops everything', async (text, details) => {
    await expect(parse(text)).rejects.toMatchObject({
      code: 'POLICY',
      message: 'the policy file is not understood: policy.yml',
      details: expect.stringContaining(details),
    })
  })

  test('any text is a policy or is refused with POLICY', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        await parse(text).catch((error: unknown) => expect(error).toMatchObject({ code: 'POLICY' }))
      }),
    )
  })
})

describe('the policy file', () => {
  let directory: string
  beforeEach(() => {
    directory = tempFolder()
  })

  test('may be absent', async () => {
    const path = await policyPath(directory)
    expect(path).toBe(join(directory, 'policy.yml'))
    expect(await loadPolicy(path)).toBeUndefined()
  })

  test('may be JSON', async () => {
    await writeFile(join(directory, 'policy.json'), '{"max_fee": "1"}')
    expect(await loadPolicy(await policyPath(directory))).toMatchObject({ maxFee: TAO })
  })

  test('must be one', async () => {
    await writeFile(join(directory, 'policy.json'), '{}')
    await writeFile(join(directory, 'policy.yml'), '{}')
    await expect(policyPath(directory)).rejects.toMatchObject({ code: 'POLICY' })
  })

  test('is not absent when it is a folder, a link into nowhere or below a file', async () => {
    await mkdir(join(directory, 'policy.yml'))
    await expect(loadPolicy(join(directory, 'policy.yml'))).rejects.toMatchObject({
      code: 'POLICY',
    })
    await symlink('nowhere', join(directory, 'link'))
    await expect(loadPolicy(join(directory, 'link'))).rejects.toMatchObject({ code: 'POLICY' })
    await writeFile(join(directory, 'file'), '')
    await expect(loadPolicy(join(directory, 'file', 'x'))).rejects.toMatchObject({ code: 'POLICY' })
  })

  test('that may not be read stops everything', async ({ skip }) => {
    const path = join(directory, 'policy.yml')
    await writeFile(path, '{}')
    await chmod(path, 0)
    if (process.getuid?.() === 0) skip('root reads every file')
    await expect(loadPolicy(path)).rejects.toMatchObject({ code: 'POLICY' })
  })
})

describe('amounts', () => {
  test('within the limits nothing is said', async () => {
    expect(
      await check('{max_per_transaction: 10.000125, max_per_day: 10.000125, max_fee: 0.000125}'),
    ).toEqual([])
  })

  test('the fee counts', async () => {
    expect(await check('max_per_transaction: 10.000124999')).toEqual([
      'max_per_transaction: τ10 and the fee of τ0.000125 are more than τ10.000124999',
    ])
    expect(await check('max_fee: 0.000124999')).toEqual([
      'max_fee: the fee of τ0.000125 is above τ0.000124999',
    ])
  })

  test('an unbounded amount or an unknown fee breaks every rule about amounts', async () => {
    const rules = '{max_per_transaction: 1000, max_per_day: 1000, max_fee: 1000}'
    expect(await check(rules, { spendRao: null })).toEqual([
      'max_per_transaction: the amount is not bounded before signing',
      'max_per_day: the amount is not bounded before signing',
    ])
    expect(await check(rules, { feeRao: null })).toEqual([
      'max_fee: the fee is not known',
      'max_per_transaction: the fee is not known',
      'max_per_day: the fee is not known',
    ])
    expect(await check('allowed_networks: [finney]', { spendRao: null, feeRao: null })).toEqual([])
  })
})

describe('the limit of a day', () => {
  const RULE = 'max_per_day: 20.00025'

  test('counts what left in the last 24 hours', async () => {
    expect(await check(RULE, {}, journalOf(entry()))).toEqual([])
    expect(await check(RULE, {}, journalOf(entry(), entry({ spendRao: 0n, feeRao: 1n })))).toEqual([
      'max_per_day: τ10.000125 on top of τ10.000125001 in the last 24 hours are more than τ20.00025',
    ])
  })

  test.each([
    ['2025-06-01T12:00:00.000Z', 0n],
    ['2025-06-01T12:00:00.001Z', 10n * TAO + 125_000n],
    ['2031-01-01T00:00:00.000Z', 10n * TAO + 125_000n],
    ['long ago', 10n * TAO + 125_000n],
  ])('an entry of %s', (time, spent) => {
    expect(spentToday('0x2f', { journal: journalOf(entry({ time })), now: NOW })).toBe(spent)
  })

  test.each([
    ['unknown', 10n * TAO + 125_000n],
    ['included', 10n * TAO + 125_000n],
    ['finalized', 10n * TAO + 125_000n],
    ['failed', 125_000n],
    ['not-included', 0n],
  ] as const)('an entry that is %s', (kind, spent) => {
    expect(spentToday('0x2f', { journal: journalOf(entry({ kind })), now: NOW })).toBe(spent)
  })

  test('does not count other chains and the transaction itself', () => {
    const journal = journalOf(entry({ genesisHash: '0x8f' }), entry({ id: 'self' }))
    expect(spentToday('0x2f', { journal, now: NOW, except: 'self' })).toBe(0n)
  })

  test('cannot be kept when the journal is not understood', async () => {
    const unknown = ['max_per_day: the journal holds transactions whose amount is not known']
    expect(await check(RULE, {}, journalOf(entry({ spendRao: null })))).toEqual(unknown)
    expect(await check(RULE, {}, journalOf(entry({ feeRao: null })))).toEqual(unknown)
    expect(await check(RULE, {}, { ...journalOf(), foreign: 1 })).toEqual(unknown)
    expect(await check(RULE, {}, { ...journalOf(), torn: 3 })).toEqual([])
    const harmless = entry({ spendRao: null, feeRao: null, kind: 'not-included' })
    expect(await check(RULE, {}, journalOf(harmless))).toEqual([])
  })
})

describe('destinations', () => {
  test('outside the list are refused', async () => {
    const rule = `allowed_destinations: [${BOB}]`
    expect(await check(rule)).toEqual([])
    const destinations = [...(TRANSFER.destinations ?? []), { address: CHARLIE, amountRao: 1n }]
    expect(await check(rule, { destinations })).toEqual([
      `allowed_destinations: ${CHARLIE} is not in the list`,
    ])
    expect(await check(rule, { destinations: undefined })).toEqual([
      'allowed_destinations: the destination is not known',
    ])
  })

  test('get no more than their limit in a day', async () => {
    const rule = `max_per_destination: {default: 15, ${CHARLIE}: 1}`
    expect(await check(rule)).toEqual([])
    expect(await check(rule, {}, journalOf(entry()))).toEqual([
      `max_per_destination: ${BOB} would get τ20 in 24 hours, more than τ15`,
    ])
    expect(await check(rule, {}, journalOf(entry({ kind: 'failed' })))).toEqual([])
    expect(
      await check(rule, { destinations: [{ address: CHARLIE, amountRao: TAO + 1n }] }),
    ).toEqual([`max_per_destination: ${CHARLIE} would get τ1.000000001 in 24 hours, more than τ1`])
    expect(await check(rule, { destinations: undefined })).toHaveLength(1)
    expect(await check(`max_per_destination: {${CHARLIE}: 1}`)).toEqual([])
  })

  test('several payments to one in one transaction count together', async () => {
    const twice = [TRANSFER.destinations?.[0], TRANSFER.destinations?.[0]].filter((one) => !!one)
    expect(await check('max_per_destination: 19', { destinations: twice })).toHaveLength(1)
  })

  test('an unknown amount is above every limit', async () => {
    const destinations = [{ address: BOB, amountRao: null }]
    const unknown = [`max_per_destination: what ${BOB} gets in 24 hours is not known`]
    expect(await check('max_per_destination: 1000', { destinations })).toEqual(unknown)
    const earlier = journalOf(entry({ destinations }))
    expect(await check('max_per_destination: 1000', {}, earlier)).toEqual(unknown)
  })
})

describe('scope', () => {
  test.each([
    ['allowed_calls: [Balances.transfer_keep_alive]', {}, []],
    ['allowed_calls: [Balances.*]', {}, []],
    [
      'allowed_calls: [SubtensorModule.*]',
      {},
      ['allowed_calls: Balances.transfer_keep_alive is not in the list'],
    ],
    [
      'allowed_calls: [Utility.*, Balances.transfer]',
      { calls: ['Utility.batch', 'Balances.transfer', 'Sudo.sudo'] },
      ['allowed_calls: Sudo.sudo is not in the list'],
    ],
    ['allowed_calls: [Balances.*]', { calls: [] }, ['allowed_calls: the call is not known']],
    ['allowed_netuids: [1]', {}, []],
    ['allowed_netuids: [1]', { netuids: [1, 3] }, ['allowed_netuids: netuid 3 is not in the list']],
    ['allowed_netuids: []', { netuids: [0] }, ['allowed_netuids: netuid 0 is not in the list']],
    ['allowed_netuids: [1]', { netuids: undefined }, ['allowed_netuids: the subnet is not known']],
    ['forbidden_commands: [transfer]', {}, ['forbidden_commands: transfer is in the list']],
    ['forbidden_commands: [stake]', {}, []],
    ['allowed_networks: [finney]', {}, []],
    ["allowed_networks: ['0x2f']", {}, []],
    ['allowed_networks: [archive]', { network: 'archive' }, []],
    ['allowed_networks: [test, local]', {}, ['allowed_networks: finney is not in the list']],
    ['allowed_networks: [local]', { network: 'local', value: 'worthless' }, []],
    [
      'allowed_networks: [local]',
      { network: 'local', value: 'real' },
      ['allowed_networks: local is not in the list'],
    ],
  ] as const)('%s with %o', async (rules, change, expected) => {
    expect(await check(rules, change)).toEqual(expected)
  })
})

test('the refusal names every broken rule and where it is written', () => {
  const error = policyError(
    [
      { rule: 'max_fee', message: 'the fee is not known' },
      { rule: 'allowed_netuids', message: 'netuid 3 is not in the list' },
    ],
    '/home/alice/.bittensor/policy.yml',
  )
  expect(error).toMatchObject({
    code: 'POLICY',
    message: 'the policy forbids this: the fee is not known (max_fee)',
    details: 'netuid 3 is not in the list (allowed_netuids)\nnothing was sent',
    hint: 'the rules are in /home/alice/.bittensor/policy.yml; btcli policy shows them',
  })
})

describe('loosenedRules', () => {
  test.each([
    ['max_fee: 1', 'max_fee: 0.5', []],
    ['max_fee: 1', 'max_fee: 1.000000001', ['max_fee']],
    ['max_fee: 1', '{}', ['max_fee']],
    ['{}', 'max_fee: 1', []],
    ['allowed_netuids: [1, 2]', 'allowed_netuids: [2]', []],
    ['allowed_netuids: [1]', 'allowed_netuids: [1, 2]', ['allowed_netuids']],
    ['allowed_calls: [Balances.*]', 'allowed_calls: [Balances.transfer]', []],
    ['allowed_calls: [Balances.transfer]', 'allowed_calls: [Balances.*]', ['allowed_calls']],
    ['forbidden_commands: [stake]', 'forbidden_commands: [stake, unstake]', []],
    ['forbidden_commands: [stake]', 'forbidden_commands: [unstake]', ['forbidden_commands']],
    ['max_per_destination: 5', `max_per_destination: {default: 5, ${BOB}: 1}`, []],
    [
      'max_per_destination: 5',
      `max_per_destination: {default: 5, ${BOB}: 6}`,
      ['max_per_destination'],
    ],
    ['max_per_destination: 5', `max_per_destination: {${BOB}: 1}`, ['max_per_destination']],
    [`max_per_destination: {${BOB}: 6}`, 'max_per_destination: 5', []],
    [
      `max_per_destination: {default: 5, ${BOB}: 1}`,
      'max_per_destination: 5',
      ['max_per_destination'],
    ],
  ])('%s ➡ %s', async (before, after, expected) => {
    expect(loosenedRules(await parse(before), await parse(after))).toEqual(expected)
  })

  test('removing the file loosens every rule it had', async () => {
    const policy = await parse('{max_fee: 1, allowed_netuids: []}')
    expect(loosenedRules(policy, undefined)).toEqual(['max_fee', 'allowed_netuids'])
    expect(loosenedRules(undefined, policy)).toEqual([])
  })

  const seldom = <T>(rule: fc.Arbitrary<T>) =>
    fc.oneof({ arbitrary: fc.constant(undefined), weight: 4 }, { arbitrary: rule, weight: 1 })
  const tao = fc.bigInt({ min: 0n, max: 3n }).map(rao)
  const some = <T>(...items: readonly T[]) =>
    seldom(fc.subarray([...items]).map((chosen) => new Set(chosen)))
  const policies: fc.Arbitrary<Policy> = fc.record({
    maxPerTransaction: seldom(tao),
    maxPerDay: seldom(tao),
    maxFee: seldom(tao),
    maxPerDestination: seldom(
      fc
        .dictionary(fc.constantFrom('default', BOB), tao)
        .map((limits) => new Map(Object.entries(limits))),
    ),
    allowedDestinations: some<string>(BOB, CHARLIE),
    allowedCalls: some('Balances.transfer', 'Balances.*', 'SubtensorModule.add_stake'),
    allowedNetuids: some(0, 1),
    allowedNetworks: some('finney', 'test'),
    forbiddenCommands: some('transfer', 'stake'),
  })
  const amounts = fc.option(fc.bigInt({ min: 0n, max: 3n }), { nil: null })
  const intentions: fc.Arbitrary<Intended> = fc.record({
    network: fc.constantFrom('finney', 'test'),
    genesisHash: fc.constant('0x2f'),
    value: fc.constant('unknown'),
    command: fc.constantFrom('transfer', 'stake'),
    calls: fc.subarray(['Balances.transfer', 'Balances.force', 'SubtensorModule.add_stake']),
    netuids: fc.option(fc.subarray([0, 1]), { nil: undefined }),
    destinations: fc.option(
      fc.array(fc.record({ address: fc.constantFrom(BOB, CHARLIE), amountRao: amounts })),
      { nil: undefined },
    ),
    spendRao: amounts,
    feeRao: amounts,
  })

  test('what a change newly allows is always named as loosened', () => {
    const fields = policyFields.map(({ field }) => field)
    const changed = fc.record({ before: policies, other: policies, fields: fc.subarray(fields) })
    let newlyAllowed = 0
    fc.assert(
      fc.property(changed, intentions, ({ before, other, fields: some }, intended) => {
        const taken = Object.fromEntries(some.map((field) => [field, other[field]]))
        const after = { ...before, ...taken } as Policy
        const history = { journal: journalOf(), now: NOW }
        const forbids = (policy: Policy) => findViolations(policy, intended, history).length > 0
        if (!forbids(before) || forbids(after)) return
        newlyAllowed++
        expect(loosenedRules(before, after)).not.toEqual([])
      }),
      { numRuns: 3000 },
    )
    expect(newlyAllowed).toBeGreaterThan(20)
  })

  test('a policy never becomes looser than itself', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        expect(loosenedRules(policy, policy)).toEqual([])
      }),
    )
  })
})

test('a running sum never passes the limit of a day', async () => {
  const policy = await parse('{max_per_day: 20rao, max_per_destination: 15rao}')
  const payments = fc.array(
    fc.record({
      amount: fc.bigInt({ min: 0n, max: 10n }),
      fee: fc.bigInt({ min: 0n, max: 2n }),
      to: fc.constantFrom(BOB, CHARLIE),
      kind: fc.constantFrom(undefined, 'unknown', 'included', 'failed', 'not-included'),
    }),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(payments, (wanted) => {
      const entries: JournalEntry[] = []
      for (const { amount, fee, to, kind } of wanted) {
        const destinations = [{ address: to, amountRao: amount }]
        const intended = { ...TRANSFER, destinations, spendRao: amount, feeRao: fee }
        const history = { journal: journalOf(...entries), now: NOW }
        if (findViolations(policy, intended, history).length > 0) continue
        entries.push(
          entry({
            destinations,
            spendRao: amount,
            feeRao: fee,
            ...(kind ? { kind: kind as OutcomeKind } : {}),
          }),
        )
      }
      const paid = entries.filter(
        ({ outcome }) => !['failed', 'not-included'].includes(outcome?.outcome ?? ''),
      )
      const sum = (list: JournalEntry[]) =>
        list.reduce((all, one) => all + (one.spendRao ?? 0n), 0n)
      expect(sum(paid)).toBeLessThanOrEqual(20n)
      for (const to of [BOB, CHARLIE]) {
        expect(sum(paid.filter((one) => one.destinations[0]?.address === to))).toBeLessThanOrEqual(
          15n,
        )
      }
    }),
  )
})

describe('changePolicyText', () => {
  const change = (
    before: string | undefined,
    ...args: [string, string | string[] | undefined, string?]
  ) => {
    const [key, value, address] = args
    const field = policyFields.find((one) => one.key === key)
    if (!field) throw new TypeError(key)
    return changePolicyText(before, 'policy.yml', {
      key: field.key,
      value,
      ...(address ? { address } : {}),
    })
  }

  test('makes a file that explains itself', async () => {
    expect(await change(undefined, 'max_per_day', '50.5')).toMatchInlineSnapshot(`
      "# Limits that btcli checks before it signs anything: they can only forbid.
      # \`btcli policy\` shows them. A day is the last 24 hours.

      max_per_day: 50.5
      "
    `)
  })

  test('keeps comments, order and the other rules', async () => {
    const before = '# mine\nmax_fee: 0.10 # small\n\n# subnets\nallowed_netuids: [1, 3]\n'
    expect(await change(before, 'max_fee', '0.2')).toMatchInlineSnapshot(`
      "# mine
      max_fee: 0.2 # small

      # subnets
      allowed_netuids: [ 1, 3 ]
      "
    `)
    expect(await change(before, 'allowed_netuids', ['7'])).toMatchInlineSnapshot(`
      "# mine
      max_fee: 0.10 # small

      # subnets
      allowed_netuids: [ 7 ]
      "
    `)
    expect(await change(before, 'max_fee', undefined)).toMatchInlineSnapshot(`
      "
      # subnets
      allowed_netuids: [ 1, 3 ]
      "
    `)
  })

  test('sets and removes the limit of one destination', async () => {
    const one = await change('max_per_destination: 5\n', 'max_per_destination', '6', BOB)
    expect(one).toMatchInlineSnapshot(`
      "max_per_destination:
        default: 5
        5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty: 6
      "
    `)
    expect(await change(one, 'max_per_destination', undefined, 'default')).toMatchInlineSnapshot(`
      "max_per_destination:
        5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty: 6
      "
    `)
    const none = await change(
      `max_per_destination:\n  ${BOB}: 6\n`,
      'max_per_destination',
      undefined,
      BOB,
    )
    expect(none).toBe('{}\n')
  })

  test('keeps JSON as JSON', async () => {
    const json = await changePolicyText('{"max_fee": 0.10}', 'policy.json', {
      key: 'max_per_destination',
      address: BOB,
      value: '6',
    })
    expect(JSON.parse(json)).toEqual({ max_fee: '0.10', max_per_destination: { [BOB]: '6' } })
    const less = await changePolicyText(json, 'policy.json', {
      key: 'max_per_destination',
      address: BOB,
      value: undefined,
    })
    expect(JSON.parse(less)).toEqual({ max_fee: '0.10' })
    const limits = await changePolicyText('{"max_per_destination": 5}', 'policy.json', {
      key: 'max_per_destination',
      address: BOB,
      value: '6',
    })
    expect(JSON.parse(limits)).toEqual({ max_per_destination: { default: '5', [BOB]: '6' } })
  })

  test('refuses to build on, or to write, what is not understood', async () => {
    await expect(change('max_dya: 1', 'max_fee', '1')).rejects.toMatchObject({ code: 'POLICY' })
    await expect(change('{}', 'max_fee', 'much')).rejects.toMatchObject({ code: 'POLICY' })
    await expect(change('{}', 'allowed_netuids', 'all')).rejects.toMatchObject({ code: 'POLICY' })
  })
})
