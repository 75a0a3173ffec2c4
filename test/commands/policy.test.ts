import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openJournal } from '../../src/core/journal.js'
import { documentOf, run as runLine } from '../support/run.js'
import { tempFolder } from '../support/tempFolder.js'

const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

let home: string
const run = (line: string, options: Parameters<typeof runLine>[1] = {}) =>
  runLine(line, { home, ...options })
const file = () => readFileSync(join(home, '.bittensor', 'policy.yml'), 'utf8')
function write(text: string, name = 'policy.yml'): void {
  mkdirSync(join(home, '.bittensor'), { recursive: true })
  writeFileSync(join(home, '.bittensor', name), text)
}
beforeEach(() => {
  home = tempFolder()
})

describe('policy', () => {
  it('says that there is none', async () => {
    expect(await run('policy')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "There is no policy: nothing is limited.
      btcli policy set max_per_day 50 begins one.
      ",
      }
    `)
    expect(documentOf(await run('policy --json')).data).toMatchObject({ rules: null })
  })

  it('shows the rules, and what was spent', async () => {
    write(`max_per_day: 50\nmax_per_destination: {default: 5, ${BOB}: 20}\nallowed_netuids: []\n`)
    await spend(7_500_000_000n)
    expect(await run('policy', { tty: true, columns: 100 })).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "RULE                 VALUE
      max_per_day          τ50
      max_per_destination  default: τ5
                           5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty: τ20
      allowed_netuids      none
      3 rules · [HOME]/.bittensor/policy.yml
      1 column hidden; --wide shows all
      spent in the last 24 hours on finney: τ7.500000001
      ",
      }
    `)
    expect(await run('policy', { tty: true, columns: 60 })).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "RULE     max_per_day
      VALUE    τ50
      MEANING  most that may leave in 24 hours, fees included

      RULE     max_per_destination
      VALUE    default: τ5
               5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty:
               τ20
      MEANING  most that one account may get in 24 hours

      RULE     allowed_netuids
      VALUE    none
      MEANING  subnets that calls may concern
      3 rules · [HOME]/.bittensor/policy.yml
      spent in the last 24 hours on finney: τ7.500000001
      ",
      }
    `)
    expect(documentOf(await run('policy show --json')).data).toEqual({
      path: '[HOME]/.bittensor/policy.yml',
      rules: {
        maxPerTransactionRao: null,
        maxPerDayRao: '50000000000',
        maxFeeRao: null,
        maxPerDestinationRao: { default: '5000000000', [BOB]: '20000000000' },
        allowedDestinations: null,
        allowedCalls: null,
        allowedNetuids: [],
        allowedNetworks: null,
        forbiddenCommands: null,
      },
      spentToday: [{ network: 'finney', spentRao: '7500000001' }],
      change: null,
    })
  })

  it('does not guess what was spent', async () => {
    write('max_per_day: 50\n')
    await spend(null)
    expect((await run('policy')).stdout).toContain(
      'spent in the last 24 hours on finney: not known',
    )
  })

  it('checks that the file is understood', async () => {
    write('max_fee: 0.01\n')
    expect((await run('policy check')).stdout).toContain('✔ The policy is understood')
    write('max_feee: 0.01\n')
    for (const line of ['policy check', 'policy', 'policy set max_fee 1']) {
      expect(await run(line)).toMatchObject({ code: 1, stdout: '' })
    }
    expect(await run('policy check')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "questions": [],
        "stderr": "error: the policy file is not understood: [HOME]/.bittensor/policy.yml
        there is no rule \`max_feee\`; rules are max_per_transaction, max_per_day, max_fee, max_per_destination, allowed_destinations, allowed_calls, allowed_netuids, allowed_networks, forbidden_commands

      hint: correct it or remove it: until then nothing is signed
      ",
        "stdout": "",
      }
    `)
    expect(file()).toBe('max_feee: 0.01\n')
  })

  it('refuses two files', async () => {
    write('{}')
    write('{}', 'policy.json')
    expect((await run('policy')).stderr).toContain('there are two policy files')
  })
})

