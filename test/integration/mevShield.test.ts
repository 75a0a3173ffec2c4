/** Encrypted transactions on the embedded dtao chain, made as clients make them: nothing of the chain's own code helps. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api'
import type { SubmittableExtrinsic } from '@polkadot/api/types'
import type { KeyringPair } from '@polkadot/keyring/types'
import { blake2AsHex, xxhashAsU8a } from '@polkadot/util-crypto'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { Localnet, type LocalnetOptions } from '../../src/localnet/index.js'
import { createState, memoryBackend } from '../../src/localnet/runtime/overlay.js'
import { NOBODY } from '../support/devAccounts.js'
import { devPairs } from '../support/devPairs.js'
import { books } from '../support/dtaoWorld.js'
import { openSocket } from '../support/socket.js'
import { tempFolder } from '../support/tempFolder.js'

type Tx = SubmittableExtrinsic<'promise'>
type Codec = { toU8a(isBare: boolean): Uint8Array }
type Signing = { readonly nonce?: number; readonly era?: number }

const TAO = 1_000_000_000n
const faults: unknown[] = []
let alice: KeyringPair
let bob: KeyringPair

beforeAll(async () => {
  ;({ alice, bob } = await devPairs())
})
afterAll(() => expect(faults).toEqual([]))

const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`
const bytes = (text: string) => new Uint8Array(Buffer.from(text.slice(2), 'hex'))

async function connect({ endpoint }: Pick<Localnet, 'endpoint'>): Promise<ApiPromise> {
  const provider = new WsProvider(endpoint)
  const api = await ApiPromise.create({ provider: provider as never, noInitWarn: true })
  onTestFinished(() => api.disconnect())
  return api
}

/** A chain that makes blocks on request, and a client of it. */
async function start(options: LocalnetOptions = {}) {
  const chain = await Localnet.start({
    profile: 'dtao',
    blocks: 'manual',
    port: 0,
    onFault: (error) => faults.push(error),
    ...options,
  })
  onTestFinished(() => chain.stop())
  const api = await connect(chain)
  return { chain, api, ...hands(chain, api) }
}

/** What a client does. */
function hands(chain: Pick<Localnet, 'request'>, api: ApiPromise) {
  const key = async (name = 'nextKey', at?: string): Promise<Uint8Array> => {
    const source = at === undefined ? api : await api.at(at)
    const found = await source.query['mevShield']![name]!()
    return (found as unknown as { unwrap(): Codec }).unwrap().toU8a(true)
  }
  const expiry = async (name: string) =>
    Number((await api.query['mevShield']![`${name}ExpiresAt`]!()).toString())
  const nonceOf = (pair: KeyringPair) =>
    chain.request<number>('system_accountNextIndex', [pair.address])
  const sign = async (tx: Tx, pair: KeyringPair, { nonce, era = 8 }: Signing = {}) => {
    const signed = await tx.signAsync(pair, { nonce: nonce ?? (await nonceOf(pair)), era })
    return signed.toU8a()
  }
  const transfer = (amount: bigint) =>
    api.tx['balances']!['transferKeepAlive']!(NOBODY, amount) as Tx
  const carry = (ciphertext: Uint8Array) =>
    api.tx['mevShield']!['submitEncrypted']!(hex(ciphertext)) as Tx
  /** A transfer of Alice or another in its carrier, signed as clients sign them. */
  const shielded = async (amount: bigint, pair = alice, publicKey?: Uint8Array) => {
    const nonce = await nonceOf(pair)
    const inner = await sign(transfer(amount), pair, { nonce: nonce + 1 })
    const ciphertext = encrypt(inner, publicKey ?? (await key()))
    return { inner, ciphertext, carrier: await sign(carry(ciphertext), pair, { nonce }) }
  }
  const submit = (transaction: Uint8Array) =>
    chain.request<string>('author_submitExtrinsic', [hex(transaction)])
  const free = async (address: string) => {
    const account = await api.query['system']!['account']!(address)
    return (account as unknown as { data: { free: { toBigInt(): bigint } } }).data.free.toBigInt()
  }
  /** The transactions of the newest block. */
  const block = async () => {
    const { block } = await chain.request<{ block: { extrinsics: string[] } }>('chain_getBlock')
    return block.extrinsics.slice(1)
  }
  /** Names of the newest block's events by the place of their transaction. */
  const events = async (place: number) => {
    const records = (await api.query['system']!['events']!()) as unknown as {
      phase: { isApplyExtrinsic: boolean; asApplyExtrinsic: { toNumber(): number } }
      event: { section: string; method: string; data: { toHuman(): unknown } }
    }[]
    return records
      .filter(({ phase }) => phase.isApplyExtrinsic && phase.asApplyExtrinsic.toNumber() === place)
      .map(({ event }) => ({
        name: `${event.section}.${event.method}`,
        data: event.data.toHuman(),
      }))
  }
  const names = async (place: number) => (await events(place)).map(({ name }) => name)
  return {
    key,
    expiry,
    nonceOf,
    sign,
    transfer,
    carry,
    shielded,
    submit,
    free,
    block,
    events,
    names,
  }
}

