import { beforeAll, describe, expect, it } from 'vitest'
import type { Option } from '../../src/cli/define.js'
import { registry } from '../../src/cli/registry.js'
import { freshChain, roundGenesis } from '../support/chain.js'
import { devHome, localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const HOTKEY = '5FRjui8zwLQSFMm6domc8q6cpCYXAizAjXenQyzdhN9w5xqH'
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const wallets = { alice: { uri: '//Alice', hotkeys: { validator: '//Alice//validator' } } }

const shared = {
  alice: { uri: '//Alice', hotkeys: { validator: '//Alice//validator', miner: '//Alice//miner1' } },
  dave: { uri: '//Dave', hotkeys: {} },
}
const dtao = localChain({ profile: 'dtao' })

/** A home whose address book knows Bob and the hotkey `//Bob//validator`. */
async function homeWithBook() {
  const home = await devHome(wallets)
  const { chain } = await freshChain({ genesis: roundGenesis })
  const graph = documentOf(await run('metagraph --netuid 1 --json', { chain, home }))
  const hotkey: string = graph.data.neurons[2].hotkey
  await run(`address add bob ${BOB}`, { home })
  await run(`address add borealis ${hotkey}`, { home })
  return { home, chain, hotkey }
}

describe('names of the address book stand for addresses', () => {
  it('in options that take one or several', async () => {
    const { home, chain, hotkey } = await homeWithBook()
    const json = async (line: string) =>
      documentOf(await run(`${line} --json`, { chain, home })).data
    const [account] = (await json('balance --ss58 @bob')).accounts
    expect(account.coldkey).toBe(BOB)
    const two = (await json(`balance --ss58 @bob,${hotkey} @BOREALIS`)).accounts
    expect(new Set(two.map((one: { coldkey: string }) => one.coldkey))).toEqual(
      new Set([BOB, hotkey]),
    )
    const { neurons } = await json('metagraph --netuid 1 --hotkey @borealis')
    expect(neurons).toMatchObject([{ uid: 2, hotkey }])
    expect((await json('weights --netuid 1 --hotkeys @borealis')).weights).toMatchObject([
      { hotkey },
    ])
  })

  it('in a command that pays, which shows the whole address before it asks', async () => {
    const { home, chain, hotkey } = await homeWithBook()
    const line = 'delegate --wallet.name alice --delegate_ss58key @borealis --amount 1 -y'
    const result = await run(line, { chain, home })
    expect(result.code).toBe(0)
    expect(result.stderr.replaceAll(' ', '')).toContain(hotkey)
  })

  it('as an answer to a question', async () => {
    const { home, chain } = await homeWithBook()
    const result = await run('transfer --wallet.name alice', {
      chain,
      home,
      prompts: [
        ['destination', '@bob'],
        ['amount', '1'],
        ['Send', true],
      ],
    })
    expect(result.code).toBe(0)
  })

  it('a name that is not in the book is a bad address, told with those that are', async () => {
    const { home, chain } = await homeWithBook()
    for (const line of ['balance --ss58 @bib', 'metagraph --netuid 1 --hotkey @bib']) {
      const result = await run(line, { chain, home })
      expect(result.code).toBe(2)
      expect(result.stderr).toContain('there is no name @bib in the address book')
      expect(result.stderr).toContain('@bob, @borealis')
    }
  })

  it('with or without @, wherever the text comes from', async () => {
    const { home, chain } = await homeWithBook()
    const json = async (line: string, env = {}) =>
      documentOf(await run(`${line} --json`, { chain, home, env })).data
    expect((await json('balance --ss58 bob')).accounts).toMatchObject([{ coldkey: BOB }])
    const line = 'delegate --wallet.name alice --delegate_ss58key Borealis --amount 1 --dry_run'
    expect((await json(line)).preview.title).toBe('Delegate')
    await run('config set wallet_hotkey @bob', { home })
    const stake = 'unstake --wallet.name alice --amount 1 -y --dry_run'
    const failed = documentOf(await run(`${stake} --json`, { chain, home }))
    expect(failed.error.message).toContain(BOB.slice(0, 6))
  })

  it('for a hotkey only where the wallet has none of that name, and that is told', async () => {
    const { home, chain, hotkey } = await homeWithBook()
    await run(`address add validator ${hotkey}`, { home })
    const own = '5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB'
    const stake = 'stake --wallet.name alice --amount 1 --dry_run --json'
    const told = documentOf(await run(`${stake} --wallet.hotkey validator`, { chain, home }))
    expect(told.data.results).toMatchObject([{ hotkey: own }])
    expect(told.warnings).toEqual([
      `validator is taken for the hotkey; the address book has the name as well: @validator is ${hotkey}`,
    ])
    const other = documentOf(await run(`${stake} --hotkeys @validator`, { chain, home }))
    expect(other.data.results).toMatchObject([{ hotkey }])
    expect(other.warnings).toEqual([])
  })

  it('never for a payment that could also mean a wallet', async () => {
    const { home, chain } = await homeWithBook()
    await run(`address add alice ${BOB}`, { home })
    const pay = (to: string) =>
      run(`transfer --wallet.name alice --dest ${to} --amount 1 --dry_run`, { chain, home })
    const both = await pay('alice')
    expect(both).toMatchObject({ code: 2, stdout: '' })
    expect(both.stderr).toBe(`error: \`alice\` is a name of the address book and a wallet

hint: write @alice for ${BOB}, wallet:alice for the wallet
`)
    expect((await pay('@alice')).code).toBe(0)
    await run('address remove alice', { home })
    const wallet = await pay('alice')
    expect(wallet.code).toBe(2)
    expect(wallet.stderr).toContain('write wallet:alice if you mean it')
  })

  it('never for a delegate that registered the same name', async () => {
    const { home, chain, hotkey } = await homeWithBook()
    await run(`address add Aurora ${BOB}`, { home })
    const line = (name: string) =>
      run(`delegate --wallet.name alice --delegate_ss58 ${name} --amount 1 --dry_run`, {
        chain,
        home,
      })
    const both = await line('aurora')
    expect(both.code).toBe(2)
    expect(both.stderr).toContain('is a delegate and a name of the address book')
    expect((await line('borealis')).stderr).toContain(hotkey)
  })
})

/** One line per option that takes an address; `HOTKEY` and `COLDKEY` stand for one. */
const sign = '--wallet.name alice -y --dry_run'
const signatories = '--threshold 2 --signatories COLDKEY wallet:dave'
const LINES: Readonly<Record<string, string>> = {
  'stake --hotkeys': `stake ${sign} --netuid 1 --amount 1 --hotkeys HOTKEY`,
  'stake --wallet.hotkey': `stake ${sign} --netuid 1 --amount 1 --wallet.hotkey HOTKEY`,
  'weights --hotkeys': 'weights --netuid 1 --hotkeys HOTKEY',
  'weights --wallet.hotkey': 'weights --netuid 1 --wallet.name alice --wallet.hotkey HOTKEY',
  'unstake --hotkeys': `unstake ${sign} --netuid 1 --amount_alpha 1 --hotkeys HOTKEY`,
  'unstake --wallet.hotkey': `unstake ${sign} --netuid 1 --amount_alpha 1 --wallet.hotkey HOTKEY`,
  'unstake --hotkey_ss58address': `unstake ${sign} --netuid 1 --amount_alpha 1 --hotkey_ss58address HOTKEY`,
  'overview --hotkeys': 'overview --wallet.name alice --hotkeys HOTKEY',
  'transfer --dest': `transfer ${sign} --amount 1 --dest COLDKEY`,
  'metagraph --hotkey': 'metagraph --netuid 1 --hotkey HOTKEY',
  'delegate --delegate_ss58key': `delegate ${sign} --netuid 1 --amount 1 --delegate_ss58key HOTKEY`,
  'undelegate --delegate_ss58key': `undelegate ${sign} --netuid 1 --amount_alpha 1 --delegate_ss58key HOTKEY`,
  'regen_coldkeypub --ss58_address':
    'regen_coldkeypub --wallet.name new --overwrite_coldkeypub -y --ss58_address COLDKEY',
  'verify --address': `verify --message x --signature 0x${'1'.repeat(128)} --address COLDKEY`,
  'prompt --axon_hotkey':
    'prompt hello --axon 127.0.0.1:1 --wallet.name alice --wallet.hotkey validator --axon_hotkey HOTKEY',
  'balance --ss58': 'balance --ss58 COLDKEY',
  'stake_list --ss58': 'stake_list --ss58 COLDKEY',
  'stake_move --wallet.hotkey': `stake_move ${sign} --origin_netuid 1 --dest_netuid 1 --amount 1 --dest_hotkey validator --wallet.hotkey HOTKEY`,
  'stake_move --dest_hotkey': `stake_move ${sign} --origin_netuid 1 --dest_netuid 1 --amount 1 --wallet.hotkey validator --dest_hotkey HOTKEY`,
  'stake_swap --wallet.hotkey': `stake_swap ${sign} --origin_netuid 1 --dest_netuid 2 --amount 1 --wallet.hotkey HOTKEY`,
  'stake_transfer --wallet.hotkey': `stake_transfer ${sign} --origin_netuid 1 --dest_netuid 1 --amount 1 --dest wallet:dave --wallet.hotkey HOTKEY`,
  'stake_transfer --dest': `stake_transfer ${sign} --origin_netuid 1 --dest_netuid 1 --amount 1 --wallet.hotkey validator --dest COLDKEY`,
  'unstake_all --wallet.hotkey': `unstake_all ${sign} --wallet.hotkey HOTKEY`,
  'children_get --wallet.hotkey':
    'children_get --wallet.name alice --netuid 1 --wallet.hotkey HOTKEY',
  'children_set --wallet.hotkey': `children_set ${sign} --netuid 1 --children validator --proportions 0.5 --wallet.hotkey HOTKEY`,
  'children_set --children': `children_set ${sign} --netuid 1 --proportions 0.5 --wallet.hotkey validator --children HOTKEY`,
  'children_revoke --wallet.hotkey': `children_revoke ${sign} --netuid 1 --wallet.hotkey HOTKEY`,
  'children_take --wallet.hotkey':
    'children_take --wallet.name alice --netuid 1 --wallet.hotkey HOTKEY',
  'claim_get --ss58': 'claim_get --ss58 COLDKEY',
  'claim_process --hotkey': `claim_process ${sign} --hotkey HOTKEY`,
  'get_take --wallet.hotkey': 'get_take --wallet.name alice --wallet.hotkey HOTKEY',
  'set_take --wallet.hotkey': `set_take ${sign} --take 5 --wallet.hotkey HOTKEY`,
  'auto_stake_get --ss58': 'auto_stake_get --ss58 COLDKEY',
  'auto_stake_set --wallet.hotkey': `auto_stake_set ${sign} --netuid 1 --wallet.hotkey HOTKEY`,
  'associate_hotkey --wallet.hotkey': `associate_hotkey ${sign} --wallet.hotkey HOTKEY`,
  'identity_get --ss58': 'identity_get --ss58 COLDKEY',
  'subnet_create --wallet.hotkey': `subnet_create ${sign} --wallet.hotkey HOTKEY`,
  'swap_coldkey --new_coldkey': `swap_coldkey announce ${sign} --new_coldkey COLDKEY`,
  'swap_check --ss58': 'swap_check --ss58 COLDKEY',
  'swap_hotkey --new_hotkey': `swap_hotkey ${sign} --wallet.hotkey validator --new_hotkey HOTKEY`,
  'history --account': 'history --account COLDKEY',
  'pow --hotkey': `pow solve --difficulty 1 --nonce_count 1 --block_hash 0x${'1'.repeat(64)} --hotkey HOTKEY`,
  'pow --coldkey': `pow solve --scheme pow_register --netuid 1 --difficulty 1 --nonce_count 1 --block_hash 0x${'1'.repeat(64)} --hotkey ${BOB} --coldkey COLDKEY`,
  'proxy_list --account': 'proxy_list --account COLDKEY',
  'proxy_add --delegate': `proxy_add ${sign} --type Any --delegate COLDKEY`,
  'proxy_remove --delegate': `proxy_remove ${sign} --type Any --delegate COLDKEY`,
  'multisig_list --account': 'multisig_list --account COLDKEY',
  'multisig_list --signatories': `multisig_list ${signatories}`,
  'multisig_approve --signatories': `multisig_approve System.remark --remark 0x00 ${sign} ${signatories}`,
  'multisig_execute --signatories': `multisig_execute System.remark --remark 0x00 ${sign} ${signatories}`,
  'multisig_cancel --signatories': `multisig_cancel 0x${'1'.repeat(64)} ${sign} ${signatories}`,
}

/** Of these the hotkey signs, or its file is what the command is about. */
const NEEDS_KEY = [
  'register nominate new_hotkey wallet_create regen_hotkey recycle_register senate_register senate_leave senate_vote sign prompt',
  'root_register set_weights weights_commit weights_reveal axon_set axon_reset swap_hotkey tx sign_tx',
]
  .join(' ')
  .split(' ')
  .map((name) => `${name} --wallet.hotkey`)

/** Options that read an address, whatever they say of themselves. */
function readsAddresses({ parse }: Option<unknown>): boolean {
  const reads = (text: string) => {
    try {
      parse(text)
      return true
    } catch {
      return false
    }
  }
  return reads(BOB) && !reads(`${BOB.slice(0, -1)}z`)
}

describe('every option that takes an address', () => {
  it('takes names, and has a line below', async () => {
    const taking: string[] = []
    for (const { load } of registry) {
      const { name, options } = await load()
      for (const option of Object.values(options)) {
        const where = `${name} --${option.name}`
        if (where === 'regen_coldkeypub --public_key') continue
        if (readsAddresses(option) || /<account/.test(option.placeholder)) {
          expect(option.address, where).toBeDefined()
        }
        if (option.address && option.name !== 'proxy') taking.push(where)
      }
    }
    expect(taking.sort()).toEqual([...Object.keys(LINES), ...NEEDS_KEY].sort())
  })

  let home = ''
  beforeAll(async () => {
    home = await devHome(shared)
    await run(`address add borealis ${HOTKEY}`, { home })
    await run(`address add treasury ${BOB}`, { home })
  })

  /** What is left of a document when names are taken out of it. */
  function nameless({ stdout }: { readonly stdout: string }): string {
    const names =
      /"(?:\w*[nN]ame|label|title|note|commandLine|message|details|hint)":(?:null|"(?:[^"\\]|\\.)*")/g
    return stdout
      .replaceAll(names, '')
      .replace(/"block":(null|\d+)/, '')
      .replace(/"(hash|extrinsicHash|seconds\w*|hashes\w*|rate\w*)":[^,}]*/gi, '')
  }

  it.each([
    ...Object.values(LINES),
    `transfer ${sign} --amount 1 --dest wallet:dave --proxy COLDKEY`,
  ])('%s', async (line) => {
    const json = /^regen_/.test(line) ? '--json_output' : '--json'
    const as = async (hotkey: string, coldkey: string) => {
      const words = line.replace(/\bHOTKEY\b/, hotkey).replace(/\bCOLDKEY\b/, coldkey)
      return run(`${words} ${json}`, { chain: dtao.open, home })
    }
    const plain = await as(HOTKEY, BOB)
    expect(documentOf(plain).error?.code ?? '').not.toMatch(/MISSING_INPUT|BAD_ADDRESS|WALLET/)
    for (const [hotkey, coldkey] of [
      ['borealis', 'treasury'],
      ['@BOREALIS', '@TREASURY'],
    ] as const) {
      const named = await as(hotkey, coldkey)
      expect(named.code).toBe(plain.code)
      expect(nameless(named)).toBe(nameless(plain))
    }
  })
})
