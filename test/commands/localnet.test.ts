import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { World } from '../../src/cli/context.js'
import { startDetached } from '../../src/cli/detach.js'
import { main } from '../../src/cli/main.js'
import { connect } from '../../src/core/chain/connect.js'
import { openWallet } from '../../src/core/wallet/wallet.js'
import { Localnet } from '../../src/localnet/index.js'
import { findRunning } from '../../src/localnet/node/control.js'
import { testWorld } from '../support/context.js'
import { documentOf, run } from '../support/run.js'
import { tempFolder } from '../support/tempFolder.js'
import { homeWith } from '../support/walletHome.js'

const NOBODY = '5C62Ck4UrFPiBtoCmeSrgF7x9yv9mn38446dhCpsi2mLHiFT'

/** A folder for a chain, and `btcli localnet …` on it. */
function place() {
  const directory = join(tempFolder(), 'chain')
  const localnet = (words: string, options = {}) =>
    run(`localnet ${words} --directory ${directory}`, { filters: false, ...options })
  return { directory, localnet }
}

/** A chain that serves the folder in this process. */
async function serve(directory: string): Promise<Localnet> {
  const chain = await Localnet.start({ directory, genesis: 'empty', port: 0 })
  onTestFinished(() => chain.stop())
  return chain
}

async function untilRunning(directory: string) {
  await expect.poll(() => findRunning(directory)).toBeDefined()
}

test('start serves until it is asked to stop, and tells where', async () => {
  const { directory, localnet } = place()
  const started = localnet('start --port 0 --genesis empty --blocks manual --json')
  await untilRunning(directory)
  const status = await localnet('status --json')
  const { data } = documentOf(status)
  expect(data).toMatchObject({
    running: true,
    exists: true,
    directory,
    genesis: 'empty',
    blocks: 'manual',
    pending: 0,
    head: { number: 0, hash: data.genesisHash },
  })
  expect(data.endpoint).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/)
  const again = await localnet('start')
  expect(again.code).toBe(1)
  expect(again.stderr).toContain(
    `error: the local chain in ${directory} runs already on ${data.endpoint}`,
  )
  expect((await localnet('reset -y')).stderr).toContain(`the local chain runs on ${data.endpoint}`)
  const stopped = await localnet('stop')
  expect(stopped).toMatchObject({
    code: 0,
    stdout: `✔ The local chain on ${data.endpoint} has ended.\n`,
  })
  const { code, stdout } = await started
  expect(code).toBe(0)
  const documents = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(documents[0]).toMatchObject({
    ok: true,
    command: 'localnet',
    data: { running: true, endpoint: data.endpoint },
  })
  expect(documents[1]).toMatchObject({ ok: true, data: { endpoint: data.endpoint, directory } })
})

test('Ctrl-C ends a chain in the foreground without an error', async () => {
  const { directory, localnet } = place()
  const controller = new AbortController()
  const started = localnet('start --port 0 --genesis empty', { signal: controller.signal })
  await untilRunning(directory)
  controller.abort()
  const { code, stdout } = await started
  expect(code).toBe(0)
  expect(stdout).toContain('blocks    instant')
  expect(existsSync(join(directory, 'localnet.json'))).toBe(false)
})

test('fund and advance work on a chain that runs and on one that does not', async () => {
  const { directory, localnet } = place()
  const chain = await serve(directory)
  const funded = await localnet(`fund ${NOBODY} 1.5 --json`)
  expect(documentOf(funded).data).toEqual({
    address: NOBODY,
    amountRao: '1500000000',
    amountTao: '1.5',
    freeRao: '1500000000',
    freeTao: '1.5',
    head: chain.head,
  })
  expect((await localnet('advance 3')).stdout).toBe(`✔ Block 4 ${chain.head.hash}\n`)
  await chain.stop()
  const more = await localnet(`fund ${NOBODY} 1`)
  expect(more.stdout).toBe(`✔ ${NOBODY} got τ1 and has τ2.5, at block 5\n`)
  expect(documentOf(await localnet('advance --json')).data).toMatchObject({
    blocks: 1,
    head: { number: 6 },
  })
  const status = documentOf(await localnet('status --json')).data
  expect(status).toMatchObject({
    running: false,
    exists: true,
    endpoint: null,
    blocks: null,
    head: { number: 6 },
  })
})

