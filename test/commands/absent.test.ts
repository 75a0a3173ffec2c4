/** What a runtime does not have is said, not answered with nothing. */
import { expect, test } from 'vitest'
import { existingSubnet } from '../../src/core/chain/subnets.js'
import { freshChain, roundGenesis } from '../support/chain.js'
import { documentOf, run } from '../support/run.js'
import { recordedChain } from '../unit/chain/recordedChain.js'

test('prices and identities on a classic chain', async () => {
  const { chain: classic } = await freshChain({ genesis: roundGenesis })
  const older = () => recordedChain({ spec: '103', metadata: 'spec-103.v14' }).connect()
  const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
  const said = []
  for (const [line, chain] of [
    ['subnet_price --current', classic],
    [`identity_get --ss58 ${alice}`, older],
    ['subnet_identity_get --netuid 1', classic],
  ] as const) {
    const { code, message } = documentOf(await run(`${line} --json`, { chain })).error
    said.push(`${code}: ${message}`)
  }
  expect(said).toEqual([
    'RUNTIME_UNSUPPORTED: subnets of this chain (spec 143) have no token',
    'RUNTIME_UNSUPPORTED: this chain (spec 103) keeps no identities of coldkeys',
    'RUNTIME_UNSUPPORTED: this chain (spec 143) keeps no identities of subnets',
  ])
})

test('root before October 2023', async () => {
  const view = await (await recordedChain({ spec: '103', metadata: 'spec-103.v14' }).connect()).at()
  await expect(existingSubnet(view, 0)).rejects.toMatchObject({
    code: 'RUNTIME_UNSUPPORTED',
    message: 'this chain (spec 103) has no root network',
  })
  await expect(existingSubnet(view, 1)).rejects.toMatchObject({ code: 'SUBNET_NOT_FOUND' })
})
