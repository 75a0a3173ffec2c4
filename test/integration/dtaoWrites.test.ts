/** Today's staking, one command after another, carried out by the embedded chain in profile `dtao`. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readFreeBalance } from '../../src/core/chain/balances.js'
import type { Ss58 } from '../../src/core/keys/ss58.js'
import { dev } from '../support/devAccounts.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { documentOf, run } from '../support/run.js'

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

test('signed on another machine: the chain has no digest, and says so', async () => {
  const { given, home, head } = await dtaoChain()
  const dest = dev('//Ferdie') as Ss58
  const before = await readFreeBalance(await head(), dest)
  const file = join(home, 'transfer.json')
  const signed = join(home, 'signed.json')
  for (const line of [
    `transfer -w alice --dest ${dest} --amount 3 --unsigned ${file}`,
    `sign_tx ${file} -w alice --out ${signed} --allow_unchecked_metadata`,
    `submit ${signed}`,
  ]) {
    const { ok, error } = documentOf(await run(`${line} -y --json`, given))
    expect(error, line).toBeUndefined()
    expect(ok).toBe(true)
  }
  expect(await readFreeBalance(await head(), dest)).toBe(before + 3_000_000_000n)
})
