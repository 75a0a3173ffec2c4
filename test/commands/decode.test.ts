import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()
const decode = (line: string) => run(`decode ${line}`, { chain: chain.open })
const file = (name: string) =>
  fileURLToPath(new URL(`../vectors/chain/metadata/${name}.hex.gz`, import.meta.url))

describe('btcli decode', () => {
  it('knows a call by its bytes', async () => {
    expect(JSON.parse((await decode('0x00001468656c6c6f')).stdout)).toEqual({
      call: 'System.remark',
      args: { remark: 'hello' },
    })
  })

  it('knows a storage key, and a stored value of an item', async () => {
    const key = '0x658faa385070e074c85bf6b568cf055501be1755d08418802946bca51b6863250100'
    expect(JSON.parse((await decode(key)).stdout)).toEqual({
      storage: 'SubtensorModule.Burn',
      keys: [1],
    })
    expect((await decode('0x00ca9a3b00000000 --as SubtensorModule.Burn')).stdout).toBe('τ1\n')
    expect((await decode('0x0401000300 --as Vec<(u16)>')).code).toBe(2)
    expect((await decode('0x0801000300 --as Vec<u16>')).stdout).toBe('[\n  1,\n  3\n]\n')
  })

  it('works without a chain, by metadata from a file', async () => {
    const line = ['decode', '0x00001468656c6c6f', '--metadata', file('spec-365.v16'), '--json']
    expect(documentOf(await run(line)).data).toMatchObject({
      kind: 'call',
      human: { call: 'System.remark', args: { remark: 'hello' } },
    })
  })

  it('says what else to try', async () => {
    expect(await decode('xyz')).toMatchObject({ code: 2 })
    const unknown = await decode('0xffffff')
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('--as Pallet.Item')
  })
})
