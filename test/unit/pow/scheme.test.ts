import { describe, expect, it } from 'vitest'
import { chooseFaucetScheme, chooseScheme } from '../../../src/core/pow/scheme.js'

function runtime(specVersion: number, calls: readonly string[], storage: readonly string[] = []) {
  return {
    specVersion,
    hasCall: (pallet: string, call: string) => pallet === 'SubtensorModule' && calls.includes(call),
    hasStorage: (pallet: string, item: string) =>
      pallet === 'SubtensorModule' && storage.includes(item),
  }
}

describe('registration', () => {
  it.each([
    [103, 'register-be'],
    [143, 'register-be'],
    [218, 'register-be'],
    [277, 'register-be'],
    [283, 'register-le'],
    [393, 'register-le'],
  ])('spec %d takes %s', (spec, scheme) => {
    expect(chooseScheme(runtime(spec, ['register', 'faucet']))).toEqual({ kind: 'solve', scheme })
  })

  it.each([278, 282, 394, 400, 474])('asks for dry runs at spec %d', (spec) => {
    expect(chooseScheme(runtime(spec, ['register']))).toMatchObject({
      kind: 'probe',
      reason: expect.stringContaining(`runtime ${spec}`),
    })
  })

  it.each([394, 400, 401, 473, 474])('refuses the burning register of spec %d', (spec) => {
    const choice = chooseScheme(runtime(spec, ['register', 'register_limit'], ['BurnHalfLife']))
    expect(choice).toMatchObject({ kind: 'none', burns: true })
  })

  it.each([401, 473, 475, 600])('refuses spec %d whatever the metadata lacks', (spec) => {
    expect(chooseScheme(runtime(spec, ['register']))).toMatchObject({ kind: 'none', burns: true })
  })

  it.each([474, 475, 600])('takes pow_register at spec %d', (spec) => {
    const choice = chooseScheme(
      runtime(spec, ['register', 'pow_register', 'register_limit'], ['BurnHalfLife']),
    )
    expect(choice).toEqual({ kind: 'solve', scheme: 'pow_register' })
  })

  it('refuses where version and metadata contradict each other', () => {
    expect(chooseScheme(runtime(143, ['register', 'register_limit']))).toMatchObject({
      kind: 'unclear',
    })
    expect(chooseScheme(runtime(300, ['register'], ['BurnHalfLife']))).toMatchObject({
      kind: 'unclear',
    })
    expect(chooseScheme(runtime(473, ['register', 'pow_register']))).toMatchObject({
      kind: 'unclear',
    })
    expect(chooseScheme(runtime(475, ['register', 'register_limit']))).toMatchObject({
      kind: 'none',
      burns: true,
    })
  })

  it('asks a chain that has only calls of later runtimes beside its own rules', () => {
    expect(chooseScheme(runtime(343, ['register', 'register_limit']))).toMatchObject({
      kind: 'probe',
    })
    expect(
      chooseScheme(runtime(343, ['register', 'register_limit'], ['BurnHalfLife'])),
    ).toMatchObject({ kind: 'unclear' })
  })

  it('refuses a chain without the call', () => {
    expect(chooseScheme(runtime(143, []))).toMatchObject({ kind: 'none', burns: false })
  })
})

describe('faucet', () => {
  it.each([
    [143, 'register-be'],
    [283, 'register-le'],
    [480, 'register-le'],
  ])('spec %d takes %s', (spec, scheme) => {
    expect(chooseFaucetScheme(runtime(spec, ['faucet']))).toEqual({ kind: 'solve', scheme })
  })

  it('is absent from most builds', () => {
    expect(chooseFaucetScheme(runtime(480, []))).toMatchObject({ kind: 'none', burns: false })
  })

  it('asks for a dry run in between', () => {
    expect(chooseFaucetScheme(runtime(280, ['faucet']))).toMatchObject({ kind: 'probe' })
  })
})
