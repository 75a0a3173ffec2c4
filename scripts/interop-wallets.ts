/**
 * Checks with the real Python wallets that they open what we write and we open what they write: coldkeys and hotkeys,
 * encrypted and plain, of bittensor-wallet 2.1.3 and 4.1.1. Makes its own virtual environments in a temporary folder;
 * where Python or those packages are not to be had it says so and ends with status 0.
 *
 *   npx tsx scripts/interop-wallets.ts [<folder for the virtual environments, kept>]
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fromHex, toHex } from '../src/core/keys/hex.js'
import {
  type Keypair,
  keypairFromMnemonic,
  keypairFromUri,
  verify,
} from '../src/core/keys/keypair.js'
import { generateMnemonic } from '../src/core/keys/mnemonic.js'
import { createColdkey, createHotkey } from '../src/core/wallet/create.js'
import { passwordSource } from '../src/core/wallet/passwords.js'
import { openWallet } from '../src/core/wallet/wallet.js'

const VERSIONS = ['2.1.3', '4.1.1'] as const
const MESSAGE = 'τ one message for both sides'
const PASSWORD = 'pässword with spaces 🔑 1!'

/** A wallet to open or to make; null is no password. */
type Job = {
  readonly root: string
  readonly name: string
  readonly hotkey: string
  readonly password: string | null
  readonly hotkeyPassword: string | null
  readonly message: string
}
type Opened = { coldkey: string; hotkey: string; coldkeypub: string; signature: string }
type Answer = { open: Opened[]; create: Opened[]; verify: boolean[] }

const passwords: readonly (readonly [string, string | null, string | null])[] = [
  ['plain', null, null],
  ['encrypted', PASSWORD, PASSWORD],
]

let failures = 0
function check(what: string, isTrue: boolean): void {
  console.log(`${isTrue ? 'ok  ' : 'FAIL'} ${what}`)
  if (!isTrue) failures++
}

function findPython(folder: string, version: string): string | undefined {
  const python = join(folder, version, 'bin', 'python')
  try {
    if (!existsSync(python)) {
      execFileSync('python3', ['-m', 'venv', join(folder, version)], { stdio: 'pipe' })
    }
    const wanted = `bittensor-wallet==${version}`
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', wanted], { stdio: 'pipe' })
    return python
  } catch {
    return undefined
  }
}

function ask(
  python: string,
  jobs: Record<'open' | 'create', Job[]> & { verify: unknown[] },
): Answer {
  const helper = fileURLToPath(new URL('interop-wallets.py', import.meta.url))
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], PYTHONUTF8: '1' }
  const output = execFileSync(python, [helper], {
    input: JSON.stringify(jobs),
    encoding: 'utf8',
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  // The packages print lines of their own before the answer.
  return JSON.parse(output.slice(output.indexOf('{"open"')))
}

async function writeOurs(root: string): Promise<{ job: Job; coldkey: Keypair; hotkey: Keypair }[]> {
  const written = []
  for (const [kind, password, hotkeyPassword] of passwords) {
    for (const source of ['mnemonic', 'derived'] as const) {
      const coldkey =
        source === 'mnemonic'
          ? await keypairFromMnemonic(await generateMnemonic(24))
          : await keypairFromUri('//Alice//cold')
      const hotkey = await keypairFromMnemonic(await generateMnemonic(12))
      const job: Job = {
        root,
        name: `ours ${kind}.${source}`,
        hotkey: 'miner-1',
        password,
        hotkeyPassword,
        message: MESSAGE,
      }
      await createColdkey(job, coldkey, { password: password ?? undefined })
      await createHotkey(job, hotkey, { password: hotkeyPassword ?? undefined })
      written.push({ job, coldkey, hotkey })
    }
  }
  return written
}

async function checkOurs(python: string, label: string, root: string): Promise<void> {
  const ours = await writeOurs(root)
  const message = new TextEncoder().encode(MESSAGE)
  const { open, verify: verified } = ask(python, {
    open: ours.map(({ job }) => job),
    create: [],
    verify: ours.map(({ coldkey }) => ({
      address: coldkey.address,
      message: MESSAGE,
      signature: toHex(coldkey.sign(message)).slice(2),
    })),
  })
  for (const [index, { job, coldkey, hotkey }] of ours.entries()) {
    const theirs = open[index]
    check(`${label} opens the coldkey of "${job.name}"`, theirs?.coldkey === coldkey.address)
    check(`${label} reads its coldkeypub.txt`, theirs?.coldkeypub === coldkey.address)
    check(`${label} opens its hotkey`, theirs?.hotkey === hotkey.address)
    check(`${label} accepts our signature`, verified[index] === true)
    const signature = fromHex(theirs?.signature ?? '') ?? new Uint8Array()
    check(`we accept that of ${label}`, await verify(message, signature, coldkey.publicKey))
  }
}

async function checkTheirs(python: string, label: string, root: string): Promise<void> {
  const jobs = passwords.map(([kind, password, hotkeyPassword]): Job => {
    return { root, name: `theirs ${kind}`, hotkey: 'h', password, hotkeyPassword, message: MESSAGE }
  })
  const { create } = ask(python, { open: [], create: jobs, verify: [] })
  for (const [index, job] of jobs.entries()) {
    const theirs = create[index]
    const wallet = openWallet(job)
    const source = passwordSource({ password: job.password ?? undefined })
    check(
      `we read the coldkeypub.txt of "${job.name}" by ${label}`,
      (await wallet.coldkeypubAddress()) === theirs?.coldkeypub,
    )
    check('we open its coldkey', (await wallet.unlockColdkey(source)).address === theirs?.coldkey)
    check('we open its hotkey', (await wallet.unlockHotkey(source)).address === theirs?.hotkey)
  }
}

const given = process.argv[2]
const folder = given ?? mkdtempSync(join(tmpdir(), 'interop-'))
try {
  for (const version of VERSIONS) {
    const python = findPython(folder, version)
    const label = `bittensor-wallet ${version}`
    if (!python) {
      console.log(`skipped: Python with ${label} is not to be had here`)
      continue
    }
    const root = mkdtempSync(join(tmpdir(), 'interop-wallets-'))
    await checkOurs(python, label, join(root, 'ours'))
    await checkTheirs(python, label, join(root, 'theirs'))
    rmSync(root, { recursive: true, force: true })
  }
} finally {
  if (given === undefined) rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failures === 0 ? 0 : 1
