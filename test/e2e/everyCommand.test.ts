/** All of btcli, one command after the other, each held to what the chain shows afterwards, on the embedded chains. */
import { expect, onTestFinished, test } from 'vitest'
import { takeSteps } from '../../scripts/test-runtime/takeSteps.js'
import { connect } from '../../src/core/chain/connect.js'
import { Localnet } from '../../src/localnet/index.js'
import { tempFolder } from '../support/tempFolder.js'

test.each(['classic', 'dtao'] as const)('profile %s', { timeout: 600_000 }, async (profile) => {
  const localnet = await Localnet.start({ profile, genesis: 'empty', port: 0 })
  onTestFinished(() => localnet.stop())
  const client = await connect({ network: 'local', endpoint: localnet.endpoint })
  onTestFinished(() => client.close())
  const outcomes = await takeSteps(client, tempFolder())
  expect(outcomes.filter(({ result }) => result === 'FAILED')).toEqual([])
  expect(outcomes.filter(({ result }) => result === 'ok').length).toBeGreaterThan(70)
})
