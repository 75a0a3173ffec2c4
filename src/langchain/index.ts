/** The network as a language model of LangChain.js; needs `@langchain/core`, which this package does not install. */
// Kept in the declarations, so that programs without LangChain type-check all the same.
// biome-ignore lint/suspicious/noTsIgnore: it is only an error where the package is missing
/** @ts-ignore */
import { type BaseLLMParams, LLM } from '@langchain/core/language_models/llms'
import { type PromptOptions, prompt } from '../api/prompt.js'

/** Options of {@link BittensorLLM}: those of `prompt`, and LangChain's own. */
export type BittensorLLMOptions = Omit<PromptOptions, 'signal'> & BaseLLMParams

/**
 * Answers prompts through an endpoint of the network, like `prompt`.
 * @example
 * const llm = new BittensorLLM({ walletName: 'alice', hotkey: '5F…' })
 * await llm.invoke('prompt me')
 */
export class BittensorLLM extends LLM {
  readonly #options: Omit<PromptOptions, 'signal'>

  constructor(options: BittensorLLMOptions = {}) {
    super(options)
    this.#options = options
  }

  static override lc_name(): string {
    return 'BittensorLLM'
  }

  override _llmType(): string {
    return 'BittensorLLM'
  }

  /** What tells two models apart in LangChain's cache; names as in bittensor 5.3.1. */
  override _identifyingParams(): Record<string, unknown> {
    const { walletName = 'default', hotkey, axon, netuid, network } = this.#options
    return { wallet_name: walletName, hotkey_name: hotkey, axon, netuid, network }
  }

  /** @throws {BittensorError} like `prompt` */
  override async _call(text: string, options: Pick<PromptOptions, 'signal'>): Promise<string> {
    return prompt(text, { ...this.#options, signal: options.signal })
  }
}
