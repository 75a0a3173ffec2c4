/** From `--unsigned` through `sign_tx` on a machine without network to `submit`. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { readFreeBalance } from '../../src/core/chain/balances.js'
import { BittensorError } from '../../src/core/errors.js'
import { encodeAddress } from '../../src/core/keys/ss58.js'
import { freshChain } from '../support/chain.js'
import { DEV, dryChain } from '../support/dryChain.js'
import { devHome } from '../support/localnet.js'
import { lock } from '../support/lock.js'
import { documentOf, run } from '../support/run.js'

const NOBODY = encodeAddress(new Uint8Array(32).fill(7))
let home = ''

beforeAll(async () => {
  home = await devHome({ alice: { uri: '//Alice' }, bob: { uri: '//Bob' } })
})

const file = (name: string) => join(home, name)
const read = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'))
const write = (name: string, json: unknown) => writeFileSync(file(name), JSON.stringify(json))
/** Without a chain any connection fails the test. */
const offline = (line: string) => run(`sign_tx ${line}`, { home })

const TRANSFER = `transfer -w alice -d ${NOBODY} -a 1.5`

describe('signing without network', () => {
  it('writes, signs, sends once, and finds what was sent', async () => {
    const { chain, head } = await freshChain()
    const given = { home, chain }
    const wrote = await run(`${TRANSFER} --unsigned a.json -y`, given)
    expect(wrote).toMatchObject({ code: 0 })
    expect(wrote.stdout).toContain('nothing was signed or sent')
    expect(await readFreeBalance(await head(), NOBODY)).toBe(0n)

    const signed = await offline('a.json -w alice -y --allow_unchecked_metadata')
    expect(signed).toMatchObject({ code: 0 })
    for (const text of [
      /call +Balances\.transfer_keep_alive/,
      new RegExp(`dest +${NOBODY}`),
      /value +τ1\.5/,
      /nonce +0/,
      /valid +from block 0 to block 63/,
      /genesis +\[HASH\]/,
      /metadata +not checked by the chain/,
    ]) {
      expect(signed.stderr).toMatch(text)
    }

    const dry = await run('submit a.signed.json --dry_run', given)
    for (const text of [
      /genesis \[HASH\]/,
      /fee +τ0\.0{6}\d{3}\n/,
      /after +free +τ100000\.0{9} ➡ τ99998\.49999\d+/,
      new RegExp(`note +new destination: ${NOBODY} was never paid from this machine`),
    ]) {
      expect(dry.stderr).toMatch(text)
    }
    for (const line of [`sign_tx a.json -w alice -y`, 'submit a.signed.json --dry_run']) {
      const narrow = await run(line, { ...given, tty: true, columns: 80 })
      for (const row of narrow.stderr.split('\n')) expect(row.length).toBeLessThanOrEqual(80)
      expect(narrow.stderr).toMatch(/\n {13}\S/)
    }
    const limited = (text: string) => {
      mkdirSync(join(home, '.bittensor'), { recursive: true })
      writeFileSync(join(home, '.bittensor', 'policy.yml'), text)
    }
    limited('max_fee: 0.01\nmax_per_transaction: 1.6')
    const resign = 'sign_tx a.json -w alice -y --allow_unchecked_metadata --out b.json'
    const unknown = await run(resign, { home, safe: true })
    expect(unknown).toMatchObject({ code: 1 })
    expect(unknown.stderr).toContain('hint: give the fee that the preview of --unsigned showed')
    const dear = await run(`${resign} --fee 0.02`, { home, safe: true })
    expect(dear.stderr).toContain('the fee of τ0.02 is above τ0.01 (max_fee)')
    const told = await run(`${resign} --fee 0.000014`, { home, safe: true })
    expect(told).toMatchObject({ code: 0 })
    limited('max_per_transaction: 1.5')
    const over = await run('submit a.signed.json -y', { ...given, safe: true })
    expect(over).toMatchObject({ code: 1, stdout: '' })
    expect(over.stderr).toContain('are more than τ1.5 (max_per_transaction)')
    limited('max_per_transaction: 1.6')
    const sent = await run('submit a.signed.json -y --json', { ...given, safe: true })
    rmSync(join(home, '.bittensor', 'policy.yml'))
    expect(documentOf(sent)).toMatchObject({
      ok: true,
      data: {
        newDestinations: [NOBODY],
        transactions: [{ sentBefore: false, blockNumber: 1, nonce: 0 }],
      },
    })
    expect(await readFreeBalance(await head(), NOBODY)).toBe(1_500_000_000n)

    const again = await run('submit a.signed.json -y --json', { ...given, safe: true })
    expect(documentOf(again).data.transactions[0]).toMatchObject({
      sentBefore: true,
      blockNumber: 1,
    })
    expect(await readFreeBalance(await head(), NOBODY)).toBe(1_500_000_000n)
  })

  it('asks about each thing of its own, and signs nothing when declined', async () => {
    const { chain } = await freshChain()
    await run(`${TRANSFER} --unsigned b.json -y`, { home, chain })
    const result = await run('sign_tx b.json -w alice', {
      home,
      prompts: [
        ['The chain does not check by what metadata this was shown', true],
        ['Sign 1 transaction as alice?', false],
      ],
    })
    expect(result).toMatchObject({ code: 4 })
    expect(() => read('b.signed.json')).toThrow()
    const script = await offline('b.json -w alice -y')
    expect(script.stderr).toContain('--allow_unchecked_metadata confirms it')
    const bob = await offline('b.json -w bob -y --allow_unchecked_metadata')
    expect(bob).toMatchObject({ code: 2 })
    expect(bob.stderr).toContain('does not hold the key that has to sign')
  })

  it('signs nothing with a wrong password', async () => {
    const { chain } = await freshChain()
    const locked = await devHome({ alice: { uri: '//Alice', hotkeys: { hot: '//Alice//hot' } } })
    await run(`${TRANSFER} --unsigned a.json -y`, { home: locked, chain })
    lock(locked)
    const result = await run('sign_tx a.json -w alice -y --allow_unchecked_metadata --json', {
      home: locked,
      env: { BT_WALLET_PASSWORD: 'not this one' },
    })
    expect(result.code).toBe(1)
    expect(documentOf(result)).toMatchObject({ ok: false, error: { code: 'BAD_PASSWORD' } })
    expect(existsSync(join(locked, 'a.signed.json'))).toBe(false)
  })

  it('is not submitted when declined, and without a node says so', async () => {
    const { chain, localnet } = await freshChain()
    await run(`${TRANSFER} --unsigned n.json -y`, { home, chain })
    await offline('n.json -w alice -y --allow_unchecked_metadata')
    const declined = await run('submit n.signed.json', { home, chain, prompts: [[/\?/, false]] })
    expect(declined).toMatchObject({ code: 4, stdout: '', questions: [{ kind: 'confirm' }] })
    const noNode = () => Promise.reject(new BittensorError('CONNECTION', 'no answer'))
    const lost = await run('submit n.signed.json -y --json', { home, chain: noNode })
    expect(documentOf(lost)).toMatchObject({ ok: false, error: { code: 'CONNECTION' } })
    expect([lost.code, localnet.head.number]).toEqual([3, 0])
  })

  it('looks at the file before it asks whose wallet signs it', async () => {
    const missing = await run('sign_tx nowhere.json', { home, prompts: [] })
    expect(missing).toMatchObject({ code: 2, questions: [] })
    expect(missing.stderr).toMatch(/nowhere.json:\s+it\s+does\s+not\s+exist/)
    const { chain } = await freshChain()
    await run(`${TRANSFER} --unsigned w.json -y`, { home, chain })
    const asked = await run('sign_tx w.json --allow_unchecked_metadata', {
      home,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Sign 1 transaction as alice?', false],
      ],
    })
    expect(asked).toMatchObject({ code: 4 })
  })

  it('is not asked where this machine knows the runtime from a node of its own', async () => {
    const { chain } = await freshChain()
    const own = await devHome({ alice: { uri: '//Alice' } })
    const open = (request: Parameters<typeof chain>[0]) =>
      import('../../src/core/chain/connect.js').then(async ({ connect }) => {
        const client = await chain(request)
        await client.close()
        return connect({
          provider: (await freshChain()).localnet.provider(),
          network: 'local',
          cacheDir: request.cacheDir,
        })
      })
    await run(`${TRANSFER} --unsigned c.json -y`, { home: own, chain: open })
    expect((await run('sign_tx c.json -w alice -y', { home: own })).code).toBe(0)
    rmSync(own, { recursive: true, force: true })
  })

  it('refuses files that are damaged or belong elsewhere', async () => {
    const { chain } = await freshChain()
    await run(`${TRANSFER} --unsigned d.json -y`, { home, chain })
    const good = read('d.json')
    const refused = async (changes: object) => {
      write('d2.json', { ...good, ...changes })
      const result = await offline('d2.json -w alice -y --allow_unchecked_metadata')
      expect(result.code).toBe(2)
      return result.stderr
    }
    expect(await refused({ kind: 'else' })).toContain('is no file of unsigned transactions')
    expect(await refused({ genesisHash: '0x12' })).toContain('is damaged: genesisHash')
    expect(await refused({ metadata: 'AAAA' })).toContain('is damaged: metadata')
    expect(await refused({ specVersion: 144 })).toContain('its metadata says 143')
    expect(
      await refused({ transactions: [{ ...good.transactions[0], call: '0xffff' }] }),
    ).toContain('knows no such call')

    await offline('d.json -w alice -y --allow_unchecked_metadata')
    const other = await freshChain({ genesis: 'empty' })
    const elsewhere = await run('submit d.signed.json -y', { home, chain: other.chain })
    expect(elsewhere).toMatchObject({ code: 2 })
    expect(elsewhere.stderr).toContain('signed for another chain')
    const signed = read('d.signed.json')
    write('d3.json', { ...signed, transactions: [{ ...signed.transactions[0], nonce: 5 }] })
    const lying = await run('submit d3.json -y', { home, chain })
    expect(lying.stderr).toContain('contradicts itself')
  })

  it('says when the time of a signature is over', async () => {
    const { chain, localnet } = await freshChain()
    await run(`${TRANSFER} --era 4 --unsigned e.json -y`, { home, chain })
    await offline('e.json -w alice -y --allow_unchecked_metadata')
    await localnet.advance(6)
    const late = await run('submit e.signed.json -y', { home, chain })
    expect(late.stderr).toContain('can not be included any more')
    expect(late.stderr).toContain('nothing was sent')
  })

  it('signs several with numbers in a row', async () => {
    const { chain, head } = await freshChain()
    const validator = await devHome({
      alice: {
        uri: '//Alice',
        hotkeys: { validator: '//Alice//validator', miner1: '//Alice//miner1' },
      },
    })
    const given = { home: validator, chain }
    const line = 'stake -w alice --all_hotkeys --amount 1 --unsigned s.json -y --json'
    const { data } = documentOf(await run(line, given))
    expect(data.transactions.map(({ nonce }: { nonce: number }) => nonce)).toEqual([0, 1])
    await run('sign_tx s.json -w alice -y --allow_unchecked_metadata', { home: validator })
    const sent = documentOf(await run('submit s.signed.json -y --json', given))
    expect(sent.data.transactions).toHaveLength(2)
    expect((await head()).block.number).toBe(2)
    rmSync(validator, { recursive: true, force: true })
  })
})

