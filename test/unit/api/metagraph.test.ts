import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { describe, expect, test } from 'vitest'
import { readPickle } from '../../../src/api/metagraph/pickle.js'
import { readPython } from '../../../src/api/metagraph/python.js'
import { readStoredZip } from '../../../src/api/metagraph/zip.js'
import { Metagraph, MetagraphData } from '../../../src/index.js'
import { tempFolder } from '../../support/tempFolder.js'

const folder = new URL('../../vectors/metagraph/', import.meta.url)
const vector = (name: string) => new URL(name, folder)
const place = { network: 'local', netuid: 7 }

function sample(): MetagraphData {
  const saved = readPython(readFileSync(vector('numpy-9.12.2.pt')), place)
  return new MetagraphData(saved.place, saved.columns)
}

describe.each([
  ['a pickle of numpy arrays', 'numpy-9.12.2.pt', 9_012_002],
  ['a file of torch', 'torch-5.3.1.pt', 531],
])('%s that Python saved', (_, name, version) => {
  test('gives all columns', () => {
    const saved = readPython(readFileSync(vector(name)), place)
    const graph = new MetagraphData(saved.place, saved.columns)
    expect(`${graph}`).toBe('Metagraph(netuid:7, n:3, block:4321, network:local)')
    expect(graph.metadata()).toEqual({ ...place, block: 4321, version, n: 3 })
    expect([...graph.stake]).toEqual([1_000_500_000_000n, 250_000_000n, 3_000_000_000n])
    expect([...graph.S]).toEqual([1000.5, 0.25, 3])
    expect([...graph.I]).toEqual([0.875, 0.125, 0])
    expect([...graph.E]).toEqual([1.5, 0.5, 2.25])
    expect([graph.R, graph.T, graph.C, graph.Tv, graph.D].map((column) => [...column])).toEqual([
      [0.5, 0.25, 0],
      [1, 0.125, 0],
      [0.75, 0.25, 0],
      [0, 0, 1],
      [0, 0, 1],
    ])
    expect([...graph.active]).toEqual([1, 0, 1])
    expect([...graph.validatorPermit]).toEqual([0, 0, 1])
    expect([...graph.lastUpdate]).toEqual([4000, 4100, 4320])
    expect(graph.addresses).toEqual([
      '/ipv4/1.2.3.4:8091',
      '/ipv4/0.0.0.0:8092',
      '/ipv4/1.2.3.4:8093',
    ])
    expect(graph.axons[0]).toMatchObject({ protocol: 4, placeholder1: 0 })
    expect(graph.hotkeys[1]).toBe('5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty')
    const [, , third] = Array.from({ length: 3 }, (_, i) => [...graph.W.slice(3 * i, 3 * i + 3)])
    expect(third?.map((weight) => Number(weight.toFixed(4)))).toEqual([0.75, 0.25, 0])
    expect([...graph.B]).toEqual([0, 0, 0, 0, 0, 0, 65_535, 21_845, 0])
  })

  test('is found and loaded from the folder that Python uses', async () => {
    const root = tempFolder()
    const at = join(root, 'network-local', 'netuid-7')
    mkdirSync(at, { recursive: true })
    copyFileSync(vector(name), join(at, 'block-4321.pt'))
    writeFileSync(join(at, 'notes.txt'), 'not a metagraph')
    const graph = new Metagraph({ netuid: 7, connection: { network: 'local' } })
    expect((await graph.load(root)).block).toBe(4321)
    const path = await graph.save(root)
    expect(readdirSync(at)).toContain('block-4321.json')
    const again = await new Metagraph({ netuid: 7 }).loadFrom(path)
    expect(again.toJSON()).toEqual(graph.toJSON())
  })
})