test('a chain for other machines is still controlled from here', async () => {
  const { directory, localnet } = place()
  const started = localnet('start --port 0 --genesis empty --host 0.0.0.0')
  await untilRunning(directory)
  expect((await localnet('advance 2')).stdout).toMatch(/^✔ Block 2 0x/)
  const { endpoint } = documentOf(await localnet('status --json')).data
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'dev_newBlock', params: [1] })
  const headers = { 'content-type': 'application/json' }
  const stranger = await fetch(endpoint.replace('ws', 'http'), { method: 'POST', headers, body })
  expect(await stranger.json()).toMatchObject({ error: { code: -32601 } })
  expect((await localnet('stop')).code).toBe(0)
  expect((await started).code).toBe(0)
})

test('the status fits 80 columns, however many blocks there are', async () => {
  const { directory, localnet } = place()
  const chain = await serve(directory)
  expect((await localnet('advance 1234')).code).toBe(0)
  const lines = (await localnet('status')).stdout.split('\n')
  await chain.stop()
  expect(lines.filter((line) => line.startsWith('block '))).toEqual(['block     1234'])
  expect(lines.filter((line) => /0x/.test(line)).every((line) => line.length <= 80)).toBe(true)
})

test('what the chain refuses is told the same way, whether it runs or not', async () => {
  const { directory, localnet } = place()
  const chain = await serve(directory)
  const tooLittle = () => localnet(`fund ${NOBODY} 0.000000499`)
  const running = await tooLittle()
  expect(running).toMatchObject({ code: 1 })
  expect(running.stderr).toContain('error: the local chain refuses')
  expect(running.stderr).toContain('  an account exists from 500 RAO on')
  await chain.stop()
  expect(await tooLittle()).toEqual(running)
})

test('what cannot be done is said', async () => {
  const { directory, localnet } = place()
  expect(await localnet('status')).toMatchObject({
    code: 0,
    stdout: `There is no local chain in ${directory}.\n`,
  })
  for (const words of ['stop', 'advance', `fund ${NOBODY} 1`]) {
    const { code, stderr } = await localnet(words)
    expect(code).toBe(1)
    expect(stderr).toMatch(/error: (no local chain runs|there is no local chain) in /)
  }
  for (const [words, code] of [
    ['', 2],
    ['dance', 2],
    ['advance 0', 2],
    ['advance 1.5', 2],
    ['fund', 2],
    ['fund 5Grw 1', 2],
    [`fund ${NOBODY} 0`, 2],
    [`fund ${NOBODY} 0.0000000001`, 2],
    ['start --blocks 5', 2],
    ['start --port 70000', 2],
    ['start --genesis mars --port 0', 2],
  ] as const) {
    expect([words, (await localnet(words)).code]).toEqual([words, code])
  }
})

test('fund takes the name of a wallet', async () => {
  const { directory, localnet } = place()
  await (await serve(directory)).stop()
  const { home, wallets } = homeWith('plain_v4')
  const address = await openWallet({ root: wallets, name: 'plain_v4' }).coldkeypubAddress()
  const { code, stdout } = await localnet('fund plain_v4 2', { home })
  expect([code, stdout]).toEqual([0, `✔ ${address} got τ2 and has τ2, at block 1\n`])
  const unknown = await localnet('fund nobody 2', { home })
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('nobody')])
})

