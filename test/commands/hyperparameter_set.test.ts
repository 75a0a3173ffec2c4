import { describe, expect, it } from 'vitest'
import { devWorld } from '../support/devAccounts.js'
import { ALICE, dtaoNode } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

describe('hyperparameter_set on a classic chain', () => {
  it('goes through sudo for the key that has it', async () => {
    const { given } = await devWorld()
    const result = await run('sudo set -w alice -n 3 --param tempo --value 50', {
      ...given,
      prompts: [['Change tempo of subnet 3?', true]],
    })
    expect(result.code).toBe(0)
    expect(result.stderr).toContain('as root, by the sudo key')
    expect(result.stdout).toContain('Changed tempo of subnet 3: ')
    const shown = documentOf(await run('hyperparameters -n 3 --json', given))
    const row = shown.data.hyperparameters.find((one: { name: string }) => one.name === 'tempo')
    expect(row).toMatchObject({ value: 50, setBy: 'root' })
  })

  it('offers the settings that can be changed, and shows what one is', async () => {
    const { given } = await devWorld()
    const result = await run('hyperparameter_set -w alice -n 3 --dry_run', {
      ...given,
      prompts: [
        ['Setting to change', 'tempo'],
        ['Enter the new tempo, now 20', 'fast'],
        ['Enter the new tempo, now 20', '50'],
      ],
    })
    expect(result.code).toBe(0)
    const [picked] = result.questions
    expect(picked?.choices).toContainEqual({
      value: 'tempo',
      name: expect.stringMatching(/^tempo +20/),
      description: expect.stringContaining('set by root'),
    })
  })

  it('names the units that an amount can have', async () => {
    const { given } = await devWorld()
    const line = 'hyperparameter_set -w alice -n 3 --param min_burn --dry_run'
    const half = await run(`${line} --value 0.5`, given)
    expect(half.stderr).toContain('min_burn: needs a unit: 0.5τ\n')
    const whole = await run(`${line} --value 5`, given)
    expect(whole.stderr).toContain('min_burn: needs a unit: 5τ, or 5rao\n')
    const bad = await run(`${line} --value 5t`, given)
    expect(bad.stderr).toContain('min_burn: must be an amount such as 1.5τ or 1500000rao\n')
    expect(await run(`${line} --value 0.5tao`, given)).toMatchObject({ code: 0 })
  })

  it('notes a value that is there already', async () => {
    const { given } = await devWorld()
    const line = 'hyperparameter_set -w alice -n 3 --param tempo --dry_run --value'
    expect((await run(`${line} 20`, given)).stderr).toContain('this changes nothing')
    expect((await run(`${line} 21`, given)).stderr).not.toContain('this changes nothing')
  })

  it('is refused to others before it costs a fee', async () => {
    const { given } = await devWorld()
    const result = await run(
      'hyperparameter_set -w ivan -n 1 --param rho --value 5 -y --json',
      given,
    )
    expect(documentOf(result).error).toMatchObject({ code: 'KEYFILE' })
  })
})

describe.each(['218', '343', '365'] as const)('the owner of a subnet on spec %s', (spec) => {
  async function callOf(words: string) {
    const { given } = await dtaoNode(spec)
    const line = `hyperparameter_set -w alice -n 2 ${words}`
    const { data, error } = documentOf(await run(`${line} --dry_run --json`, given))
    return data?.preview.calls[0] ?? error
  }

  it('sets numbers, shares, amounts and switches by the types of the chain', async () => {
    expect(await callOf('--param immunity_period --value 7200')).toMatchObject({
      pallet: 'AdminUtils',
      name: 'sudo_set_immunity_period',
      args: { netuid: 2, immunity_period: 7200 },
    })
    expect(await callOf('--param min_burn --value 0.5τ')).toMatchObject({
      args: { min_burn: '500000000' },
    })
    expect(await callOf('--param adjustment_alpha --value 50%')).toMatchObject({
      args: { adjustment_alpha: '9223372036854775807' },
    })
    expect(await callOf('--param commit_reveal_weights_enabled --value no')).toMatchObject({
      args: { enabled: false },
    })
    expect(await callOf('--param alpha_values --value 0.7 0.9')).toMatchObject({
      args: { alpha_low: 45_874, alpha_high: 58_981 },
    })
    expect(await callOf('--param weights_version --value 3')).toMatchObject({
      name: 'sudo_set_weights_version_key',
    })
  })

  it.each([
    ['--param immunity_period --value 70000', 'USAGE', 'from 0 to 65535'],
    ['--param immunity_period --value 1.5', 'USAGE', 'whole number'],
    ['--param min_burn --value 5', 'BAD_AMOUNT', 'unit'],
    ['--param immunity --value 5', 'USAGE', 'no call to set immunity'],
    ['--param alpha_values --value 0.7', 'USAGE', '2 values: alpha_low, alpha_high'],
    ['--param tempo --value 5', 'KEYFILE', 'only root may set tempo'],
    ['--param commit_reveal_weights_enabled --value maybe', 'USAGE', 'yes or no'],
  ])('%s is refused', async (words, code, message) => {
    const error = await callOf(words)
    expect([code, 'USAGE']).toContain(error.code)
    expect(error.message).toContain(message)
  })
})

it('on spec 343 owners set what came later, and root what only it may', async () => {
  const { given, chain } = await dtaoNode('343')
  const line = 'hyperparameter_set -w alice -n 2 --dry_run --json'
  const toggle = await run(`${line} --param transfers_enabled --value no`, given)
  expect(documentOf(toggle).data.preview.calls[0]).toMatchObject({
    name: 'sudo_set_toggle_transfer',
    args: { toggle: false },
  })
  const kappa = documentOf(await run(`${line} --param kappa --value 0.5`, given))
  expect(kappa.data.preview.notes[0]).toContain('only root may set this')
  chain.set('Sudo', 'Key', [], ALICE)
  const root = documentOf(await run(`${line} --param tempo --value 360`, given))
  expect(root.data.preview.calls[0]).toMatchObject({
    pallet: 'Sudo',
    name: 'sudo',
    args: { call: { name: 'sudo_set_tempo', args: { tempo: 360 } } },
  })
})
