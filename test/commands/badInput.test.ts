import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import type { Option } from '../../src/cli/define.js'
import { registry } from '../../src/cli/registry.js'
import { laterNames } from '../../src/cli/spelling.js'
import { connect } from '../../src/core/chain/connect.js'
import { devHome, localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const wallets = {
  alice: { uri: '//Alice', hotkeys: { miner: '//Alice//validator', plain: '//Alice//plain' } },
}
const alice = '--wallet.name alice'
const miner = `${alice} --wallet.hotkey miner`

/** All files below a folder with their content: what must not change. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name)
    hash.update(`${name}\0${statSync(path).isFile() ? readFileSync(path) : ''}\0`)
  }
  return hash.digest('hex')
}

/** Runs a line in text and in JSON; both must fail alike, change nothing and never ask. */
async function refused(line: string, home: string) {
  const before = { files: fingerprint(join(home, '.bittensor')), head: chain.localnet.head.hash }
  const text = await run(line, { chain: chain.open, home })
  const json = await run(`${line} ${/^regen_/.test(line) ? '--json_output' : '--json'}`, {
    chain: chain.open,
    home,
  })
  expect(json.code).toBe(text.code)
  expect(text.stdout).toBe('')
  expect(text.stderr).toMatch(/^(?:(?!error: ).*\n)*error: \S/)
  expect(text.stderr).not.toMatch(/bug in btcli|\n\s+at /)
  expect(text.questions).toEqual([])
  const document = documentOf(json)
  expect(document).toMatchObject({ ok: false, error: { message: expect.any(String) } })
  const after = { files: fingerprint(join(home, '.bittensor')), head: chain.localnet.head.hash }
  expect(after).toEqual(before)
  return { status: text.code, code: document.error.code as string, stderr: text.stderr }
}

/** Puts a disk of a few pages below the files of a folder; undefined where that is not allowed. */
function smallDisk(folder: string): { fill(): void; unmount(): void } | undefined {
  const kept = join(folder, '..', 'kept')
  cpSync(folder, kept, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return undefined
  } finally {
    cpSync(kept, folder, { recursive: true })
    rmSync(kept, { recursive: true })
  }
  return {
    fill() {
      const file = openSync(join(folder, '.fill'), 'w')
      try {
        for (;;) writeSync(file, Buffer.alloc(1024))
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC')
      } finally {
        closeSync(file)
      }
    },
    unmount: () => void execFileSync('umount', [folder]),
  }
}

const AMOUNTS = [
  '1e3',
  '-1',
  '0.0000000001',
  'NaN',
  '100000000000000000000',
  'Infinity',
  '1,5',
  '0x10',
  'abc',
  '0',
]
const ADDRESSES = [
  '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694tz',
  '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694t',
  '14E5nqKAp3oAJcmzgZhUD2RcptBeUBScxKHgJKU4HPNcKVf3',
  '0x1234',
  `0x${'zz'.repeat(32)}`,
  '5O0Il',
]
const NO_HASHES = [
  '0xzz',
  'hash',
  `0x${'1'.repeat(65)}`,
  '12ab',
  '-1',
  '1.5',
  '0x12',
  `0x${'1'.repeat(63)}`,
  '0x',
]
const TAKES = ['101', '-1', 'abc', '18,5', '1e1']
const UNKNOWN_HASH = `0x${'1'.repeat(64)}`
const plain = `${alice} --wallet.hotkey plain`

const NETUIDS = ['x', '-1', '65536', '1.5']

type Case = readonly [line: string, status: number, code: string]

const CASES: readonly Case[] = [
  ...AMOUNTS.flatMap((amount): Case[] => [
    [`transfer ${alice} --dest ${BOB} --amount=${amount} -y`, 2, 'BAD_AMOUNT'],
    [`stake ${miner} --amount=${amount} -y`, 2, 'BAD_AMOUNT'],
    [`unstake ${miner} --amount=${amount} -y`, 2, 'BAD_AMOUNT'],
    [`stake ${miner} --max_stake=${amount} -y`, 2, 'BAD_AMOUNT'],
  ]),
  ...ADDRESSES.flatMap((address): Case[] => [
    [`transfer ${alice} --dest ${address} --amount 1 -y`, 2, 'BAD_ADDRESS'],
    [`verify --address ${address} --signature 0x00 --message x`, 2, 'BAD_ADDRESS'],
    [`regen_coldkeypub --wallet.name new --ss58_address ${address} -y`, 2, 'BAD_ADDRESS'],
  ]),
  ...NETUIDS.flatMap((netuid): Case[] => [
    [`metagraph --netuid=${netuid}`, 2, 'USAGE'],
    [`register ${miner} --netuid=${netuid} -y`, 2, 'USAGE'],
    [`recycle_register ${miner} --netuid=${netuid} -y`, 2, 'USAGE'],
    [`overview ${alice} --netuid=${netuid}`, 2, 'USAGE'],
  ]),
  ['metagraph --netuid 77', 1, 'SUBNET_NOT_FOUND'],
  [`register ${miner} --netuid 77 -y`, 1, 'SUBNET_NOT_FOUND'],
  [`recycle_register ${miner} --netuid 77 -y`, 1, 'SUBNET_NOT_FOUND'],
  [`transfer ${alice} --dest ${BOB} --amount 99999999 -y`, 1, 'INSUFFICIENT_BALANCE'],
  [`stake ${miner} --amount 99999999 -y`, 1, 'INSUFFICIENT_BALANCE'],
  [`unstake ${miner} --amount 99999999 -y`, 1, 'INSUFFICIENT_STAKE'],
  ['regen_coldkey --wallet.name new --no_password -y --mnemonic one two three', 2, 'USAGE'],
  [
    `regen_coldkey --wallet.name new --no_password -y --mnemonic ${'abandon '.repeat(12).trim()}`,
    2,
    'USAGE',
  ],
  ['regen_coldkey --wallet.name new --no_password -y --seed 0x1234', 2, 'USAGE'],
  [`regen_hotkey --wallet.name new -y --seed ${'zz'.repeat(32)}`, 2, 'USAGE'],
  ['regen_hotkey --wallet.name new -y --json /nowhere/key.json', 2, 'USAGE'],
  ['new_coldkey --wallet.name ../up --no_password -y', 2, 'USAGE'],
  ['new_coldkey --wallet.name a/b --no_password -y', 2, 'USAGE'],
  [`new_hotkey ${alice} --wallet.hotkey ../../up -y`, 2, 'USAGE'],
  [`new_hotkey ${alice} --wallet.hotkey minerpub.txt -y`, 2, 'USAGE'],
  [`new_coldkey ${alice} --no_password -y`, 2, 'MISSING_INPUT'],
  [`new_hotkey ${miner} -y`, 2, 'MISSING_INPUT'],
  ['new_coldkey --wallet.name new --n_words 13 --no_password -y', 2, 'USAGE'],
  ['new_coldkey --wallet.name new -y', 2, 'MISSING_INPUT'],
  [`sign ${alice} --message_hex 0xabc -y`, 2, 'USAGE'],
  [`sign ${alice} -y`, 2, 'MISSING_INPUT'],
  ['sign --wallet.name nobody --message x -y', 1, 'WALLET_NOT_FOUND'],
  [`transfer ${alice} --amount 1 -y`, 2, 'MISSING_INPUT'],
  [`transfer ${alice} --dest ${BOB} --amount 1`, 2, 'MISSING_INPUT'],
  [
    'transfer --wallet.name nobody --dest 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty --amount 1 -y',
    1,
    'WALLET_NOT_FOUND',
  ],
  ...NO_HASHES.flatMap((hash): Case[] => [
    [`senate_vote ${miner} --proposal=${hash} --vote aye -y`, 2, 'USAGE'],
    [`proposal_votes --proposal=${hash}`, 2, 'USAGE'],
    [`pow solve --block_hash=${hash} --hotkey ${BOB} --difficulty 1`, 2, 'USAGE'],
  ]),
  [`senate_vote ${miner} --proposal ${UNKNOWN_HASH} --vote aye -y`, 1, 'PROPOSAL_NOT_FOUND'],
  [`senate_vote ${miner} --proposal 77 --vote aye -y`, 1, 'PROPOSAL_NOT_FOUND'],
  [`senate_vote ${miner} --proposal 0 --vote maybe -y`, 2, 'USAGE'],
  [`senate_vote ${miner} --proposal 0 --vote aye --vote_nay -y`, 2, 'USAGE'],
  [`senate_vote ${miner} --proposal 0 -y`, 2, 'MISSING_INPUT'],
  [`senate_vote ${miner} --vote aye -y`, 2, 'MISSING_INPUT'],
  [`senate_vote ${plain} --proposal 0 --vote aye -y`, 1, 'NOT_SENATE_MEMBER'],
  ['proposal_votes --proposal 77', 1, 'PROPOSAL_NOT_FOUND'],
  [`senate_leave ${miner} -y`, 1, 'RUNTIME_UNSUPPORTED'],
  [`delegate ${alice} --delegate_ss58 ${BOB} --amount 1 -y`, 1, 'NOT_DELEGATE'],
  [`delegate ${alice} --delegate_ss58 Nobody --amount 1 -y`, 1, 'NOT_DELEGATE'],
  [`delegate ${alice} --amount 1 -y`, 2, 'MISSING_INPUT'],
  [`delegate ${alice} --delegate_ss58 Borealis --amount 1 --all -y`, 2, 'USAGE'],
  [`delegate ${alice} --delegate_ss58 Borealis --amount 99999999 -y`, 1, 'INSUFFICIENT_BALANCE'],
  [`undelegate ${alice} --delegate_ss58 Aurora --amount 99999999 -y`, 1, 'INSUFFICIENT_STAKE'],
  [`undelegate ${alice} --amount 1 -y`, 2, 'MISSING_INPUT'],
  ...TAKES.map((take): Case => [`nominate ${plain} --take=${take} -y`, 2, 'USAGE']),
  [`set_weights ${miner} --netuid 1 --uids 1 2 --weights 0.5 -y`, 2, 'USAGE'],
  [`set_weights ${miner} --netuid 1 --uids 1 x --weights 0.5 0.5 -y`, 2, 'USAGE'],
  [`set_weights ${miner} --netuid 1 --uids 1 1 --weights 0.5 0.5 -y`, 2, 'USAGE'],
  [`set_weights ${miner} --netuid 1 --uids 1 2 --weights 0.5 -1 -y`, 2, 'USAGE'],
  [`set_weights ${miner} --netuid 1 --uids 1 4000 --weights 0.5 0.5 -y`, 2, 'USAGE'],
  [`set_weights ${plain} --netuid 1 --uids 1 2 --weights 0.5 0.5 -y`, 1, 'NOT_REGISTERED'],
  ['weights --netuid 77', 1, 'SUBNET_NOT_FOUND'],
  ['hyperparameters --netuid 77', 1, 'SUBNET_NOT_FOUND'],
  [`swap_hotkey ${plain} --new_hotkey miner -y`, 1, 'NOT_REGISTERED'],
  [`root_register ${alice} --wallet.hotkey nobody -y`, 1, 'WALLET_NOT_FOUND'],
  ['balance --ss58 5O0Il', 2, 'BAD_ADDRESS'],
  ['address add x 5O0Il', 2, 'BAD_ADDRESS'],
  ['address remove nobody', 2, 'USAGE'],
  [`transfer ${alice} --dest @nobody --amount 1 -y`, 2, 'BAD_ADDRESS'],
  ['policy set max_per_day abc', 2, 'BAD_AMOUNT'],
  ['policy set nonsense 1', 2, 'USAGE'],
  ['config set nonsense 1', 2, 'USAGE'],
  ['config set network nobunaga', 2, 'USAGE'],
  ['history show nothing', 2, 'USAGE'],
  ['completion tcsh', 2, 'USAGE'],
  ['list_subnets --sort_by xyzzy', 2, 'USAGE'],
  ['senate --watch=-1', 2, 'USAGE'],
  ['list --wallet.path', 2, 'USAGE'],
  ['list --nonsense', 2, 'USAGE'],
  ['list --config /nowhere.yml', 2, 'USAGE'],
]

describe('bad input is refused before anything is signed or written', () => {
  it.each(CASES)('%s', async (line, status, code) => {
    const home = await devHome(wallets)
    expect(await refused(line, home)).toMatchObject({ status, code })
  })

  // The options of `tx` are the arguments of any call.
  it.each(registry.map(({ name }) => name))(
    '%s: an unknown option, and one that is near',
    async (name) => {
      const home = await devHome(wallets)
      expect(await refused(`${name} --amuont 5`, home)).toMatchObject({ status: 2, code: 'USAGE' })
      expect(await refused(`${name} --wallet.nmae x`, home)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('wallet.name'),
      })
    },
  )
})

