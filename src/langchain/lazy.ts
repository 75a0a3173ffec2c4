/** `bt.BittensorLLM`: the model of LangChain.js under the name of bittensor 5.3.1, for programs that may not have LangChain. */
import { BittensorError } from '../core/errors.js'
import type { BittensorLLMOptions, BittensorLLM as Model } from './index.js'

/**
 * The network as a language model of LangChain.js. Loads `@langchain/core`, an optional peer dependency, when it is called;
 * `bittensor/langchain` has the class itself.
 * @throws {BittensorError} `USAGE` when `@langchain/core` is not installed
 * @example
 * const llm = await bt.BittensorLLM({ walletName: 'default', hotkey: '5F…' })
 * await llm.invoke('prompt me')
 */
export async function BittensorLLM(options: BittensorLLMOptions = {}): Promise<Model> {
  const module = await import('./index.js').catch((cause: unknown) => {
    throw new BittensorError('USAGE', 'BittensorLLM needs the package @langchain/core', {
      hint: 'npm install @langchain/core',
      cause,
    })
  })
  return new module.BittensorLLM(options)
}
