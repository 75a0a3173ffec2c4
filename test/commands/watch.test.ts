import { describe, expect, onTestFinished, test } from 'vitest'
import { main } from '../../src/cli/main.js'
import { connect } from '../../src/core/chain/connect.js'
import { Localnet } from '../../src/localnet/index.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { startProxy } from '../integration/chainProxy.js'
import { freshChain, roundGenesis } from '../support/chain.js'
import { testWorld, type WorldOptions } from '../support/context.js'
import { devHome } from '../support/localnet.js'
import { documentOf, run, splitWords } from '../support/run.js'

const ENTER = '\x1b[?1049h'
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l'

/** A watch that goes on while the test acts. */
function watching(line: string, options: WorldOptions & { readonly rows?: number }) {
  const controller = new AbortController()
  const made = testWorld({ signal: controller.signal, ...options })
  const keys = new Set<(key: string) => void>()
  const world = {
    ...made.world,
    stdout: { ...made.world.stdout, rows: options.rows },
    stdin: {
      ...made.world.stdin,
      onKey(listener: (key: string) => void) {
        keys.add(listener)
        return () => keys.delete(listener)
      },
    },
  }
  const ended = main(splitWords(line), () => world)
  onTestFinished(async () => {
    controller.abort()
    await ended
  })
  return {
    ended,
    stdout: made.stdout,
    stderr: made.stderr,
    /** The frames so far, without what moves the cursor. */
    frames: () =>
      made
        .stdout()
        .split('\x1b[H')
        .slice(1)
        .map((frame) => frame.replaceAll('\x1b[K', '').replaceAll('\r', '')),
    press: (key: string) => {
      for (const listener of keys) listener(key)
    },
    listeners: () => keys.size,
    interrupt: () => controller.abort(),
  }
}

async function until(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { interval: 5 }).toBe(true)
}

test('draws in place, marks what changed with the block, and leaves nothing behind', async () => {
  const { localnet, chain, set } = await freshChain({ genesis: roundGenesis })
  const seen = watching('list_subnets --watch', { chain, tty: true })
  await until(() => seen.frames().length === 1)
  await set(S.Burn, [1], 750_000_000n)
  await until(() => seen.frames().length >= 2)
  await localnet.request('dev_newBlock')
  await until(() => seen.frames().length >= 3)
  seen.press('q')
  expect(await seen.ended).toBe(0)
  expect(seen.stderr()).toBe('Reading subnets from local\n')
  expect(seen.stdout().startsWith(ENTER)).toBe(true)
  expect(seen.stdout().endsWith(LEAVE)).toBe(true)
  expect(seen.listeners()).toBe(0)
  const [first, second, third] = seen.frames()
  expect(first).toContain('block 0 · no change · every block · q quits')
  expect(second).toMatch(/0\.75000 ▲/)
  expect(second).toContain('block 1 · 1 changed · every block · q quits')
  expect(third).toContain('block 2 · no change')
  expect(third).not.toContain('▲')
})

test.each(['overview --all', 'metagraph --netuid 1', 'proposals', 'senate', 'stake_list --all'])(
  '%s can be watched',
  async (line) => {
    const { localnet, chain } = await freshChain({ genesis: roundGenesis })
    const seen = watching(`${line} --watch`, { chain, tty: true })
    await until(() => seen.frames().length === 1)
    await localnet.request('dev_newBlock')
    await until(() => seen.frames().length === 2)
    seen.press('\x03')
    expect(await seen.ended).toBe(130)
    expect(seen.stdout().endsWith(LEAVE)).toBe(true)
    expect(seen.frames().at(-1)).toContain('block 1 · no change')
  },
)

test('fits the page and says what it leaves out', async () => {
  const { chain } = await freshChain()
  const seen = watching('metagraph --netuid 1 --watch', { chain, tty: true, rows: 12 })
  await until(() => seen.frames().length === 1)
  seen.interrupt()
  expect(await seen.ended).toBe(130)
  const lines = seen.frames()[0]!.split('\x1b[J')[0]!.split('\n')
  expect(lines).toHaveLength(12)
  expect(lines.at(-3)).toMatch(/^\(\d+ more lines\)$/)
  expect(lines.some((line) => line.trimStart().startsWith('UID'))).toBe(true)
})

test('is a document per line per block in a pipe', async () => {
  const { localnet, chain } = await freshChain({ genesis: roundGenesis })
  const seen = watching('list_subnets --watch', { chain })
  const documents = () => seen.stdout().split('\n').slice(0, -1)
  await until(() => documents().length === 1)
  await localnet.request('dev_newBlock')
  await until(() => documents().length === 2)
  seen.interrupt()
  expect(await seen.ended).toBe(130)
  expect(documents().map((line) => JSON.parse(line).block)).toEqual([0, 1])
  expect(seen.stdout()).not.toContain('\x1b')
})

