/** Which ratios tables of neurons show: those that the runtime reckons. */
import { expect, test } from 'vitest'
import { ratioColumns, ratiosOf } from '../../../src/cli/neuron.js'
import { recordedChain } from '../chain/recordedChain.js'

test('ranks and trust are left out where the runtime has none', async () => {
  const chain = recordedChain({ spec: '343', metadata: 'spec-365.v16', v15: 'spec-365.v16' })
  const view = await (await chain.connect()).at()
  const titles = (ratios: ReturnType<typeof ratiosOf>) =>
    ratioColumns([], ratios).map(({ title }) => title)
  expect(titles(ratiosOf(view))).toEqual(['RANK', 'TRUST', 'CONSENSUS', 'INCENTIVE', 'DIVIDENDS'])
  const later = {
    ...view,
    hasStorage: (pallet: string, item: string) =>
      !['Rank', 'Trust'].includes(item) && view.hasStorage(pallet, item),
  }
  expect(titles(ratiosOf(later))).toEqual(['CONSENSUS', 'INCENTIVE', 'DIVIDENDS'])
})