test('reset asks, and deletes the chain alone', async () => {
  const { directory, localnet } = place()
  await (await serve(directory)).stop()
  const question = `Delete the local chain in ${directory} with all its blocks?`
  expect(await localnet('reset', { prompts: [[question, false]] })).toMatchObject({ code: 4 })
  expect(existsSync(join(directory, 'chain'))).toBe(true)
  expect(await localnet('reset')).toMatchObject({ code: 2 })
  const { code, stdout } = await localnet('reset', { prompts: [[question, true]] })
  expect([code, stdout]).toEqual([0, `✔ The local chain in ${directory} is deleted.\n`])
  expect(existsSync(join(directory, 'chain'))).toBe(false)
  expect(documentOf(await localnet('reset -y --json')).data).toEqual({ directory, removed: false })
})

test('an address in use and a directory in use are told apart', async () => {
  const [first, second] = [place(), place()]
  const chain = await serve(first.directory)
  const port = new URL(chain.endpoint).port
  const taken = await second.localnet(`start --port ${port} --genesis empty`)
  expect(taken.code).toBe(1)
  expect(taken.stderr).toContain(`error: port ${port} of 127.0.0.1 is in use`)
  const silent = await Localnet.start({ directory: second.directory })
  onTestFinished(() => silent.stop())
  const locked = await second.localnet('start --port 0')
  expect(locked.stderr).toContain(
    `error: another process has the local chain in ${second.directory} open`,
  )
})

/** Runs `start --detach` where the background process is another world in this one. */
async function detach(directory: string, words: string) {
  const { world, stdout, stderr } = testWorld({ now: Date.now() })
  let background: Promise<number> | undefined
  const other = testWorld()
  const detached: World = {
    ...world,
    clock: { now: () => new Date(), sleep: (ms) => new Promise((done) => setTimeout(done, ms)) },
    async detach(args, logFile) {
      let ended = false
      background = main(args, () => other.world).finally(async () => {
        await import('node:fs/promises').then(({ writeFile }) => writeFile(logFile, other.stdout()))
        ended = true
      })
      return {
        get ended() {
          return ended
        },
      }
    },
  }
  const argv = ['localnet', 'start', '--detach', '--directory', directory, ...words.split(' ')]
  const code = await main(argv, () => detached)
  return { code, stdout: stdout(), stderr: stderr(), background: () => background }
}

test('start --detach waits until the chain answers', async () => {
  const { directory, localnet } = place()
  const { code, stdout, background } = await detach(directory, '--port 0 --genesis empty --json')
  expect(code).toBe(0)
  const running = await findRunning(directory)
  expect(documentOf({ stdout }).data).toMatchObject({
    running: true,
    endpoint: running?.note.endpoint,
  })
  expect((await localnet('stop')).code).toBe(0)
  expect(await background()).toBe(0)
})

test('start --senate_calls offers the calls of mid-2023, in the background as well', async () => {
  for (const [words, offered] of [
    ['--port 0 --genesis empty --senate_calls', true],
    ['--port 0 --genesis empty', false],
  ] as const) {
    const { directory, localnet } = place()
    const { code, background } = await detach(directory, words)
    expect(code).toBe(0)
    const endpoint = (await findRunning(directory))?.note.endpoint
    const client = await connect({ network: 'local', endpoint })
    expect(client.hasCall('SubtensorModule', 'join_senate')).toBe(offered)
    expect(client.hasCall('SubtensorModule', 'leave_senate')).toBe(offered)
    await client.close()
    expect((await localnet('stop')).code).toBe(0)
    expect(await background()).toBe(0)
  }
})

test('start --detach tells why the chain did not start', async () => {
  const [first, second] = [place(), place()]
  const chain = await serve(first.directory)
  const { port } = new URL(chain.endpoint)
  const { code, stderr } = await detach(second.directory, `--port ${port}`)
  expect(code).toBe(1)
  expect(stderr).toContain(`error: port ${port} of 127.0.0.1 is in use`)
})

test('a detached process gets the words and no secrets, and its output is kept', async () => {
  const log = join(tempFolder(), 'log')
  const script =
    'console.log(JSON.stringify([process.argv.slice(1), process.env.BT_PW__X, process.env.PLAIN]))'
  const program = {
    command: [process.execPath, '-e', script],
    env: { BT_PW__X: 'secret', PLAIN: 'yes' },
  }
  const child = await startDetached(program, ['one', 'two words'], log)
  await expect.poll(() => child.ended).toBe(true)
  expect(JSON.parse(await readFile(log, 'utf8'))).toEqual([['one', 'two words'], null, 'yes'])
})

