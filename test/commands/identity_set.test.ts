import { expect, it } from 'vitest'
import { dtaoChain } from '../support/dtaoChain.js'
import { documentOf, run } from '../support/run.js'

it('subnet_identity_set asks for every field where none is given, and keeps what stays empty', async () => {
  const { given } = await dtaoChain()
  const result = await run('subnet_identity_set -w bob -n 1', {
    ...given,
    prompts: [
      ['Name of the subnet (--subnet_name)', 'Lantern'],
      ['Source code', ''],
      ['How to reach the owner', ''],
      ['Web page', ''],
      ['Name on Discord', ''],
      ['A few words', 'Lights the way.'],
      ['Picture', ''],
      ['Anything else', ''],
      ['Set the identity of subnet 1?', true],
    ],
  })
  expect(result.code).toBe(0)
  expect(result.stderr).toMatch(
    /^again: .* --subnet_name Lantern .* --description 'Lights the way.'/m,
  )
  const { data } = documentOf(await run('subnet_identity_get -n 1 --json', given))
  expect(data.identity).toMatchObject({
    name: 'Lantern',
    description: 'Lights the way.',
    url: 'https://lumen.example',
  })
})

it('identity_set asks only where no field is given', async () => {
  const { given } = await dtaoChain()
  const one = await run('identity_set -w alice --description Answers. --dry_run', {
    ...given,
    prompts: [],
  })
  expect(one.code).toBe(0)
  const asked = await run('identity_set -w alice --dry_run', {
    ...given,
    prompts: [
      ['Name to be shown', 'Dawn'],
      ['Web page', ''],
      ['Source code', ''],
      ['Picture', ''],
      ['Name on Discord', ''],
      ['A few words', ''],
      ['Anything else', ''],
    ],
  })
  expect(asked.stderr).toMatch(/name +Dawn +now Aurora/)
})

it.each(['identity_set -w alice', 'subnet_identity_set -w bob -n 1'])(
  '%s without a terminal wants a field',
  async (line) => {
    const { given } = await dtaoChain()
    const result = await run(`${line} -y --json`, given)
    expect(documentOf(result).error.message).toBe('nothing would change')
  },
)
