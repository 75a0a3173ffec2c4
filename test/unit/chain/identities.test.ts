/** Identities wherever runtimes have kept them: pallet Registry (spec 143), SubtensorModule since. */
import { expect, test } from 'vitest'
import {
  readDelegateIdentities,
  readIdentities,
  requireIdentities,
} from '../../../src/core/chain/identities.js'
import { dev } from '../../support/devAccounts.js'
import { recordedChain } from './recordedChain.js'

const [ALICE, BOB] = [dev('//Alice'), dev('//Bob')]
const [HOT, BOB_HOT] = [dev('//Alice//validator'), dev('//Bob//validator')]

const raw = (text: string) => ({
  type: `Raw${text.length}`,
  value: `0x${Buffer.from(text).toString('hex')}`,
})
const none = { type: 'None' }

function registered(display: string, more: Record<string, unknown> = {}) {
  const empty = { legal: none, web: none, riot: none, email: none, image: none, twitter: none }
  const info = { additional: [], display: raw(display), ...empty, ...more }
  return { deposit: 1_000, info }
}

test('spec 143: those of coldkeys and hotkeys in pallet Registry', async () => {
  const chain = recordedChain({ spec: '143', metadata: 'spec-143.v14' })
  const more = { web: raw('https://aurora.example'), email: raw('a@b.c'), twitter: raw('@aurora') }
  chain.set('Registry', 'IdentityOf', [ALICE], registered('Aurora', more))
  chain.set('Registry', 'IdentityOf', [BOB], registered('Bob'))
  chain.set('Registry', 'IdentityOf', [BOB_HOT], registered('Borealis'))
  const view = await (await chain.connect()).at()
  requireIdentities(view, 'coldkeys')
  expect(() => requireIdentities(view, 'subnets')).toThrow('keeps no identities of subnets')
  expect(await readIdentities(view, [ALICE, HOT])).toEqual(
    new Map([
      [
        ALICE,
        {
          name: 'Aurora',
          url: 'https://aurora.example',
          githubRepo: undefined,
          image: undefined,
          discord: undefined,
          description: undefined,
          additional: 'email: a@b.c; twitter: @aurora',
        },
      ],
    ]),
  )
  const delegates = await readDelegateIdentities(view, [
    { hotkey: HOT, owner: ALICE },
    { hotkey: BOB_HOT, owner: BOB },
  ])
  expect([...delegates].map(([hotkey, { name }]) => [hotkey, name])).toEqual([
    [HOT, 'Aurora'],
    [BOB_HOT, 'Borealis'],
  ])
})

test.each([
  ['218', 'spec-218', 'Identities'],
  ['343', 'spec-343', 'IdentitiesV2'],
] as const)(
  'spec %s (%s): those of coldkeys in %s, whatever Registry still has',
  async (spec, metadata, item) => {
    const chain = recordedChain({ spec, metadata: `${metadata}.v14`, v15: `${metadata}.v15` })
    const text = { url: '0x', github_repo: '0x', image: '0x', discord: '0x', description: '0x' }
    chain.set('SubtensorModule', item, [ALICE], { name: '0x4163726520', ...text, additional: '0x' })
    chain.set('Registry', 'IdentityOf', [BOB], registered('Bob'))
    const view = await (await chain.connect()).at()
    const found = await readIdentities(view, [ALICE, BOB])
    expect([...found].map(([account, { name }]) => [account, name?.trim()])).toEqual([
      [ALICE, 'Acre'],
    ])
  },
)

test('spec 103 keeps none', async () => {
  const view = await (await recordedChain({ spec: '103', metadata: 'spec-103.v14' }).connect()).at()
  expect(await readIdentities(view, [ALICE])).toEqual(new Map())
  expect(() => requireIdentities(view, 'coldkeys')).toThrow('keeps no identities of coldkeys')
})