/** hash of the key ‖ length of the capsule ‖ capsule ‖ nonce ‖ box */
function encrypt(plaintext: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey)
  const nonce = crypto.getRandomValues(new Uint8Array(24))
  const box = xchacha20poly1305(sharedSecret, nonce).encrypt(plaintext)
  const length = new Uint8Array(Uint16Array.of(cipherText.length).buffer)
  return Uint8Array.from([
    ...xxhashAsU8a(publicKey, 128),
    ...length,
    ...cipherText,
    ...nonce,
    ...box,
  ])
}

/** All money, read through the RPC. */
async function expectBooksAgree(chain: Localnet): Promise<void> {
  const pairs = await chain.request<[string, string][]>('state_getPairs', ['0x'])
  const backend = memoryBackend()
  backend.apply(new Map(pairs.map(([key, value]) => [key.slice(2), bytes(value)])))
  const { accounts, balances, totalStake, issuance } = books({ state: createState(backend) })
  expect(accounts).toBe(balances)
  expect(issuance).toBe(balances + totalStake)
}

test('an encrypted transaction is carried out right behind its carrier', async () => {
  const { chain, api, ...client } = await start({ blocks: 'instant' })
  const [first, before, nonce] = [
    await client.key(),
    await client.free(alice.address),
    await client.nonceOf(alice),
  ]
  const { inner, ciphertext, carrier } = await client.shielded(TAO)
  // One transaction, one block, as always.
  await client.submit(carrier)
  await expect.poll(() => chain.head.number).toBe(1)
  expect(await client.block()).toEqual([hex(carrier), hex(inner)])
  const [submitted] = (await client.events(1)).filter(({ name }) => name.startsWith('mevShield'))
  const length = api.createType('Compact<u32>', ciphertext.length).toU8a()
  const id = blake2AsHex(Uint8Array.from([...alice.publicKey, ...length, ...ciphertext]))
  expect(submitted).toEqual({
    name: 'mevShield.EncryptedSubmitted',
    data: { id, who: alice.address },
  })
  expect((await client.names(1)).at(-1)).toBe('system.ExtrinsicSuccess')
  expect(await client.names(2)).toEqual(
    expect.arrayContaining(['balances.Transfer', 'system.ExtrinsicSuccess']),
  )
  expect(await client.free(NOBODY)).toBe(TAO)
  expect(await client.nonceOf(alice)).toBe(nonce + 2)
  // Both have paid their fee.
  const paid = (await Promise.all([1, 2].map(client.events))).flatMap((events) =>
    events
      .filter(({ name }) => name === 'transactionPayment.TransactionFeePaid')
      .map(({ data }) => data as { who: string; actualFee: string }),
  )
  expect(paid.map(({ who }) => who)).toEqual([alice.address, alice.address])
  const fees = paid.reduce((sum, { actualFee }) => sum + fromHuman(actualFee), 0n)
  expect(await client.free(alice.address)).toBe(before - TAO - fees)
  await expectBooksAgree(chain)
  // A key that was used is followed by another.
  expect(await client.key('pendingKey')).toEqual(first)
  expect(await client.key()).not.toEqual(first)
  expect(await Promise.all(['pendingKey', 'nextKey'].map(client.expiry))).toEqual([3, 4])
  expect(await client.key('nextKey', chain.genesisHash)).toEqual(first)
})

/** An amount as @polkadot/api writes it for people. */
const fromHuman = (text: string) => BigInt(text.replaceAll(',', ''))

