/** `bt.BittensorLLM` where LangChain is not installed. */
import { expect, test, vi } from 'vitest'
import * as bt from '../../../src/index.js'

vi.mock('@langchain/core/language_models/llms', () => {
  throw new Error('no such package')
})

test('says which package is missing', async () => {
  await expect(bt.BittensorLLM()).rejects.toMatchObject({
    code: 'USAGE',
    message: 'BittensorLLM needs the package @langchain/core',
    hint: 'npm install @langchain/core',
  })
})
