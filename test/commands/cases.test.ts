/**
 * The cases that every command has: a terminal of 80 columns, a pipe, JSON, help, no node, and as the command has them a
 * question that is declined, a wrong password, nothing to show. A command without a line here fails.
 */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { registry } from '../../src/cli/registry.js'
import { BittensorError } from '../../src/core/errors.js'
import { OFFLINE, READS, WRITES } from '../support/lines.js'
import { devHome, localChain } from '../support/localnet.js'
import { lock } from '../support/lock.js'
import { documentOf, run } from '../support/run.js'
import { steady } from '../support/walletHome.js'
import { type Spec, writersWorld } from '../support/writersWorld.js'

/** Where a command that signs has its call, if spec 343 does not. */
const SPEC_OF: Readonly<Record<string, Spec>> = {
  nominate: 143,
  senate_register: 127,
  senate_leave: 127,
  senate_vote: 143,
  faucet: 143,
}

/** What needs a person, an axon, a second process or a search that ends; the files of these commands have all the cases. */
const ELSEWHERE = [
  'gpu',
  'localnet',
  'new_coldkey',
  'new_hotkey',
  'prompt',
  'regen_coldkey',
  'regen_coldkeypub',
  'regen_hotkey',
  'register',
  'sign_tx',
  'submit',
  'update',
  'wallet_create',
]

test('every command has a line', () => {
  const known = [{ faucet: true }, WRITES, READS.classic, READS.dtao, OFFLINE].flatMap((lines) =>
    Object.keys(lines),
  )
  expect([...known, ...ELSEWHERE].toSorted()).toEqual(registry.map(({ name }) => name).toSorted())
})

const writes = [
  ...Object.entries(WRITES).map(([name, [line]]) => {
    const spec = SPEC_OF[name] ?? 343
    return { name, spec, line: `${name} ${line?.(spec)}` }
  }),
  { name: 'faucet', spec: 143 as const, line: 'faucet -w alice -n 1' },
]

/** Nothing that has been written is wider, but for a signature to be copied, and nothing moves a cursor or has a colour. */
function expectFits(text: string): void {
  expect(text).not.toContain('\x1b')
  const lines = text.replaceAll(/\b0x[0-9a-f]{128}$/gm, '').split('\n')
  expect(lines.filter((one) => [...one].length > 80)).toEqual([])
}

const noNode = () =>
  Promise.reject(
    new BittensorError('CONNECTION', 'the node does not answer', { hint: 'try again' }),
  )

describe.each(writes)('$name', ({ spec, line }) => {
  it('in a terminal, a pipe and JSON', async () => {
    const { given } = await writersWorld(spec)
    const shown = await run(`${line} --dry_run`, {
      ...given,
      filters: true,
      tty: true,
      columns: 80,
    })
    expectFits(shown.stdout + shown.stderr)
    expect(shown.code).toBe(0)
    // The proof of a faucet is another one each time.
    if (!line.startsWith('faucet')) expect(steady(shown, given.home)).toMatchSnapshot()
    const piped = await run(`${line} --dry_run`, { ...given, filters: true })
    expect(piped).toMatchObject({ code: 0, questions: [] })
    expect(piped.stdout + piped.stderr).not.toContain('\x1b')
    expect(piped.stdout).toContain('Dry run: nothing was sent.')
    const json = await run(`${line} --dry_run --json`, given)
    expect(json.code).toBe(0)
    expect(documentOf(json)).toMatchObject({ ok: true, data: { dryRun: true } })
  })

  it.each([
    ['declined', false, 4],
    ['Ctrl-C', '^C', 130],
  ] as const)('%s: nothing is sent', async (_, answer, code) => {
    const { given } = await writersWorld(spec)
    const result = await run(line, { ...given, prompts: [[/\?/, answer]] })
    expect(result).toMatchObject({ code, stdout: '', questions: [{ kind: 'confirm' }] })
    expect(result.stderr).toContain('nothing was sent')
  })

  it('a wrong password', async () => {
    const { given } = await writersWorld(spec)
    lock(given.home)
    const env = { BT_WALLET_PASSWORD: 'not this one' }
    const json = await run(`${line} -y --json`, { ...given, env })
    expect(documentOf(json)).toMatchObject({ ok: false, error: { code: 'BAD_PASSWORD' } })
    const text = await run(`${line} -y`, { ...given, env })
    expect(text).toMatchObject({ code: 1, stdout: '' })
    expect(json.code).toBe(1)
    expect(text.stderr + json.stdout).not.toContain('not this one')
  })

  it('no node', async () => {
    const { given } = await writersWorld(spec)
    const text = await run(`${line} -y`, { ...given, chain: noNode })
    expect(text).toMatchObject({ code: 3, stdout: '', questions: [] })
    const json = await run(`${line} -y --json`, { ...given, chain: noNode })
    expect(documentOf(json)).toMatchObject({ ok: false, error: { code: 'CONNECTION' } })
  })
})

