import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { tempFolder } from '../support/tempFolder.js'

const root = new URL('../..', import.meta.url).pathname
const bob = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
let folder = ''

/** The packed tarball in an empty folder, its dependencies linked instead of downloaded: tests need no network. */
beforeAll(() => {
  folder = tempFolder()
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

  test('reads genesis files', () => {
    writeFileSync(
      join(folder, 'genesis.yml'),
      'name: mine\nsubnets: [{ netuid: 1, neurons: [7] }]\n',
    )
    const { code, stderr } = btcli('localnet', 'start', '--genesis', join(folder, 'genesis.yml'))
    expect(code).toBe(2)
    expect(stderr).toContain('subnets[0].')
  })

  test('asks endpoints of bittensor 5', () => {
    const wallet = ['--wallet.path', join(folder, 'prompting'), '--wallet.name', 'a']
    btcli('new_coldkey', ...wallet, '--no_password', '-y')
    btcli('new_hotkey', ...wallet, '--wallet.hotkey', 'h', '--no_password', '-y')
    const endpoint = ['--axon', '127.0.0.1:1', '--axon_hotkey', bob, '--protocol', 'grpc']
    const { code, stderr } = btcli('prompt', 'hi', ...endpoint, ...wallet, '--wallet.hotkey', 'h')
    expect(code).toBe(3)
    expect(stderr).toContain('the endpoint at 127.0.0.1:1 does not answer')
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

function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0
}

describe.skipIf(process.platform === 'win32')(
  'a search shared as docs/proof-of-work.md shows',
  () => {
    const page = readFileSync(join(root, 'docs/proof-of-work.md'), 'utf8')
    const hash = `0x${Buffer.from([...Array(32).keys()]).toString('hex')}`

    /** The script of the page that names a program; at this difficulty the first proof is nonce 21386. */
    function script(program: string, name: string): string {
      const scripts = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text)
      const text = scripts.find((one) => one.includes(program)) ?? ''
      const easy = text
        .replace('0x…', hash)
        .replace('5F…', bob)
        .replace('--difficulty 10000000 ', '--difficulty 10000 ')
        .replace(/(?<!\d)1000000(000)?(?!\d)/g, '10000')
        .replace(/(?<!\d)6[34]000000(000)?(?!\d)/g, '600000')
      const file = join(folder, name)
      writeFileSync(file, easy)
      return file
    }

    /** Runs it where `btcli` is the package's, and `scancel` tells what it was asked. */
    function share(file: string, env: NodeJS.ProcessEnv = {}) {
      const bin = join(folder, 'bin')
      mkdirSync(bin, { recursive: true })
      const command = `exec "${process.execPath}" "${join(folder, 'node_modules/bittensor/bin/btcli.js')}"`
      writeFileSync(join(bin, 'btcli'), `#!/bin/sh\n${command} "$@"\n`, { mode: 0o755 })
      writeFileSync(join(bin, 'scancel'), '#!/bin/sh\necho scancel "$@" >&2\n', { mode: 0o755 })
      const path = `${bin}:${process.env['PATH']}`
      const done = spawnSync('sh', [file], {
        cwd: folder,
        env: { PATH: path, HOME: folder, LANG: 'C.UTF-8', ...env },
        encoding: 'utf8',
        timeout: 150_000,
      })
      const found = done.stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
        .filter(({ ok }) => ok)
      return { ...done, nonces: found.map(({ data }) => Number(data.nonce)) }
    }

    test('by xargs', () => {
      const { status, nonces, stdout } = share(script('xargs', 'xargs.sh'))
      expect(status).toBe(124)
      expect(nonces).toContain(21_386)
      // The last ranges were not searched any more.
      expect(stdout.split('\n').length).toBeLessThan(40)
    })

    test('by xargs, which stops at the first mistake', () => {
      const file = script('xargs', 'wrong.sh')
      writeFileSync(file, readFileSync(file, 'utf8').replace(hash, '0x12'))
      const { status, stdout } = share(file)
      expect(status).toBe(124)
      const codes = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).error.code)
      expect(codes.length).toBeLessThanOrEqual(4)
      expect(new Set(codes)).toEqual(new Set(['USAGE']))
    })

    test.skipIf(!isInstalled('parallel'))('by GNU parallel', () => {
      writeFileSync(join(folder, 'machines'), ':\n')
      const { status, nonces } = share(script('parallel', 'parallel.sh'))
      expect(status).toBe(0)
      expect(nonces).toHaveLength(1)
    })

    test('by Slurm', () => {
      const file = script('SLURM_ARRAY_TASK_ID', 'slurm.sh')
      const job = { SLURM_ARRAY_JOB_ID: '7' }
      const without = share(file, { ...job, SLURM_ARRAY_TASK_ID: '0' })
      expect([without.status, without.nonces, without.stderr]).toEqual([1, [], ''])
      const { status, nonces, stderr } = share(file, { ...job, SLURM_ARRAY_TASK_ID: '2' })
      expect([status, stderr]).toEqual([0, 'scancel 7\n'])
      expect(nonces[0]).toBeGreaterThanOrEqual(20_000)
      expect(nonces[0]).toBeLessThan(30_000)
    })
  },
)
