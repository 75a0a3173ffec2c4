/** The parts for browsers: bundled for one, then run in a world without Node, and in headless Chromium where there is one. */
import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'
import { tempFolder } from '../../support/tempFolder.js'

const root = new URL('../../../', import.meta.url).pathname
let script = ''

beforeAll(async () => {
  const { outputFiles, warnings } = await build({
    entryPoints: [new URL('page.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    tsconfig: join(root, 'tsconfig.json'),
    logLevel: 'silent',
  })
  expect(warnings).toEqual([])
  script = outputFiles[0]?.text ?? ''
})

const EXPECTED = [
  'address 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  'valid true',
  'wrong false',
  'words 12 48',
  'ed25519 5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu',
  'balance τ2.010000000 2010000000',
  'refused USAGE',
  'weights {"uids":[0,1],"values":[65535,32768]}',
  'graph Metagraph(netuid:1, n:1, block:5, network:finney) 1.5 1 7',
  'again 1',
]

test('they run where there is nothing of Node', async () => {
  // The context has JavaScript itself and WebAssembly.
  const { crypto, TextEncoder, TextDecoder, URL, atob, btoa, setTimeout } = globalThis
  const web = { crypto, TextEncoder, TextDecoder, URL, atob, btoa, setTimeout }
  const world: { done?: string[] } = createContext({ ...web, console })
  runInContext(script, world)
  await expect.poll(() => world.done).toEqual(EXPECTED)
})

// As root Chromium starts only without its sandbox; the other flags keep it from talking to anybody.
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const chromium = found('chromium') ?? found('chromium-browser')

test.runIf(chromium)('they run in Chromium', async () => {
  let tell: (text: string) => void = () => undefined
  const told = new Promise<string>((resolve) => {
    tell = resolve
  })
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      text(request).then(tell, () => tell('no result'))
      response.end()
    } else {
      response.setHeader('content-type', request.url === '/' ? 'text/html' : 'text/javascript')
      response.end(
        request.url === '/' ? '<script src="/page.js" charset="utf-8"></script>' : script,
      )
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const browser = spawn(
    chromium ?? '',
    [...FLAGS, `--user-data-dir=${tempFolder()}`, `http://127.0.0.1:${port}/`],
    {
      stdio: 'ignore',
    },
  )
  try {
    const ended = new Promise<string>((resolve) => {
      browser.once('exit', (code) => resolve(`the browser ended with ${code}`))
      browser.once('error', (error) => resolve(`${error}`))
    })
    expect((await Promise.race([told, ended])).split('\n')).toEqual(EXPECTED)
  } finally {
    const over = new Promise((resolve) => browser.once('exit', resolve))
    browser.kill()
    const force = setTimeout(() => browser.kill('SIGKILL'), 5_000)
    await over
    clearTimeout(force)
    server.close()
    server.closeAllConnections()
  }
})

test.runIf(!chromium)('they would run in Chromium, but this machine has none', () => {
  console.warn('chromium is not installed: the browser test ran in an empty world only')
})

function found(program: string): string | undefined {
  try {
    return execFileSync('which', [program], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}
