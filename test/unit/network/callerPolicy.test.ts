import { expect, it } from 'vitest'
import { createBlacklist, createPriority } from '../../../src/network/callerPolicy.js'

const TAO = 1_000_000_000n
const table = {
  hotkeys: ['rich', 'poor', 'permitted'],
  stake: [1000n * TAO, TAO / 2n, 2n * TAO],
  validatorPermit: [0, 0, 1],
}

it.each([
  ['bad', {}, true, 'blacklisted key'],
  ['both', {}, true, 'blacklisted key'],
  ['friend', { minAllowedStake: TAO, vpermitRequired: true }, false, 'whitelisted key'],
  ['stranger', {}, true, 'pubkey not registered'],
  ['stranger', { allowNonRegistered: true }, false, 'passed blacklist'],
  [
    'stranger',
    { allowNonRegistered: true, minAllowedStake: 1n },
    true,
    'pubkey stake below min_allowed_stake',
  ],
  ['poor', { minAllowedStake: TAO }, true, 'pubkey stake below min_allowed_stake'],
  ['rich', { minAllowedStake: TAO }, false, 'passed blacklist'],
  ['rich', { vpermitRequired: true }, true, 'validator permit required'],
  ['permitted', { vpermitRequired: true }, false, 'passed blacklist'],
] as const)('%s under %o: %s, %s', (caller, rules, isRefused, reason) => {
  const blacklist = createBlacklist(table, {
    blacklistedKeys: ['bad', 'both'],
    whitelistedKeys: ['friend', 'both'],
    ...rules,
  })
  expect(blacklist({ caller })).toEqual([isRefused, reason])
})

it('follows a table that changes', () => {
  let now = { ...table, hotkeys: ['a'] }
  const blacklist = createBlacklist(() => now)
  expect(blacklist({ caller: 'b' })[0]).toBe(true)
  now = { ...table, hotkeys: ['a', 'b'] }
  expect(blacklist({ caller: 'b' })[0]).toBe(false)
})

it('ranks callers by stake, strangers by the default, listed keys before and behind everyone', () => {
  const priority = createPriority(table, {
    blacklistedKeys: ['bad'],
    whitelistedKeys: ['friend'],
    defaultPriority: 1,
  })
  const callers = ['rich', 'poor', 'stranger', 'friend', 'bad']
  const ranked = callers.sort((a, b) => priority({ caller: b }) - priority({ caller: a }))
  expect(ranked).toEqual(['friend', 'rich', 'stranger', 'poor', 'bad'])
  expect(() => createPriority(table, { defaultPriority: Number.NaN })).toThrow('a number')
})
