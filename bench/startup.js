// @ts-check
/**
 * Start-up of the built binary against bare `node`, in wall time and memory: medians over alternating runs, so that
 * both sides see the same machine. Needs `npm run build`. `node bench/startup.js [runs]`
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const btcli = fileURLToPath(new URL('../bin/btcli.js', import.meta.url))
const runs = Number(process.argv[2] ?? 15)
const home = mkdtempSync(join(tmpdir(), 'btcli-bench-'))
const env = { ...process.env, HOME: home, NO_COLOR: '1', BTCLI_CONFIG_PATH: '' }

/** @param {string[]} args @param {Record<string, string | undefined>} [extra] @returns {Promise<number>} milliseconds */
function time(args, extra = {}) {
  const start = process.hrtime.bigint()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...env, ...extra },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`${args.join(' ')} ended with ${code}: ${errors}`))
      else resolve(Number(process.hrtime.bigint() - start) / 1e6)
    })
  })
}

/** Peak resident memory in MB, told by the process itself at its end. @param {string[]} args */
async function memory(args) {
  const report = join(home, 'rss')
  const hook = `process.on('exit',()=>require('node:fs').writeFileSync(process.env.RSS_FILE,String(process.resourceUsage().maxRSS)))`
  const hookFile = join(home, 'rss.cjs')
  writeFileSync(hookFile, hook)
  await time(['--require', hookFile, ...args], { RSS_FILE: report })
  return Number(readFileSync(report, 'utf8')) / 1024
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** @param {string} name @param {string[]} args @param {string} aim */
async function compare(name, args, aim) {
  await time(args)
  /** @type {number[]} */ const bare = []
  /** @type {number[]} */ const own = []
  for (let i = 0; i < runs; i++) {
    bare.push(await time(['-e', '0']))
    own.push(await time(args))
  }
  const [base, mine] = [median(bare), median(own)]
  const mb = await memory(args)
  console.log(
    `${name.padEnd(34)} ${mine.toFixed(0).padStart(5)} ms  node ${base.toFixed(0).padStart(4)} ms  ${(mine / base).toFixed(2).padStart(5)}x  ${mb.toFixed(0).padStart(4)} MB  ${aim}`,
  )
}

/** A localnet in its own process; its endpoint once it answers. */
async function startLocalnet() {
  const directory = join(home, 'localnet')
  const port = 19_000 + (process.pid % 1000)
  const args = [btcli, 'localnet', 'start', '--port', String(port), '--directory', directory]
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' })
  for (let i = 0; i < 100; i++) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"jsonrpc":"2.0","id":1,"method":"system_chain","params":[]}',
      })
      if (answer.ok)
        return { endpoint: `ws://127.0.0.1:${port}`, stop: () => child.kill('SIGTERM') }
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  child.kill('SIGKILL')
  throw new Error('the localnet did not answer within 10 s')
}

if (!existsSync(new URL('../dist/bin/main.js', import.meta.url))) {
  console.error('build first: npm run build')
  process.exit(1)
}
console.log(`medians of ${runs} alternating runs, Node ${process.version}`)
await compare('btcli --help', [btcli, '--help'], 'aim <= 1.3x')
await compare('btcli list', [btcli, 'list'], 'aim <= 2x')
const localnet = await startLocalnet()
try {
  const args = [btcli, 'list_subnets', '--subtensor.chain_endpoint', localnet.endpoint]
  await compare('btcli list_subnets (localnet)', args, 'aim <= 8x, <= 110 MB')
} finally {
  localnet.stop()
  rmSync(home, { recursive: true, force: true })
}