describe('the digest of the metadata', () => {
  /** A chain of spec 343 where Alice has money. @param known whether the runtime was built with its digest */
  function modern(known: boolean) {
    const chain = dryChain('343', known)
    chain.give(DEV.alice, 100)
    return chain
  }

  it('is signed where the runtime can check it, and nothing has to be taken on trust', async () => {
    const chain = modern(true)
    const given = { home, chain: chain.open, filters: false }
    const { data } = documentOf(await run(`${TRANSFER} --unsigned m.json -y --json`, given))
    // As @polkadot-api/merkleize-metadata 1.3.0 makes it of this runtime.
    const digest = '0x2997a609077b925b96b81a1f3a52f02bf1530e793d08be1c7023e710fbf439a4'
    expect(data.metadataHash).toBe(digest)
    const signed = await offline('m.json -w alice -y')
    expect(signed).toMatchObject({ code: 0 })
    expect(signed.stderr).toMatch(/metadata +\[HASH\] \(checked by the chain\)/)
    const { bytes } = read('m.signed.json').transactions[0]
    expect(bytes).toMatch(/^0x[0-9a-f]+$/)
  })

  it('reveals metadata that is not the one of the chain', async () => {
    const chain = modern(true)
    await run(`${TRANSFER} --unsigned n.json -y`, { home, chain: chain.open })
    const good = read('n.json')
    const metadata = gunzipSync(Buffer.from(good.metadata, 'base64'))
    // The constant that names the runtime stays, a call gets another name.
    const at = metadata.indexOf('transfer_keep_alive')
    metadata.write('transfer_keep_alife', at)
    write('n.json', { ...good, metadata: gzipSync(metadata).toString('base64') })
    const refused = await offline('n.json -w alice -y')
    expect(refused).toMatchObject({ code: 2 })
    expect(refused.stderr).toContain(
      'its metadata is not the one that the signature would vouch for',
    )
  })

  it('is left out where the runtime was built without, and that is said', async () => {
    const chain = modern(false)
    const wrote = await run(`${TRANSFER} --unsigned o.json -y`, {
      home,
      chain: chain.open,
    })
    expect(wrote.stderr).toContain('built without the digest of its metadata')
    expect(read('o.json').metadataHash).toBeNull()
  })
})