describe('governance, delegation and weights', () => {
  it('say exactly what is wrong', async () => {
    const home = await devHome(wallets)
    const lines = [
      `senate_vote ${miner} --proposal 0 --vote aye -y`,
      `senate_vote ${miner} --proposal 77 --vote aye -y`,
      `senate_vote ${miner} --proposal ${UNKNOWN_HASH} --vote aye -y`,
      `senate_vote ${miner} --proposal 0x12 --vote aye -y`,
      `senate_vote ${plain} --proposal 0 --vote aye -y`,
      `senate_leave ${plain} -y`,
      `delegate ${alice} --delegate_ss58 ${BOB} --amount 1 -y`,
      `undelegate ${alice} --delegate_ss58 Aurora --amount 99999999 -y`,
      `nominate ${plain} --take 101 -y`,
      `set_weights ${miner} --netuid 1 --uids 1 4000 3 4 --weights 1 1 1 1 -y`,
    ]
    const told: string[] = []
    for (const line of lines) {
      const { code, stdout, stderr } = await run(line, { chain: chain.open, home })
      told.push(`${code} ${stdout}${stderr}`)
    }
    expect(told.join('\n')).toMatchInlineSnapshot(`
      "0 ✔ miner has voted aye on proposal 0 (0xaeb8…37fc) already.

      1 error: no proposal 77 is open
        it may have been closed

      hint: btcli proposals shows the open ones

      1 error: no proposal [HASH] is open
        it may have been closed

      hint: btcli proposals shows the open ones

      2 error: 0x12 is no hash, and no open proposal starts with it

      hint: a hash is 0x and 64 hex digits; btcli proposals shows the open ones

      1 error: the hotkey plain is not in the senate
        5FjthmQ5bwJygan7oxMQ236HoKXW87arpVC4kFN3bEUtBF5i

      hint: btcli senate shows its members, btcli senate_register asks for a seat

      1 error: this chain (spec 143) has no call SubtensorModule.leave_senate
        nothing was sent

      hint: since October 2023 a seat is lost when others with more stake take it; there is no way to leave

      1 error: 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty is not a delegate
        nobody but its owner can stake to it
        nothing was sent

      hint: btcli list_delegates shows who is one

      1 error: Aurora: your stake there is τ42034.188401657, less than τ99999999.000000000
        nothing was sent

      hint: --all takes all of it

      2 error: --take: must be a percentage from 0 to 100

      2 error: subnet 1 has no uid 4000
        its uids go from 0 to 29
        nothing was sent
      "
    `)
  })
})