test('a key is good for the block after the one that has used it, and then for none', async () => {
  const { chain, ...client } = await start()
  const first = await client.key()
  for (const count of [1, 2]) {
    const { inner, carrier } = await client.shielded(TAO, alice, first)
    await client.submit(carrier)
    await chain.advance()
    expect(await client.block()).toEqual([hex(carrier), hex(inner)])
    expect(await client.free(NOBODY)).toBe(BigInt(count) * TAO)
  }
  // It waits for an author who has the key, and what Alice sends after it waits too. Bob does not.
  const { carrier } = await client.shielded(TAO, alice, first)
  await client.submit(carrier)
  const after = await client.sign(client.transfer(TAO), alice)
  await client.submit(after)
  const other = await client.sign(client.transfer(TAO), bob)
  await client.submit(other)
  await chain.advance()
  expect(await client.block()).toEqual([hex(other)])
  expect(await chain.request('author_pendingExtrinsics')).toEqual([hex(carrier), hex(after)])
  // Until its era is over.
  await chain.advance(8)
  expect(await chain.request('author_pendingExtrinsics')).not.toContain(hex(carrier))
  expect(await client.free(NOBODY)).toBe(3n * TAO)
  await expectBooksAgree(chain)
})

test('two carriers in one block are opened with the same key', async () => {
  const { chain, ...client } = await start()
  const first = await client.shielded(TAO, alice)
  const second = await client.shielded(2n * TAO, bob)
  await client.submit(first.carrier)
  await client.submit(second.carrier)
  await chain.advance()
  const order = [first.carrier, first.inner, second.carrier, second.inner].map(hex)
  expect(await client.block()).toEqual(order)
  expect(await client.free(NOBODY)).toBe(3n * TAO)
  await expectBooksAgree(chain)
})

test('a carrier with nothing good in it is paid for, and nothing comes behind it', async () => {
  const { chain, api, ...client } = await start()
  const spoilt = (good: Uint8Array, at: number) =>
    good.map((byte, i) => (i === (at + good.length) % good.length ? byte ^ 1 : byte))
  const inners: Record<string, (nonce: number) => Promise<Uint8Array>> = {
    'bytes that are no transaction': async () => new Uint8Array(64).fill(7),
    nothing: async () => new Uint8Array(),
    'a bad signature': async (nonce) => {
      const good = await client.sign(client.transfer(TAO), alice, { nonce })
      // Behind the length, the version, the kind of address, the account and the kind of signature.
      return spoilt(good, 2 + 1 + 1 + 32 + 1 + 5)
    },
    'a nonce that is used': (nonce) =>
      client.sign(client.transfer(TAO), alice, { nonce: nonce - 1 }),
    'a nonce to come': (nonce) => client.sign(client.transfer(TAO), alice, { nonce: nonce + 1 }),
    'more than there is': (nonce) =>
      client.sign(
        api.tx['balances']!['transferKeepAlive']!(NOBODY, 1n) as Tx,
        new Keyring({ type: 'sr25519' }).addFromUri('//nobody'),
        { nonce: 0 * nonce },
      ),
    'the time of the block': async () => (api.tx['timestamp']!['set']!(1) as Tx).toU8a(),
  }
  for (const [what, make] of Object.entries(inners)) {
    const [before, nonce] = [await client.free(alice.address), await client.nonceOf(alice)]
    const ciphertext = encrypt(await make(nonce + 1), await client.key())
    const carrier = await client.sign(client.carry(ciphertext), alice, { nonce })
    await client.submit(carrier)
    await chain.advance()
    expect(await client.block(), what).toEqual([hex(carrier)])
    expect(await client.names(1), what).toContain('mevShield.EncryptedSubmitted')
    expect(await client.nonceOf(alice), what).toBe(nonce + 1)
    expect(await client.free(alice.address), what).toBeLessThan(before)
    expect(await client.free(NOBODY), what).toBe(0n)
  }
  // The box does not open.
  const { ciphertext } = await client.shielded(TAO)
  const damaged = await client.sign(client.carry(spoilt(ciphertext, -1)), alice)
  await client.submit(damaged)
  await chain.advance()
  expect(await client.block()).toEqual([hex(damaged)])
  // What fails when it runs is there, as any other that fails.
  const { inner, carrier } = await client.shielded(10n ** 9n * TAO)
  await client.submit(carrier)
  await chain.advance()
  expect(await client.block()).toEqual([hex(carrier), hex(inner)])
  expect((await client.names(2)).at(-1)).toBe('system.ExtrinsicFailed')
  await expectBooksAgree(chain)
})

