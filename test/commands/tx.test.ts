import { beforeAll, describe, expect, it } from 'vitest'
import { readFreeBalance } from '../../src/core/chain/balances.js'
import { encodeAddress } from '../../src/core/keys/ss58.js'
import { freshChain } from '../support/chain.js'
import { devHome, localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

/** An account that the chain does not know. */
const NOBODY = encodeAddress(new Uint8Array(32).fill(7))
const still = localChain()
let home = ''

beforeAll(async () => {
  home = await devHome({
    alice: { uri: '//Alice', hotkeys: { validator: '//Alice//validator' } },
  })
})

const dry = (line: string) => run(`tx ${line} -w alice --dry_run`, { home, chain: still.open })

describe('btcli tx', () => {
  it('shows every argument, asks once, sends and tells what happened', async () => {
    const { chain, head } = await freshChain()
    const before = await readFreeBalance(await head(), NOBODY)
    const line = `tx Balances.transfer_keep_alive --dest ${NOBODY} --value 1.5tao -w alice`
    const result = await run(line, {
      home,
      chain,
      prompts: [['Sign Balances.transfer_keep_alive?', true]],
    })
    expect(result).toMatchObject({ code: 0 })
    expect(result.stderr).toMatch(new RegExp(`dest +${NOBODY}\\n +value +τ1\\.5\\n`))
    expect(result.stdout).toContain('event  Balances.Transfer')
    expect((await readFreeBalance(await head(), NOBODY)) - before).toBe(1_500_000_000n)
  })

  it('refuses an amount without its unit, and the unit of another token', async () => {
    const bare = await dry(`Balances.transfer_keep_alive --dest ${NOBODY} --value 15`)
    expect(bare).toMatchObject({ code: 2 })
    expect(bare.stderr).toContain('value: `15` needs a unit')
    expect(bare.stderr).toContain('write 15tao, or 15rao for the smallest unit')
    const alpha = await dry(`Balances.transfer_keep_alive --dest ${NOBODY} --value 15alpha`)
    expect(alpha.stderr).toContain('this amount is τ, not alpha')
    const exact = await dry(`Balances.transfer_keep_alive --dest ${NOBODY} --value 15rao --json`)
    expect(documentOf(exact).data.preview.spendRao).toBe('15')
  })

  it('names missing and unknown arguments', async () => {
    const missing = await dry('Balances.transfer_keep_alive')
    expect(missing).toMatchObject({ code: 2 })
    expect(missing.stderr).toContain('these are missing: --dest, --value')
    const unknown = await dry(`Balances.transfer_keep_alive --dst ${NOBODY} --value 1tao`)
    expect(unknown.stderr).toContain('takes no --dst')
    expect(unknown.stderr).toContain('did you mean --dest?')
  })

  it('lists pallets and calls without asking who signs', async () => {
    const pallets = await run('tx', { home, chain: still.open, tty: true })
    expect(pallets).toMatchObject({ code: 0, questions: [] })
    expect(pallets.stdout).toMatch(/^Balances {2}\d+ calls$/m)
    expect(await run('tx Sudo', { home, chain: still.open, tty: true })).toMatchObject({ code: 0 })
  })

  it('is cancelled at a question with nothing sent', async () => {
    const line = `tx Balances.transfer_keep_alive --dest ${NOBODY} --value 1tao -w alice`
    const prompts = [['Sign Balances.transfer_keep_alive?', '^C']] as const
    const result = await run(line, { home, chain: still.open, prompts })
    expect(result.code).toBe(130)
    expect(result.stderr).toMatch(/Cancelled, nothing was sent\.\n$/)
  })

  it('asks for what is missing on a terminal', async () => {
    const result = await run('tx System.remark -w alice --dry_run', {
      home,
      chain: still.open,
      prompts: [['remark, Bytes (--remark)', 'hello']],
    })
    expect(result.stderr).toMatch(/remark +hello/)
  })

  it('says what there is and what it takes, and who holds the sudo key', async () => {
    const poor = await dry(`Balances.transfer_keep_alive --dest ${NOBODY} --value 999999999tao`)
    expect(poor.stderr).toMatch(
      /alice has τ[\d.]+ free; the call takes τ999999999, and its fee is τ/,
    )
    const bob = await devHome({ bob: { uri: '//Bob' } })
    const line = 'tx System.remark --remark hi --sudo -w bob -y --json'
    const { error } = documentOf(await run(line, { home: bob, chain: still.open }))
    expect(error).toMatchObject({
      code: 'KEYFILE',
      message: 'bob does not hold the sudo key of this chain',
    })
  })

  it('takes all arguments as one JSON object, calls inside calls as well', async () => {
    const call = JSON.stringify({ call: { call: 'System.remark', args: { remark: '0x00' } } })
    const result = await run(
      ['tx', 'Sudo.sudo', '--args', call, '-w', 'alice', '--dry_run', '--json'],
      { home, chain: still.open },
    )
    expect(documentOf(result).data).toMatchObject({
      dryRun: true,
      call: { call: 'Sudo.sudo', args: { call: { call: 'System.remark' } } },
      callData: '0x0c0000000400',
      preview: { spendUnbounded: true },
    })
  })

  it('sends several calls as one that takes effect as a whole', async () => {
    const { chain, head } = await freshChain()
    const before = await readFreeBalance(await head(), NOBODY)
    const line = (value: string) =>
      JSON.stringify({ call: 'Balances.transfer', args: { dest: NOBODY, value } })
    const send = (values: readonly string[]) =>
      run('tx --batch - -w alice -y --json', { home, chain, stdin: values.map(line).join('\n') })
    expect(await send(['1tao', '2tao'])).toMatchObject({ code: 0 })
    expect((await readFreeBalance(await head(), NOBODY)) - before).toBe(3_000_000_000n)
    const broken = await send(['1tao', '10000000tao'])
    expect(broken.code).toBe(1)
    expect((await readFreeBalance(await head(), NOBODY)) - before).toBe(3_000_000_000n)
  })

  it('signs with the hotkey if told so', async () => {
    const result = await dry(
      'SubtensorModule.set_weights --netuid 1 --dests 0,1 --weights 1,2 --version_key 0 --signer hotkey -H validator --json',
    )
    expect(documentOf(result).data.preview.signer).toMatchObject({
      key: 'hotkey',
      name: 'alice/validator',
    })
  })

  it.each([
    ['tx --amuont 5', 'unknown option `--amuont`', 'btcli tx CALL --amuont …; see btcli tx --help'],
    ['tx --bacth calls.jsonl', 'unknown option `--bacth`', 'did you mean --batch?'],
    ['tx Balances --value 5', '`--value` belongs to no call', 'btcli tx Balances'],
    ['tx --batch none.jsonl --value 5 -w alice', '`--value`', 'btcli tx --help'],
  ])('does not ignore an option without a call: %s', async (line, problem, hint) => {
    const result = await run(line, { home, chain: still.open })
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toContain(problem)
    expect(result.stderr).toContain(hint)
  })

  it('explains a call, and lists calls', async () => {
    const page = await run('tx SubtensorModule.add_stake --help', { home, chain: still.open })
    expect(page.stdout).toContain('--hotkey         AccountId\n  --amount_staked  u64')
    const all = await run('tx SubtensorModule', { home, chain: still.open })
    expect(all.stdout).toContain('SubtensorModule.add_stake(hotkey: AccountId, amount_staked: u64)')
    const none = await dry('SubtensorModule.add_stke')
    expect(none.stderr).toContain('did you mean SubtensorModule.add_stake?')
  })
})
