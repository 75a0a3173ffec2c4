import { describe, expect, it } from 'vitest'
import type { Preview } from '../../../src/cli/preview.js'
import { previewJson, previewText } from '../../../src/cli/preview.js'
import { plainStyle } from '../../../src/cli/style.js'
import { widthOf } from '../../../src/cli/text.js'
import type { Ss58 } from '../../../src/core/keys/ss58.js'
import { spanText } from '../../../src/core/plans/texts.js'

const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' as Ss58
const bob = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty' as Ss58

const preview: Preview = {
  title: 'Stake',
  network: 'finney',
  endpoint: 'wss://entrypoint-finney.opentensor.ai:443',
  specVersion: 218,
  genesisHash: `0x2f05${'0'.repeat(56)}6c03`,
  era: 'dtao',
  block: 7,
  networkOrigin: { layer: 'environment', source: 'BT_NETWORK' },
  value: 'real',
  signer: { name: 'alice', address: alice, key: 'coldkey' },
  facts: [
    { label: 'to', value: { name: '東京', address: bob }, note: 'owned by somebody \x1b[2Jelse' },
    { label: 'amount', value: 'τ1.000000000' },
  ],
  fee: null,
  spend: 1_000_000_000n,
  effects: [
    { label: 'alice, free', before: 5_000_000_000n, after: 4_000_000_000n },
    { label: 'stake on 東京', netuid: 2, before: 0n, after: null },
  ],
  notes: ['be careful'],
  newDestinations: [alice, bob],
  violations: ['more than τ0.5 at once'],
  calls: [
    {
      pallet: 'SubtensorModule',
      name: 'add_stake',
      args: { hotkey: bob },
      data: '0x0102',
      specVersion: 218,
    },
  ],
  validFor: { blocks: 64, milliseconds: 768_000 },
}

const how = {
  style: plainStyle(),
  groups: false,
  width: Number.POSITIVE_INFINITY,
  verbose: false,
  home: '/home/a',
}