test('survives a node that goes away and comes back', async () => {
  const localnet = await Localnet.start({ blocks: 'instant', genesis: roundGenesis, port: 0 })
  onTestFinished(() => localnet.stop())
  const proxy = await startProxy(localnet.endpoint)
  onTestFinished(() => proxy.stop())
  const chain = () => connect({ network: 'local', endpoint: proxy.endpoint })
  const drawn = watching('senate --watch --no_names', { chain, tty: true })
  const piped = watching('senate --watch --no_names --json', { chain })
  const documents = () => piped.stdout().split('\n').slice(0, -1)
  await until(() => drawn.frames().length === 1 && documents().length === 1)
  proxy.shut()
  await until(() => drawn.frames().at(-1)!.includes('reconnecting'))
  expect(drawn.frames().at(-1)).toMatch(/block 0, \d+ s old · reconnecting … · q quits · /)
  await until(() => piped.stderr().includes('reconnecting'))
  await localnet.request('dev_newBlock')
  proxy.open()
  await until(
    () => drawn.frames().at(-1)!.includes('block 1 · no change') && documents().length > 1,
  )
  expect(JSON.parse(documents().at(-1)!)).toMatchObject({ ok: true, block: 1 })
  expect(piped.stderr()).toContain('connected again')
  await localnet.request('dev_newBlock')
  await until(() => drawn.frames().at(-1)!.includes('block 2'))
  drawn.press('q')
  piped.interrupt()
  expect([await drawn.ended, await piped.ended]).toEqual([0, 130])
})

describe('through an upgrade from classic to dTAO', () => {
  const home = devHome({
    alice: { uri: '//Alice', hotkeys: { validator: '//Alice//validator' } },
  })

  /** Blocks 1 to 5, of which the third brings the new runtime, each as soon as the one before is shown. */
  async function watchUpgrade(
    line: string,
    options: WorldOptions,
    shown: (text: string) => number,
  ) {
    const faults = [{ kind: 'runtime-upgrade', at: 3 }] as const
    const { localnet, chain } = await freshChain({ blocks: 'manual', faults })
    const seen = watching(line, { chain, home: await home, ...options })
    for (let block = 1; block <= 5; block++) {
      await until(() => shown(seen.stdout()) >= block)
      await localnet.advance()
    }
    await until(() => shown(seen.stdout()) >= 6)
    seen.interrupt()
    expect(await seen.ended).toBe(130)
    return { seen, chain }
  }

  test.each(['overview -w alice', 'list_subnets', 'metagraph --netuid 1', 'stake_list -w alice'])(
    '%s goes on, and shows each block as if it were asked for alone',
    async (line) => {
      const documents = (text: string) => text.split('\n').slice(0, -1)
      const given = await watchUpgrade(
        `${line} --watch --json`,
        {},
        (text) => documents(text).length,
      )
      const shown = documents(given.seen.stdout()).map((text) => JSON.parse(text))
      expect(shown.map(({ ok, block, specVersion }) => [ok, block, specVersion])).toEqual([
        [true, 0, 143],
        [true, 1, 143],
        [true, 2, 143],
        [true, 3, 143],
        [true, 4, 343],
        [true, 5, 343],
      ])
      for (const { block, data } of shown) {
        const { chain } = given
        const alone = await run(`${line} --json --block ${block}`, { chain, home: await home })
        expect({ block, data: documentOf(alone).data }).toEqual({ block, data })
      }
    },
  )

  test('a table is redrawn with the columns of the new runtime', async () => {
    const frames = (text: string) => text.split('\x1b[H').length - 1
    const options = { tty: true, columns: 200 }
    const { seen } = await watchUpgrade('list_subnets --watch', options, frames)
    const [before, , , during, after] = seen.frames()
    expect(before).not.toContain('PRICE')
    expect(during).toContain('block 3')
    expect(during).not.toContain('PRICE')
    expect(after).toContain('PRICE')
    expect(seen.stderr()).toBe('Reading subnets from local\n')
  })
})

test('what the new runtime no longer has ends with a word about it', async () => {
  const { localnet, chain } = await freshChain()
  const seen = watching('senate --watch --json', { chain })
  await until(() => seen.stdout().includes('\n'))
  await localnet.upgrade()
  expect(await seen.ended).toBe(1)
  const last = JSON.parse(seen.stdout().trimEnd().split('\n').at(-1)!)
  expect(last).toMatchObject({ ok: false, error: { code: 'RUNTIME_UNSUPPORTED' } })
  expect(last.error.message).toContain('343')
})

test('every so many seconds, without a new block', async () => {
  const { chain } = await freshChain({ genesis: roundGenesis })
  const seen = watching('senate --watch 1', { chain, tty: true })
  await until(() => seen.frames().length >= 2)
  seen.press('q')
  expect(await seen.ended).toBe(0)
  expect(seen.frames()[0]).toContain('every 1 s')
})

test('a mistake is told as ever', async () => {
  const { chain } = await freshChain({ genesis: roundGenesis })
  expect(await run('metagraph --netuid 9 --watch', { chain, tty: true })).toMatchObject({
    code: 1,
    stdout: '',
  })
  expect(await run('senate --watch soon', { chain })).toMatchObject({ code: 2 })
  expect(await run('senate --watch --block 0', { chain })).toMatchObject({ code: 2 })
  expect(await run('senate --watch --csv', { chain })).toMatchObject({ code: 2 })
  expect(await run('balance --watch', { chain })).toMatchObject({ code: 2 })
})