/** Texts that most options refuse. */
const GARBAGE = ['~', '-1', '0x', '\u0007', '']

/** What an option does not take; undefined where it takes any text. */
function refusedBy({ parse }: Option<unknown>): string | undefined {
  return GARBAGE.find((text) => {
    try {
      parse(text)
      return false
    } catch {
      return true
    }
  })
}

describe('every command under every name, without a chain', () => {
  it.each(registry.map(({ name, load }) => [name, load] as const))(
    '%s: no option takes what it cannot read',
    async (name, load) => {
      const { options, positionals = [] } = await load()
      const words = positionals.flatMap(({ required, choices }) =>
        required ? [choices?.[0] ?? 'x'] : [],
      )
      const home = await devHome(wallets)
      for (const option of Object.values(options)) {
        const text = option.kind === 'flag' ? undefined : refusedBy(option)
        if (text === undefined) continue
        const typed = `--${option.name}=${text}`
        const result = await run([name, ...words, typed, '-y', '--output=json'], { home })
        expect(result.code, typed).toBe(2)
        const { error } = documentOf(result)
        expect(error.code, typed).toMatch(/^(USAGE|BAD_ADDRESS|BAD_AMOUNT)$/)
        expect(error.message, typed).toContain(`--${option.name}`)
      }
    },
  )

  const later = registry.flatMap(({ name }) => laterNames(name).map((alias) => [alias, name]))
  it.each(later)('%s is %s: a wrong option, a wrong value', async (alias, name) => {
    for (const wrong of ['--amuont=5', '--width=-1']) {
      const result = await run([...`${alias}`.split(' '), wrong, '--output=json'], {})
      expect(result.code).toBe(2)
      expect(documentOf(result)).toMatchObject({ command: name, error: { code: 'USAGE' } })
    }
  })
})

