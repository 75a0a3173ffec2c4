import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Validator } from '@cfworker/json-schema'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { Localnet, type LocalnetOptions } from '../../../src/localnet/index.js'
import { storageKey } from '../../../src/localnet/runtime/storageKey.js'
import { S } from '../../../src/localnet/runtime/subtensor/storage.js'
import { tempFolder } from '../../support/tempFolder.js'

const root = new URL('../../../', import.meta.url)
const example = fileURLToPath(new URL('examples/localnet/genesis.yml', root))
const schema = JSON.parse(readFileSync(new URL('docs/localnet-genesis.schema.json', root), 'utf8'))
const validator = new Validator(schema, '2020-12')

const folder = tempFolder()
let files = 0

async function start(text: string, options: LocalnetOptions = {}): Promise<Localnet> {
  const file = join(folder, `${files++}.yml`)
  writeFileSync(file, text)
  const chain = await Localnet.start({ blocks: 'manual', genesis: file, ...options })
  onTestFinished(() => chain.stop())
  return chain
}

describe('the example', () => {
  test('is what the schema says, and a chain begins with it', async () => {
    const text = readFileSync(example, 'utf8')
    expect(validator.validate(parse(text))).toMatchObject({ valid: true, errors: [] })
    const chain = await start(text)
    const read = (key: string) => chain.request<string>('state_getStorage', [`0x${key}`])
    expect(await chain.request('dev_status')).toMatchObject({ genesis: 'example' })
    expect(await read(storageKey(S.SubnetworkN, 1))).toBe('0x0300')
    expect(await read(storageKey(S.Difficulty, 1))).toBe('0xa086010000000000')
    const weights = await read(storageKey(S.Weights, 1, 0))
    expect(S.Weights.type.codec.dec(weights)).toEqual([
      [1, 65_535],
      [2, 43_690],
    ])
    // Two epochs have paid the miners.
    const incentive = S.Incentive.type.codec.dec(await read(storageKey(S.Incentive, 1)))
    expect(incentive[1]).toBeGreaterThan(incentive[2]!)
    const people = ['5C62Ck4UrFPiBtoCmeSrgF7x9yv9mn38446dhCpsi2mLHiFT', 'Bob'] as const
    expect(await chain.fund(people[0], 1n)).toBe(10_000_000_001n)
    await chain.advance(30)
  })
})

test('dtao: pools, alpha stake and profile come from the file', async () => {
  const text = `
profile: dtao
accounts: { //Alice: 5000, //Bob: 100 }
subnets:
  - netuid: 1
    owner: //Bob
    owner_hotkey: //Bob//validator
    pool: { tao: 1000, alpha: 2000 }
    hyperparameters: { tempo: 10 }
    neurons:
      - { hotkey: //Bob//validator, coldkey: //Bob, stake: 5 }
      - { hotkey: //Alice//miner1, coldkey: //Alice }
stakes: [{ hotkey: //Bob//validator, coldkey: //Alice, amount: 10 }]
`
  expect(validator.validate(parse(text)).valid).toBe(true)
  const chain = await start(text)
  expect(await chain.request('dev_status')).toMatchObject({
    profile: 'dtao',
    genesis: expect.stringMatching(/^file-[0-9a-f]{12}$/),
  })
  await chain.advance(3)
})

const subnet = (fields: string) => `subnets: [{ netuid: 1, owner: //Bob, ${fields} }]`

describe('a bad file is refused with the place', () => {
  test.each([
    ['', 'at the top: the file is empty'],
    ['- 1', 'at the top: it must be a mapping'],
    ['acounts: {}', 'at the top: there is no field acounts: use name, profile, sudo, accounts'],
    ['profile: newest', 'at profile: it must be classic or dtao'],
    ['accounts: { //Alice: much }', 'at accounts.//Alice: it must be an amount of τ'],
    ['accounts: { //Alice: -1 }', 'at accounts.//Alice: it must be an amount of τ'],
    ['accounts: { 5Grw: 1 }', 'at accounts.5Grw: `5Grw` is no account'],
    ['settings: { tempo: 3 }', 'at settings.tempo: the runtime has no such hyperparameter'],
    ['settings: { tx_rate_limit: no }', 'at settings.tx_rate_limit: TxRateLimit cannot be "no"'],
    ['subnets: { netuid: 1 }', 'at subnets: it must be a list'],
    [
      'subnets: [{ owner: //Bob }]',
      'at subnets[0].netuid: it must be a whole number from 1 to 65535',
    ],
    ['subnets: [{ netuid: 1 }]', 'at subnets[0].owner: an account is missing'],
    [subnet('pool: { tao: 1, alpha: 1 }'), 'at subnets[0]: there is no field pool'],
    [
      subnet('hyperparameters: { tempo: 70000 }'),
      'subnets[0].hyperparameters.tempo: Tempo cannot be 70000',
    ],
    [
      subnet('neurons: [{ hotkey: //A }]'),
      'at subnets[0].neurons[0].coldkey: an account is missing',
    ],
    [
      subnet('neurons: [{ hotkey: //A, coldkey: //B }, { hotkey: //A, coldkey: //B }]'),
      'at subnets[0].neurons: a hotkey stands there twice',
    ],
    [
      subnet('neurons: [{ hotkey: //A, coldkey: //B, axon: 1.2.3.4 }]'),
      'at subnets[0].neurons[0].axon: it must be an IPv4 address with a port',
    ],
    [
      subnet('neurons: [{ hotkey: //A, coldkey: //B, take: 2 }]'),
      'take: it must be a part from 0 to 1',
    ],
    [
      subnet('weights: { //A: { x: 1 } }'),
      'at subnets[0].weights.//A.x: it must be a whole number',
    ],
    ['subnets: [{netuid: 1, owner: //A}, {netuid: 1, owner: //A}]', 'netuid 1 stands there twice'],
    ['epochs: 1.5', 'at epochs: it must be a whole number from 0 to 1000'],
    ['a: [', 'is no YAML'],
  ])('%s', async (text, message) => {
    await expect(start(text)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(message),
    })
  })

  test('a file that breaks a rule of the runtime, is for another profile, or is not there', async () => {
    const weights = subnet('neurons: [{ hotkey: //A, coldkey: //B }], weights: { //C: { 0: 1 } }')
    await expect(start(weights)).rejects.toMatchObject({
      code: 'LOCALNET',
      message: expect.stringContaining('the genesis breaks a rule: set_weights'),
    })
    await expect(start('profile: dtao', { profile: 'classic' })).rejects.toMatchObject({
      message: expect.stringContaining('the file is for dtao, but classic was asked for'),
    })
    await expect(Localnet.start({ genesis: join(folder, 'none.yml') })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('cannot be read'),
    })
  })
})