describe('what can not be read is refused with a reason', () => {
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

  test('code is never run', () => {
    // What pickle.dumps makes of an object whose __reduce__ calls os.system.
    const evil = bytes('\x80\x02cposix\nsystem\nq\x00X\x04\x00\x00\x00trueq\x01\x85q\x02Rq\x03.')
    expect(readPickle(evil)).toMatchObject({
      kind: 'object',
      className: 'posix.system',
      args: ['true'],
    })
    expect(() => readPython(evil, place)).toThrow(/no dict of columns/)
  })

  test.each([
    ['nothing', '', /end/],
    ['text', 'yes', /opcode/],
    ['an empty dict', '\x80\x02}.', /uids is missing/],
    ['an endless list', '\x80\x02]q\x00h\x00a', /end/],
    ['a zip that is none', 'PK\x03\x04', /damaged/],
  ])('%s', (_, text, reason) => {
    expect(() => readPython(bytes(text), place)).toThrow(reason)
  })

  test('every cut of a real file fails cleanly', () => {
    for (const name of ['numpy-9.12.2.pt', 'torch-5.3.1.pt']) {
      const whole = readFileSync(vector(name))
      for (let length = 0; length < whole.length; length += 37) {
        expect(() => readPython(whole.subarray(0, length), place)).toThrow(
          expect.objectContaining({ code: 'USAGE' }),
        )
      }
    }
  })

  test('compressed zips', () => {
    const zip = Uint8Array.from(readFileSync(vector('torch-5.3.1.pt')))
    const at = Buffer.from(zip).indexOf('PK\x01\x02')
    zip[at + 10] = 8
    expect(() => readStoredZip(zip)).toThrow(/compressed/)
  })

  test('JSON of another kind', async () => {
    const root = tempFolder()
    const path = join(root, 'block-1.json')
    const load = async (json: unknown) => {
      writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json))
      return new Metagraph({ netuid: 7 }).loadFrom(path)
    }
    await expect(load('{')).rejects.toMatchObject({ code: 'USAGE' })
    await expect(load({})).rejects.toMatchObject({ details: /no metagraph of this package/ })
    const json = sample().toJSON()
    await expect(load({ ...json, formatVersion: 2 })).rejects.toMatchObject({
      details: /version is 2/,
    })
    await expect(load({ ...json, ranks: [1] })).rejects.toMatchObject({ details: /`ranks`/ })
    await expect(load({ ...json, stake: ['1.5', '0', '0'] })).rejects.toMatchObject({
      details: /not an amount/,
    })
    const empty = new Metagraph({ netuid: 9 })
    await expect(empty.load(root)).rejects.toMatchObject({ message: /no metagraph is saved/ })
  })
})

describe('other forms', () => {
  test('JSON and back', () => {
    const graph = sample()
    const again = MetagraphData.fromJSON(JSON.parse(JSON.stringify(graph)))
    expect(again.toJSON()).toEqual(graph.toJSON())
    expect(again.stake).toEqual(graph.stake)
    expect(again.weights).toEqual(graph.weights)
  })

  test('rows', () => {
    const rows = [...sample()]
    expect(rows.map(({ uid }) => uid)).toEqual([0, 1, 2])
    expect(sample().row(1)).toMatchObject({ stake: 250_000_000n, active: false })
    expect(() => sample().row(9)).toThrow(/no uid 9/)
  })

  test('CSV with exact amounts', () => {
    expect(sample().toCSV().split('\n').slice(0, 2)).toEqual([
      'uid,hotkey,coldkey,stake_rao,stake_tao,rank,trust,consensus,validator_trust,incentive,dividends,emission_rao,emission_tao,active,validator_permit,last_update,axon',
      '0,5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY,5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY,1000500000000,1000.5,0.5,1,0.75,0,0.875,0,1500000000,1.5,true,false,4000,/ipv4/1.2.3.4:8091',
    ])
  })

  test.each(['stream', 'file'] as const)('an Arrow %s', async (format) => {
    const graph = await new Metagraph({ netuid: 7 }).loadFrom(vector('numpy-9.12.2.pt').pathname)
    const table = tableFromIPC(await graph.toArrow({ format }))
    expect(table.schema.metadata.get('block')).toBe('4321')
    expect(table.numRows).toBe(3)
    expect(
      `${table.schema.fields.map(({ name, type }) => `${name}: ${type}`)}`,
    ).toMatchInlineSnapshot(
      `"uid: Uint16,hotkey: Utf8,coldkey: Utf8,stake_rao: Uint64,rank: Float32,trust: Float32,consensus: Float32,validator_trust: Float32,incentive: Float32,dividends: Float32,emission_rao: Uint64,active: Bool,validator_permit: Bool,last_update: Uint64,axon: Utf8,weight_uids: List<Uint16>,weight_values: List<Uint16>,bond_uids: List<Uint16>,bond_values: List<Uint16>"`,
    )
    expect(table.get(0)?.toJSON()).toMatchObject({
      uid: 0,
      stake_rao: 1_000_500_000_000n,
      incentive: 0.875,
      active: true,
      axon: '/ipv4/1.2.3.4:8091',
    })
    const third = table.get(2)?.toJSON() ?? {}
    expect([...third['weight_uids']]).toEqual([0, 1])
    expect([...third['bond_values']]).toEqual([65_535, 21_845])
  })
})
