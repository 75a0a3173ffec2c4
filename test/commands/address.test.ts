import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openJournal } from '../../src/core/journal.js'
import { documentOf, run as runLine } from '../support/run.js'
import { tempFolder } from '../support/tempFolder.js'
import { homeWith, knownKey } from '../support/walletHome.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const ALICE_HEX = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d'
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

let home: string
const run = (line: string, options: Parameters<typeof runLine>[1] = {}) =>
  runLine(line, { home, ...options })
const path = () => join(home, '.bittensor', 'addresses.json')
beforeEach(() => {
  home = tempFolder()
})

describe('address', () => {
  it('takes an own wallet, and keeps its address', async () => {
    const { home } = homeWith('ansible_v5')
    const { address } = knownKey('ansible')
    const added = await runLine('address add savings wallet:ansible_v5', { home })
    expect(added.stdout).toBe(`✔ @savings ➡ ${address}\n`)
    const other = await runLine('address add other wallet:missing', { home })
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('missing') })
  })

  it('is empty at first', async () => {
    expect(await run('address')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "The address book is empty. btcli address add NAME ADDRESS begins one.
      ",
      }
    `)
    expect(documentOf(await run('address list --json')).data).toEqual({
      path: '[HOME]/.bittensor/addresses.json',
      addresses: [],
    })
  })

  it('adds, lists and removes names', async () => {
    expect(await run(`address add exchange ${BOB} --note "a, b"`)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "✔ @exchange ➡ 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty
      ",
      }
    `)
    expect(documentOf(await run(`address add @cold2 ${ALICE_HEX} --json`)).data).toMatchObject({
      added: { name: 'cold2', address: ALICE, note: null },
      replaced: null,
    })
    expect((await run('address', { tty: true, columns: 100 })).stdout).toMatchInlineSnapshot(`
      "NAME       ADDRESS                                           NOTE
      @cold2     5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
      @exchange  5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty  a, b
      2 names · [HOME]/.bittensor/addresses.json
      "
    `)
    expect((await run('address', { tty: true, columns: 40 })).stdout).toMatchInlineSnapshot(`
      "NAME       ADDRESS      NOTE
      @cold2     5Grwva…utQY
      @exchange  5FHneW…94ty  a, b
      2 names · [HOME]/.bittensor/addresses.json
      "
    `)
    expect((await run('address list --csv')).stdout).toBe(
      `name,address,note\ncold2,${ALICE},\nexchange,${BOB},"a, b"\n`,
    )
    expect(await run('address remove cold2')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "✔ @cold2 was removed; it stood for 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
      ",
      }
    `)
    expect(documentOf(await run('address remove @exchange --json')).data.removed).toMatchObject({
      name: 'exchange',
    })
  })

  it('asks for what is missing on a terminal only', async () => {
    const prompts = [
      ['Enter the name', 'bob'],
      ['Enter the address', BOB],
    ] as const
    expect(await run('address add', { prompts })).toMatchObject({ code: 0 })
    const again = [
      ['Enter the name', 'a b'],
      ['Enter the name', 'carl'],
      ['Enter the address', BOB.toLowerCase()],
      ['Enter the address', BOB],
    ] as const
    expect(await run('address add', { prompts: again })).toMatchObject({ code: 0 })
    expect(await run('address add')).toMatchObject({ code: 2 })
    expect(await run('address remove')).toMatchObject({ code: 2 })
  })

  it('replaces a name only when told to', async () => {
    await run(`address add exchange ${BOB}`)
    const refused = await run(`address add exchange ${ALICE}`)
    expect(refused).toMatchObject({ code: 2 })
    expect(refused.stderr).toContain(BOB)
    const replaced = await run(`address add exchange ${ALICE} --replace`)
    expect(replaced.stdout).toBe(`✔ @exchange ➡ ${ALICE} (before: ${BOB})\n`)
  })

  it('remarks a second name for one address', async () => {
    await run(`address add exchange ${BOB}`)
    const result = await run(`address add other ${BOB}`)
    expect(result.stderr).toContain('in the book already, as @exchange')
    expect(result.code).toBe(0)
    expect((await run(`address add exchange ${BOB} --replace`)).stderr).toBe('')
  })

  it.each([
    [`address add ${ALICE} ${BOB}`, 'looks like an address'],
    [`address add a ${BOB.slice(0, -1)}`, 'is not a Bittensor address'],
    [`address add a 15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5`, 'another network'],
    [`address add a ${BOB} --note ${'x'.repeat(201)}`, 'a note is one line'],
    ['address remove nobody', 'there is no name nobody'],
    ['address forget a', 'the action must be one of'],
  ])('%s is refused', async (line, words) => {
    const result = await run(line)
    expect(result.code).toBe(2)
    expect(result.stderr).toContain(words)
  })

  it('does not overwrite a damaged book', async () => {
    await run(`address add exchange ${BOB}`)
    writeFileSync(path(), '{"exchange"')
    expect(await run('address')).toMatchObject({ code: 2 })
    expect(await run(`address add b ${BOB}`)).toMatchObject({ code: 2 })
    expect(readFileSync(path(), 'utf8')).toBe('{"exchange"')
  })
})

describe('an address that resembles a known one', () => {
  // Found by trying keys: the same first and last four characters.
  const real = '5CUaGPS7mjAJ5JntB9NKBxLefesS4tmDC214oddNeGcGVJYK'
  const fake = '5CUaGPS7mjAJ5JntB9NKBxLefesS4tmDC214oddNeGcMVJYK'

  it('is added after a question only', async () => {
    await run(`address add exchange ${real}`)
    const no = await run(`address add other ${fake}`, { prompts: [['really the one', false]] })
    expect(no).toMatchObject({ code: 4 })
    expect(no.stderr.replaceAll('\n', ' ')).toContain(`begins and ends like @exchange (${real})`)
    const unasked = await run(`address add other ${fake} -y`)
    expect(unasked.code).toBe(2)
    expect(unasked.stderr).toContain('--allow_lookalike confirms it; -y alone does not')
    expect(await run(`address add other ${fake} --allow_lookalike`)).toMatchObject({ code: 0 })
  })

  it('is noticed among past payments as well', async () => {
    const journal = openJournal({
      directory: join(home, '.bittensor', 'history'),
      now: () => new Date(0),
    })
    await journal.record({
      network: 'finney',
      genesisHash: '0x2f',
      specVersion: 143,
      command: 'transfer',
      account: ALICE,
      call: { name: 'Balances.transfer', args: {} },
      intent: '',
      nonce: 1,
      era: 'immortal',
      hash: '0x01',
      spendRao: 1n,
      feeRao: 1n,
      destinations: [{ address: real, amountRao: 1n }],
    })
    const result = await run(`address add other ${fake} -y`)
    expect(result.stderr).toContain(`${real}, which you paid before`)
  })
})