test('start misbehaves as asked, and its owner still ends it', async () => {
  const { directory, localnet } = place()
  const started = localnet(
    'start --port 0 --genesis empty --blocks manual --fault no-finality drop-connection --rate 1',
  )
  await untilRunning(directory)
  await localnet('advance 2')
  const { data } = documentOf(await localnet('status --json'))
  expect(data).toMatchObject({ head: { number: 2 }, finalized: { number: 0 } })
  const request = '{"jsonrpc":"2.0","id":1,"method":"system_chain","params":[]}'
  const headers = { 'content-type': 'application/json' }
  const url = String(data.endpoint).replace('ws:', 'http:')
  await expect(fetch(url, { method: 'POST', headers, body: request })).rejects.toThrow()
  expect((await localnet('stop')).code).toBe(0)
  expect((await started).code).toBe(0)
})

test('faults and rates are checked before anything starts', async () => {
  const { localnet } = place()
  for (const [words, message] of [
    ['--fault flood', 'must be one of drop-connection, delay, garbage, no-finality'],
    ['--fault delay --rate 2', '`2` is no rate: write a number from 0 to 1'],
    ['--rate 0.5', '--rate needs a --fault'],
  ] as const) {
    const { code, stderr } = await localnet(`start --port 0 ${words}`)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  }
})

test('a classic chain is upgraded while it runs, now or later, or while it does not', async () => {
  const { directory, localnet } = place()
  const chain = await serve(directory)
  expect((await localnet('upgrade soon')).stderr).toContain('`soon` is no block')
  expect(await localnet('upgrade 9')).toMatchObject({
    code: 0,
    stdout: '✔ Block 9 will bring the next runtime; the chain is at block 0.\n',
  })
  expect((await localnet('status')).stdout).toContain('profile   classic, dtao from block 10 on')
  await chain.advance(10)
  expect((await localnet('status')).stdout).toContain('profile   dtao\n')
  expect(documentOf(await localnet('status --json')).data.profile).toBe('dtao')
  const again = await localnet('upgrade')
  expect(again.code).toBe(1)
  expect(again.stderr).toContain('the chain has the newest runtime already')
  const other = place()
  await (await serve(other.directory)).stop()
  expect((await other.localnet('upgrade 9')).code).toBe(1)
  expect(documentOf(await other.localnet('upgrade --json')).data).toMatchObject({
    profile: 'dtao',
    at: null,
    head: { number: 2 },
  })
})

test('--rate is for faults that happen now and then, --at for the upgrade', async () => {
  const { localnet } = place()
  const tried = async (words: string) => (await localnet(`start ${words}`)).stderr
  expect(await tried('--fault runtime-upgrade --rate 0.5')).toContain('--rate needs a --fault')
  expect(await tried('--fault delay --at 5')).toContain('--at needs --fault runtime-upgrade')
  expect(await tried('--fault runtime-upgrade --at 0')).toContain('`0` is no block')
  expect(await tried('--profile dtao --fault runtime-upgrade --port 0')).toContain(
    'the chain has the newest runtime already',
  )
})

test('start --history keeps the state of the last blocks only', async () => {
  const { directory, localnet } = place()
  expect((await localnet('start --history 0')).stderr).toContain('`0` is no history')
  const started = localnet('start --port 0 --genesis empty --blocks manual --history 3 --json')
  await untilRunning(directory)
  await localnet('advance 9')
  const endpoint = documentOf(await localnet('status --json')).data.endpoint
  const given = { chain: () => connect({ network: 'local', endpoint }) }
  expect((await run('query System.Number --at 7', given)).code).toBe(0)
  expect((await run('query System.Number --at 5', given)).stderr).toContain('no longer keeps')
  await localnet('stop')
  expect((await started).code).toBe(0)
})