describe('places that are not what they should be', () => {
  const reads = ['list', `sign ${alice} --message x -y`]
  it.each([...reads, 'new_coldkey --wallet.name new --no_password -y'])(
    'a file where the wallet folder should be: %s',
    async (line) => {
      const home = await devHome({})
      mkdirSync(join(home, '.bittensor'), { recursive: true })
      writeFileSync(join(home, '.bittensor', 'wallets'), 'a file')
      expect(await refused(line, home)).toMatchObject({ status: 1 })
    },
  )

  it.runIf(process.getuid?.() !== 0)('a folder without permission', async () => {
    const home = await devHome(wallets)
    const folder = join(home, '.bittensor', 'wallets', 'alice')
    chmodSync(folder, 0o500)
    const line = `new_hotkey ${alice} --wallet.hotkey second -y`
    expect(await refused(line, home)).toMatchObject({ status: 1, code: 'KEYFILE' })
    chmodSync(folder, 0o700)
  })

  it('a disk that is full', async ({ skip }) => {
    const home = await devHome(wallets)
    const folder = join(home, '.bittensor', 'wallets', 'alice')
    const line = `new_hotkey ${alice} --wallet.hotkey second -y`
    const overwrite = `new_hotkey ${alice} --wallet.hotkey miner --overwrite_hotkey -y`
    const disk = smallDisk(join(folder, 'hotkeys'))
    if (!disk) return skip('only root may mount a small disk')
    try {
      disk.fill()
      for (const command of [line, overwrite]) {
        expect(await refused(command, home)).toMatchObject({
          status: 1,
          code: 'KEYFILE',
          stderr: expect.stringContaining('the disk is full'),
        })
      }
    } finally {
      disk.unmount()
    }
  })

  it('a YAML file that is none, with file and line', async () => {
    const home = await devHome(wallets)
    const file = join(home, 'bad.yml')
    writeFileSync(file, 'wallet:\n  name: [alice\n')
    const failure = await refused(`list --config ${file}`, home)
    expect(failure).toMatchObject({ status: 2, code: 'USAGE' })
    expect(failure.stderr).toMatch(/bad\.yml[\s\S]*(line|:)\s*[23]/)
  })

  it('a damaged key file', async () => {
    const home = await devHome(wallets)
    writeFileSync(join(home, '.bittensor', 'wallets', 'alice', 'coldkey'), '{"secretSeed": "0x12')
    expect(await refused(`sign ${alice} --message x -y`, home)).toMatchObject({
      status: 1,
      code: 'KEYFILE',
    })
    const line = `transfer ${alice} --dest ${BOB} --amount 1 -y`
    expect(await refused(line, home)).toMatchObject({ status: 1, code: 'KEYFILE' })
  })
})

