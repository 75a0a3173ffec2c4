/** Today's staking, one command after another, carried out by the embedded chain in profile `dtao`. */
import { expect, test } from 'vitest'
import { dev } from '../support/devAccounts.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { run } from '../support/run.js'

const BOB_HOT = dev('//Bob//validator')

test.each([
  [
    `stake_move -w alice -H validator --dest_hotkey ${BOB_HOT} -o 3 -a 10`,
    'Moved 10.000000000 SN3',
  ],
  ['stake_swap -w alice -H validator -o 3 -d 1 -a 10', 'Swapped 10.000000000 SN3 into subnet 1'],
  ['stake_transfer -w alice -H validator --dest wallet:dave -o 3 -a 10', 'Transferred'],
  [`children_set -w alice -H validator -n 3 -c ${BOB_HOT} --prop 0.1`, '10.00 %'],
  ['set_take -w alice -H validator -t 9', 'The take of validator is 9.00 %'],
  ['claim_set -w alice --type keep', 'are kept as alpha of the subnets'],
  ['auto_stake_set -w alice -H validator -n 3', 'are staked to validator'],
  ['hyperparameter_set -w dave -n 3 --param immunity_period --value 7200', '➡ 7200'],
])('%s', async (line, headline) => {
  const { given } = await dtaoChain()
  const result = await run(`${line} -y`, given)
  expect([result.code, result.stderr]).toEqual([0, expect.any(String)])
  expect(result.stdout.split('\n')[0]).toContain(headline)
})