test('carriers that no author could open are refused', async () => {
  const { chain, ...client } = await start()
  const { ciphertext } = await client.shielded(TAO)
  const refusal = async (content: Uint8Array, era: number) =>
    client.submit(await client.sign(client.carry(content), alice, { era }))
  const outdated = { code: 1010, data: 'Transaction is outdated' }
  await expect(refusal(ciphertext, 0)).rejects.toMatchObject(outdated)
  await expect(refusal(ciphertext, 16)).rejects.toMatchObject(outdated)
  const unreadable = { code: 1010, data: 'Custom error: 23' }
  await expect(refusal(new Uint8Array(), 8)).rejects.toMatchObject(unreadable)
  await expect(refusal(ciphertext.slice(0, 16 + 2 + 1088 + 23), 8)).rejects.toMatchObject(
    unreadable,
  )
  const longest = Uint8Array.from([...ciphertext, ...new Uint8Array(8192 - ciphertext.length)])
  await expect(refusal(Uint8Array.of(...longest, 0), 8)).rejects.toMatchObject({ code: 1002 })
  await expect(refusal(longest, 4)).resolves.toMatch(/^0x/)
  await chain.advance()
  expect(await client.block()).toHaveLength(1)
})

test('a chain that is killed has no carrier without what was in it, and still has the keys', async () => {
  const directory = tempFolder()
  const script = fileURLToPath(new URL('./localnetChild.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, directory, 'dtao'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const [endpoint] = line.split(' ').slice(1) as [string]
  const [api, socket] = await Promise.all([connect({ endpoint }), openSocket(endpoint)])
  const client = hands({ request: socket.ask }, api)
  const seen: string[] = []
  while (seen.length < 6) {
    const { inner, carrier } = await client.shielded(TAO)
    seen.push(hex(carrier), hex(inner))
    await client.submit(carrier)
    if (seen.length < 6) await expect.poll(() => client.block()).toContain(hex(inner))
  }
  child.kill('SIGKILL')
  await once(child, 'exit')
  await api.disconnect()

  const { chain, ...again } = await start({ directory })
  const found: string[] = []
  for (let number = 1; number <= chain.head.number; number++) {
    const hash = await chain.request('chain_getBlockHash', [number])
    const { block } = await chain.request<{ block: { extrinsics: string[] } }>('chain_getBlock', [
      hash,
    ])
    expect(block.extrinsics).toHaveLength(3)
    found.push(...block.extrinsics.slice(1))
  }
  expect(found).toEqual(seen.slice(0, found.length))
  expect(found.length).toBeGreaterThanOrEqual(4)
  await expectBooksAgree(chain)
  const { inner, carrier } = await again.shielded(TAO)
  await again.submit(carrier)
  await chain.advance()
  expect(await again.block()).toEqual([hex(carrier), hex(inner)])
})

test('keys outlive a restart, and go back with the chain', async () => {
  const directory = tempFolder()
  const one = await start({ directory })
  const { carrier: used } = await one.shielded(TAO)
  await one.submit(used)
  await one.chain.advance()
  const key = await one.key()
  const { inner, carrier } = await one.shielded(TAO)
  // It waits in the pool, which is forgotten as that of a real node; the client sends it again.
  await one.submit(carrier)
  await one.chain.stop()

  const two = await start({ directory })
  expect(await two.key()).toEqual(key)
  const moment = two.chain.snapshot()
  for (let round = 0; round < 2; round++) {
    await two.submit(carrier)
    await two.chain.advance()
    expect(await two.block()).toEqual([hex(carrier), hex(inner)])
    expect(await two.free(NOBODY)).toBe(2n * TAO)
    expect(await two.key()).not.toEqual(key)
    await expectBooksAgree(two.chain)
    await two.chain.restore(moment)
    expect(await two.key()).toEqual(key)
  }
})

test('a classic chain has no keys, and gets them with the upgrade', async () => {
  const chain = await Localnet.start({ blocks: 'manual', port: 0 })
  onTestFinished(() => chain.stop())
  await chain.upgrade()
  const client = hands(chain, await connect(chain))
  const { inner, carrier } = await client.shielded(TAO)
  await client.submit(carrier)
  await chain.advance()
  expect(await client.block()).toEqual([hex(carrier), hex(inner)])
})
