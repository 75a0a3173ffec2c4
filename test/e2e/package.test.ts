import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const root = new URL('../..', import.meta.url).pathname
let folder = ''

/** The packed tarball in an empty folder, its dependencies linked instead of downloaded: tests need no network. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'btcli-e2e-'))
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, 'bittensor'), { recursive: true })
  const unpack = ['-xzf', join(folder, tarball), '-C', join(modules, 'bittensor')]
  execFileSync('tar', [...unpack, '--strip-components=1'])
  for (const name of Object.keys(manifest.dependencies)) {
    const target = join(modules, name)
    mkdirSync(join(target, '..'), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), target)
  }
}, 300_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(file: string, args: readonly string[]) {
  const env = { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1', LANG: 'C.UTF-8' }
  const done = spawnSync(file, args, { cwd: folder, env, encoding: 'utf8', timeout: 150_000 })
  return { code: done.status, stdout: done.stdout, stderr: done.stderr }
}

const btcli = (...args: string[]) =>
  run(process.execPath, [join(folder, 'node_modules/bittensor/bin/btcli.js'), ...args])

describe('the packed tarball', () => {
  test('runs as a command', () => {
    expect(btcli('--version')).toMatchObject({
      code: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    })
    const help = btcli('--help')
    expect(help.code).toBe(0)
    expect(help.stdout).toContain('list_subnets')
  })

  test('creates a wallet, signs with it and checks the signature', () => {
    const paths = ['--wallet.path', join(folder, 'wallets'), '--wallet.name', 'alice']
    const made = btcli('new_coldkey', ...paths, '--no_password', '-y', '--json')
    expect(made).toMatchObject({ code: 0 })
    const signed = btcli('sign', ...paths, '--message', 'hello', '-y', '--json')
    expect(signed).toMatchObject({ code: 0 })
    const { address, signature } = JSON.parse(signed.stdout).data
    const proof = ['--address', address, '--signature', signature]
    expect(btcli('verify', ...proof, '--message', 'hello')).toMatchObject({ code: 0 })
    expect(btcli('verify', ...proof, '--message', 'hullo')).toMatchObject({ code: 1 })
  })

  test('opens the embedded chain', () => {
    const answer = btcli('list_subnets', '--subtensor.network', 'mock', '--json')
    expect(answer).toMatchObject({ code: 0 })
    expect(JSON.parse(answer.stdout)).toMatchObject({ ok: true, command: 'list_subnets' })
  })

  test('is a library with types', () => {
    writeFileSync(
      join(folder, 'use.mjs'),
      `import * as bt from 'bittensor'
import { MetagraphData } from 'bittensor/browser'
import { Localnet } from 'bittensor/localnet'
const chain = await Localnet.start({ blocks: 'instant' })
const wallet = new bt.Wallet({ name: 'library', hotkey: 'h', path: './library', password: 'pw' })
await wallet.createColdkeyFromUri('//Alice', { password: null })
await wallet.createNewHotkey()
const subtensor = await bt.Subtensor.connect({ provider: chain.provider(), cacheDir: null })
const dest = (await bt.keypairFromUri('//Nobody')).address
const { ok } = await subtensor.transfer({ wallet, dest, amount: '1.5' })
const metagraph = await bt.Metagraph.sync({ netuid: 1, subtensor, lite: false })
const again = MetagraphData.fromJSON(JSON.parse(JSON.stringify(metagraph)))
console.log(ok, \`\${await subtensor.getBalance(dest)}\`, again.n === metagraph.n && again.n > 0)
await subtensor.close()
await chain.stop()
`,
    )
    expect(run(process.execPath, ['use.mjs'])).toEqual({
      code: 0,
      stdout: 'true τ1.500000000 true\n',
      stderr: '',
    })
    writeFileSync(
      join(folder, 'use.mts'),
      `import { Balance, Metagraph, parseTao, type Rao, Subtensor, Wallet } from 'bittensor'
import { MetagraphData } from 'bittensor/browser'
import { Localnet } from 'bittensor/localnet'
const amount: Rao = parseTao('1.5')
const start: typeof Localnet.start = Localnet.start
const wallet = new Wallet({ name: 'alice' })
async function use(subtensor: Subtensor): Promise<bigint> {
  const { fee = Balance.fromRao(0n) } = await subtensor.transfer({ wallet, dest: '5F', amount })
  const graph: MetagraphData = await Metagraph.sync({ netuid: 1, subtensor })
  for await (const { number } of subtensor.blocks()) if (number > graph.block) break
  // @ts-expect-error amounts are never numbers
  await subtensor.transfer({ wallet, dest: '5F', amount: 1.5 })
  return fee.rao
}
export { amount, start, use }
`,
    )
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023']
    const types = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node']
    expect(run(process.execPath, [tsc, ...flags, ...types, 'use.mts'])).toMatchObject({
      code: 0,
      stdout: '',
    })
  }, 300_000)
})