describe('a preview', () => {
  it('writes the home folder short', () => {
    const networkOrigin = { layer: 'user file', source: '/home/a/.bittensor/config.yml' } as const
    expect(previewText({ ...preview, networkOrigin }, how)).toContain(
      'finney (from ~/.bittensor/config.yml)',
    )
    const other = { layer: 'file', source: '/home/abc/c.yml' } as const
    expect(previewText({ ...preview, networkOrigin: other }, how)).toContain(
      '(from /home/abc/c.yml)',
    )
  })

  it('names network, origin, accounts, fee, effects in their own units, and what is forbidden', () => {
    expect(previewText(preview, how)).toMatchInlineSnapshot(`
      "Stake
        network    finney (from BT_NETWORK) · spec 218 · genesis 0x2f050000…00006c03 · wss://entrypoint-finney.opentensor.ai:443
        from       alice   5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
        to         東京    5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty   owned by somebody [2Jelse
        amount     τ1.000000000
        call       SubtensorModule.add_stake(hotkey: 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty)
        fee        unknown: the chain gave no estimate
        after      alice, free       τ5.000000000 ➡ τ4.000000000
                   stake on 東京  0.000000000 SN2 ➡      unknown
        valid for  64 blocks (≈ 13 min)
        note       be careful
        note       new destination: 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY was never paid from this machine
        note       new destination: 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty was never paid from this machine
        forbidden  more than τ0.5 at once
      "
    `)
  })

  it('breaks a name that is wider than what a long label leaves', () => {
    const label = 'commit_reveal_weights_enabled'
    const name = `sudo_set_${label}`
    const [call] = preview.calls
    const calls = [{ ...call, pallet: 'AdminUtils', name, args: { netuid: 1 } }] as Preview['calls']
    const facts = [{ label, value: 'no' }]
    const text = previewText({ ...preview, facts, calls }, { ...how, width: 80 })
    const lines = text.split('\n')
    const at = lines.findIndex((line) => line.startsWith('  call'))
    expect(lines[at]?.length).toBeLessThanOrEqual(80)
    const whole = `${lines[at]?.slice(33)}${lines[at + 1]?.slice(33)}`
    expect(whole).toBe(`AdminUtils.${name}(netuid: 1)`)
  })

  it('puts no empty line before an account without a name', () => {
    const facts = [
      { label: 'to', value: { name: 'a name that is long', address: bob } },
      { label: 'then on', value: { name: '', address: alice }, note: 'subnet 2' },
    ]
    const lines = previewText({ ...preview, facts }, { ...how, width: 80 }).split('\n')
    const at = lines.findIndex((line) => line.startsWith('  then on'))
    expect(lines[at]).toBe(`  then on    ${alice}   subnet 2`)
  })

  it('fits a narrow terminal, and shows the call on demand', () => {
    const text = previewText(preview, { ...how, groups: true, width: 80, verbose: true })
    expect(text).toMatchInlineSnapshot(`
      "Stake
        network    finney (from BT_NETWORK) · spec 218 · genesis 0x2f050000…00006c03
                   wss://entrypoint-finney.opentensor.ai:443
        from       alice   5Grw vaEF 5zXb 26Fz 9rcQ pDWS 57Ct ERHp NehX CPcN oHGK utQY
        to         東京    5FHn eW46 xGXg s5mU iveU 4sbT yGBz mstU spZC 92Uh jJM6 94ty
                   owned by somebody [2Jelse
        amount     τ1.000000000
        call       SubtensorModule.add_stake(hotkey:
                   5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty)
                   0x0102
        fee        unknown: the chain gave no estimate
        after      alice, free       τ5.000000000 ➡ τ4.000000000
                   stake on 東京  0.000000000 SN2 ➡      unknown
        valid for  64 blocks (≈ 13 min)
        note       be careful
        note       new destination: 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
                   was never paid from this machine
        note       new destination: 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty
                   was never paid from this machine
        forbidden  more than τ0.5 at once
      "
    `)
    for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80)
  })

  it('puts amounts below their labels where both do not fit in a line', () => {
    const effects = [
      { label: '5Dfdd8…PogD, stake on validator', netuid: 1, before: 0n, after: 4n * 10n ** 12n },
      { label: 'alice, free', before: 10n ** 14n, after: 10n ** 14n - 1n, note: 'at most' },
    ]
    const text = previewText({ ...preview, effects }, { ...how, width: 80 })
    expect(text.split('\n').filter((line) => /stake on|➡|free/.test(line))).toMatchInlineSnapshot(`
      [
        "  after      5Dfdd8…PogD, stake on validator",
        "                 0.000000000 SN1 ➡ 4000.000000000 SN1",
        "             alice, free",
        "               τ100000.000000000 ➡   τ99999.999999999   at most",
      ]
    `)
    for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80)
  })

  it('may change nothing', () => {
    const text = previewText({ ...preview, effects: [] }, { ...how, width: 80 })
    expect(text).not.toContain('after')
  })

  it('is exact as data', () => {
    expect(previewJson(preview)).toMatchObject({
      network: 'finney',
      networkFrom: 'BT_NETWORK',
      signer: { name: 'alice', key: 'coldkey', address: alice },
      feeRao: null,
      spendRao: 1_000_000_000n,
      spendUnbounded: false,
      effects: [
        { label: 'alice, free', netuid: null, beforeRao: 5_000_000_000n, afterRao: 4_000_000_000n },
        { netuid: 2, beforeRao: 0n, afterRao: null },
      ],
      validForBlocks: 64,
    })
  })
})

it.each([
  [45_000, '45 s'],
  [768_000, '13 min'],
  [9_000_000, '2.5 h'],
  [864_000_000, '10 days'],
])('%i ms is %s', (milliseconds, text) => {
  expect(spanText(milliseconds)).toBe(text)
})