describe('policy set', () => {
  it('tightens without asking, also in scripts', async () => {
    expect(await run('policy set max_per_day 50.50')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "✔ max_per_day: no limit ➡ τ50.5
      ",
      }
    `)
    expect((await run('policy set max-per-day 40 -y')).stdout).toBe('✔ max_per_day: τ50.5 ➡ τ40\n')
    expect(documentOf(await run('policy set allowed_netuids 1,3 --json')).data.change).toEqual({
      rule: 'allowed_netuids',
      before: null,
      after: '1\n3',
    })
    await run('policy set allowed_calls Balances.*,SubtensorModule.add_stake')
    await run('policy set allowed_netuids none')
    expect(file()).toMatchInlineSnapshot(`
      "# Limits that btcli checks before it signs anything: they can only forbid.
      # \`btcli policy\` shows them. A day is the last 24 hours.

      max_per_day: 40
      allowed_netuids: []
      allowed_calls:
        - Balances.*
        - SubtensorModule.add_stake
      "
    `)
  })

  it('knows the names of the address book and writes their addresses', async () => {
    await run(`address add exchange ${BOB}`)
    await run('policy set allowed_destinations @exchange')
    expect((await run('policy set max_per_destination @exchange=20')).code).toBe(0)
    expect(file()).toContain(
      `allowed_destinations:\n  - ${BOB}\nmax_per_destination:\n  ${BOB}: 20\n`,
    )
    expect((await run('policy set allowed_destinations @other')).code).toBe(2)
  })

  it('takes commands by any of their names, and no other words', async () => {
    const all = await runLine(
      ['policy', 'set', 'forbidden_commands', 'stake add,wallet transfer'],
      {
        home,
      },
    )
    expect(all.stdout).toContain('no limit ➡ stake, transfer')
    const slip = await run('policy set forbidden_commands trasnfer')
    expect(slip).toMatchObject({ code: 2, stderr: expect.stringContaining('`transfer`') })
    expect(file()).toContain('forbidden_commands:\n  - stake\n  - transfer\n')
  })

  it('asks before it loosens, and changes nothing on No', async () => {
    write('max_per_day: 50 # a day\n')
    const declined = await run('policy set max_per_day 60', {
      prompts: [['This loosens the policy', false]],
    })
    expect(declined).toMatchInlineSnapshot(`
      {
        "code": 4,
        "questions": [
          {
            "default": false,
            "kind": "confirm",
            "message": "This loosens the policy: max_per_day: τ50 ➡ τ60. Do it?",
          },
        ],
        "stderr": "Nothing was changed.
      ",
        "stdout": "",
      }
    `)
    expect(file()).toBe('max_per_day: 50 # a day\n')
    const agreed = await run('policy set max_per_day 60', {
      prompts: [['This loosens the policy', true]],
    })
    expect(agreed.code).toBe(0)
    expect(agreed.questions[0]).toMatchObject({ default: false })
    expect(file()).toBe('max_per_day: 60 # a day\n')
  })

  it.each(['', '-y', '--json', '--json -y'])(
    'never loosens where nobody can be asked: %s',
    async (flags) => {
      write('max_per_day: 50\n')
      for (const change of ['set max_per_day 60', 'unset max_per_day']) {
        const result = await run(`policy ${change} ${flags}`, { tty: flags === '-y' })
        expect(result.code).toBe(1)
        expect(`${result.stdout}${result.stderr}`).toContain('this would loosen max_per_day')
      }
      expect(file()).toBe('max_per_day: 50\n')
    },
  )

  it.each([
    ['policy set', 'the rule is missing'],
    ['policy set max_dya 5', 'there is no rule `max_dya`'],
    ['policy set max_fee', 'the value of max_fee is missing'],
    ['policy set max_fee much', 'is not an amount'],
    ['policy set max_fee -1', 'is not an amount'],
    ['policy set allowed_netuids x', 'that is no value of allowed_netuids'],
    ['policy set allowed_calls transfer', 'that is no value of allowed_calls'],
    ['policy set allowed_destinations bob', '`bob` is no address'],
    ['policy set allowed_destinations wallet:nobody', 'wallet `nobody`'],
    ['policy set max_per_destination bob=5', '`bob` is no address'],
    ['policy set max_per_destination default=', 'is not an amount'],
    ['policy unset', 'the rule is missing'],
    ['policy unset allowed_netuids 3', 'removed as a whole'],
    ['policy loosen', 'the action must be one of'],
    ['policy set max_fee 1 2', 'words that belong to no option'],
  ])('%s is refused', async (line, words) => {
    const result = await run(line)
    expect(result.code).not.toBe(0)
    expect(result.stderr).toContain(words)
    expect(() => file()).toThrow()
  })

  it('keeps a JSON file JSON', async () => {
    write('{"max_fee": "0.01"}', 'policy.json')
    await run('policy set max_per_day 5')
    const text = readFileSync(join(home, '.bittensor', 'policy.json'), 'utf8')
    expect(JSON.parse(text)).toEqual({ max_fee: '0.01', max_per_day: '5' })
  })
})

describe('policy unset', () => {
  it('removes a rule after a question', async () => {
    write(`max_fee: 1\nmax_per_destination: {default: 5, ${BOB}: 2}\n`)
    const yes = { prompts: [['loosens', true]] as const }
    const none = await run('policy unset max_per_day')
    expect(none).toMatchObject({ code: 2 })
    expect(none.stderr).toContain('max_per_day has no such limit')
    await run(`address add bob ${BOB}`)
    await run('policy unset max_per_destination @bob', yes)
    const result = await run('policy unset max_fee', yes)
    expect(result.stdout).toBe('✔ max_fee: τ1 ➡ no limit\n')
    expect(file()).toBe('max_per_destination: { default: 5 }\n')
  })
})

async function spend(spendRao: bigint | null): Promise<void> {
  const now = () => new Date(Date.UTC(2023, 6, 1, 11))
  const journal = openJournal({ directory: join(home, '.bittensor', 'history'), now })
  await journal.record({
    network: 'finney',
    genesisHash: '0x2f',
    specVersion: 143,
    command: 'transfer',
    account: BOB,
    call: { name: 'Balances.transfer', args: {} },
    intent: '',
    nonce: 1,
    era: { birth: 1, death: 64 },
    hash: '0x01',
    spendRao,
    feeRao: 1n,
  })
}