const profiles = ['classic', 'dtao'] as const
describe.each(profiles)('reading the embedded chain, profile %s', (profile) => {
  const chain = localChain({ profile, blocks: 'manual' })
  const bare = localChain({ profile, blocks: 'manual', genesis: 'empty' })
  const reads = Object.entries(READS[profile]).map(([name, one]) => ({ name, ...one }))

  it.each(reads)('$name in a terminal, a pipe and JSON', async ({ name, line }) => {
    const given = { home: await readersHome(), chain: chain.open }
    await expectShown(`${name} ${line}`, given)
  })

  it.each(reads.filter(({ nothing }) => nothing))('$name with nothing to show', async (one) => {
    const isBare = one.nothing === 'empty chain'
    const given = { home: await readersHome(), chain: (isBare ? bare : chain).open }
    await expectShown(`${one.name} ${isBare ? one.line : one.nothing}`, given)
  })

  it.each(reads)('$name without a node', async ({ name, line }) => {
    const given = { home: await readersHome(), chain: noNode }
    expect(await run(`${name} ${line}`, given)).toMatchObject({ code: 3, stdout: '' })
    const json = documentOf(await run(`${name} ${line} --json`, given))
    expect(json).toMatchObject({ ok: false, error: { code: 'CONNECTION' } })
  })
})

describe('without a chain', () => {
  const lines = Object.entries(OFFLINE).map(([name, one]) => ({ name, ...one }))
  const metadata = new URL('../vectors/chain/metadata/spec-365.v16.hex.gz', import.meta.url)
  const givenFor = async (line: string) => {
    const home = await readersHome()
    copyFileSync(metadata, join(home, 'metadata'))
    return [line.replaceAll('HOME', home), { home }] as const
  }

  it.each(lines)('$name in a terminal, a pipe and JSON', async ({ name, line }) => {
    await expectShown(...(await givenFor(`${name} ${line}`)))
  })

  it.each(lines.filter(({ nothing }) => nothing))('$name with nothing to show', async (one) => {
    await expectShown(...(await givenFor(`${one.name} ${one.nothing}`)))
  })
})

const readersHome = () =>
  devHome({
    alice: {
      uri: '//Alice',
      hotkeys: { validator: '//Alice//validator', miner1: '//Alice//miner1' },
    },
    bob: { uri: '//Bob', hotkeys: { validator: '//Bob//validator' } },
    frank: { uri: '//Frank', hotkeys: { hot: '//Frank//hot' } },
  })

/** What a line shows at 80 columns; in a pipe the same without control characters, in JSON a document. */
async function expectShown(line: string, given: Parameters<typeof run>[1]): Promise<void> {
  const shown = await run(line, { ...given, tty: true, columns: 80 })
  expectFits(shown.stdout + shown.stderr)
  expect(steady(shown, given?.home ?? '')).toMatchSnapshot()
  const piped = await run(line, { ...given })
  expect(piped.code).toBe(shown.code)
  expect(piped.stdout).not.toBe('')
  expect(piped.stdout + piped.stderr).not.toContain('\x1b')
  const json = await run(`${line} --json`, given)
  expect(json.code).toBe(shown.code)
  expect(documentOf(json)).toMatchObject({ ok: shown.code === 0, command: line.split(' ')[0] })
}

test.each(registry.map(({ name }) => name))('%s --help fits 80 columns', async (name) => {
  const { code, stdout, stderr } = await run(`${name} --help`, { tty: true, columns: 80 })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(new RegExp(`^Usage: btcli ${name}\\b`, 'm'))
  expectFits(stdout)
})