/** The head of a frame of 100 bytes, ten of them, and the end of the connection. */
function cutOff(socket: WebSocket): void {
  const raw = (socket as unknown as { _socket: Socket })._socket
  raw.end(Buffer.concat([Buffer.from([0x81, 100]), Buffer.from('{"jsonrpc"')]))
}

describe('networks and endpoints', () => {
  const open = (request: { network: string | undefined; endpoint: string | undefined }) =>
    import('../../src/api/openChain.js').then(({ openChain }) =>
      openChain({
        ...request,
        cacheDir: '/nonexistent',
        localnetDir: '/nonexistent',
        signal: new AbortController().signal,
      }),
    )
  it.each([
    ['--subtensor.network nobunaga', 2, 'USAGE'],
    ['--subtensor.network fineny', 2, 'USAGE'],
    ['--subtensor.chain_endpoint http://127.0.0.1:1', 2, 'USAGE'],
    ['--subtensor.chain_endpoint ws://', 2, 'USAGE'],
    ['--subtensor.chain_endpoint ws://127.0.0.1:1', 3, 'CONNECTION'],
    ['--subtensor.network ws://127.0.0.1:1', 3, 'CONNECTION'],
  ])('%s', async (words, status, code) => {
    const result = await run(`list_subnets --json ${words}`, { chain: open })
    expect(result.code).toBe(status)
    expect(documentOf(result).error.code).toBe(code)
  })

  it.each<[string, (socket: WebSocket) => void]>([
    ['says nothing sensible', (socket) => socket.send('}{ garbage')],
    ['closes in the middle of an answer', (socket) => cutOff(socket)],
    ['answers something else', (socket) => socket.send('{"jsonrpc":"2.0","id":0,"result":{}}')],
  ])('a node that %s', async (_, answer) => {
    const { WebSocketServer } = await import('ws')
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    server.on('connection', (socket) => socket.on('message', () => answer(socket)))
    const { port } = server.address() as { port: number }
    const broken = () =>
      connect({ network: 'local', endpoint: `ws://127.0.0.1:${port}`, timeoutMs: 2_000 })
    const result = await run('list_subnets --json', { chain: broken })
    expect(result.code).toBe(3)
    expect(documentOf(result).error.code).toMatch(/CONNECTION|TIMEOUT/)
    server.close()
    for (const client of server.clients) client.terminate()
  })
})
