import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import { Localnet } from '../../src/localnet/index.js'

const CHAINS = 4
const KILLS = 50

/** Bundled where Node finds the packages that are not: starting it has to be cheap. */
async function bundle(folder: string): Promise<string> {
  const outfile = join(folder, 'child.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('./localnetCrashChild.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['classic-level', 'ws', '@polkadot/*'],
    logLevel: 'error',
  })
  return outfile
}

type Block = { readonly number: number; readonly hash: string }

/** Opens the chain in a process, lets it make some blocks and kills it in the middle of one. */
async function killOnce(script: string, directory: string, seen: Map<number, string>) {
  const child = spawn(process.execPath, [script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exit = once(child, 'exit')
  const patience = Math.floor(Math.random() * 4)
  const delay = Math.random() * 12
  let opened: { head: Block; finalized: number; gaps: unknown } | undefined
  let blocks = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [kind, number, ...rest] = line.split(' ')
    if (kind === 'open') {
      const [finalized, hash = '', ...gaps] = rest
      const head = { number: Number(number), hash }
      opened = { head, finalized: Number(finalized), gaps: JSON.parse(gaps.join(' ')) }
    } else {
      seen.set(Number(number), rest[0]!)
      blocks++
    }
    if (blocks === patience) setTimeout(() => child.kill('SIGKILL'), delay)
  }
  await exit
  return opened!
}

test(`a chain that is killed ${CHAINS * KILLS} times while it makes blocks loses none and no money`, async () => {
  // Inside the project: the bundle imports its packages.
  const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url))
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'crash-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const script = await bundle(folder)

  const run = async (directory: string) => {
    const seen = new Map<number, string>()
    for (let kill = 0; kill < KILLS; kill++) {
      const before = Math.max(0, ...seen.keys())
      const { head, finalized, gaps } = await killOnce(script, directory, seen)
      expect(gaps).toEqual([])
      expect(finalized).toBe(head.number)
      expect(head.number).toBeGreaterThanOrEqual(before)
      if (head.number === before && before > 0) expect(head.hash).toBe(seen.get(before))
    }
    const chain = await Localnet.start({ directory, blocks: 'manual' })
    for (const [number, hash] of seen) {
      expect(await chain.request('chain_getBlockHash', [number])).toBe(hash)
    }
    expect(seen.size).toBeGreaterThan(KILLS / 2)
    await chain.stop()
  }
  await Promise.all(Array.from({ length: CHAINS }, (_, i) => run(join(folder, `chain${i}`))))
}, 600_000)
