/** `btcli api`: any method of any runtime API. */
import { at, viewAt } from '../cli/blockOption.js'
import { findNamed, findOwner, type Kind } from '../cli/chainNames.js'
import { fieldTypeText, fieldValue, humanText } from '../cli/chainValues.js'
import type { Context } from '../cli/context.js'
import { defineCommand, flag } from '../cli/define.js'
import { docsOf, runtimeToExplain } from '../cli/runtimeDocs.js'
import { count, safeLines } from '../cli/text.js'
import { type CallableMethod, callableMethods, callMethod } from '../core/chain/apiCall.js'
import { type HumanValue, humanValue } from '../core/chain/humanValue.js'
import type { Field } from '../core/chain/typeDef.js'
import type { ChainValue, ChainView } from '../core/chain/types.js'
import { typeText } from '../core/chain/typeText.js'
import { BittensorError } from '../core/errors.js'
import { fromHex, toHex } from '../core/keys/hex.js'

export const api = defineCommand({
  name: 'api',
  summary: 'Call any function of the runtime.',
  usage: 'RuntimeApi.method [args…] [--at block]',
  options: {
    at,
    raw: flag({
      flags: '--raw',
      description: 'take one argument of 0x and hex digits, already encoded, and print bytes',
    }),
  },
  positionals: [
    { name: 'method', description: 'function; a runtime API alone lists its functions' },
    { name: 'args', description: 'arguments in their order', many: true },
  ],
  examples: [
    'api NeuronInfoRuntimeApi.get_neuron_lite 1 0',
    'api SwapRuntimeApi.current_alpha_price 1',
    'api StakeInfoRuntimeApi.get_stake_info_for_coldkey wallet:alice --json_output',
  ],
  notes: '`btcli api RuntimeApi.method --help` names and types the arguments.',
  explain: methodHelp,

  async run(ctx, values, [name = '', ...texts]) {
    const view = await viewAt(ctx, values.at)
    if (values.raw) return rawCall(view, name, texts)
    if (!name.includes('.')) return listing(view, name)
    const { owner, name: method, found } = findNamed(view.runtime, methodsOf(view), name)
    if (texts.length !== found.inputs.length) throw wrongCount(view, owner, method, found)
    const args: unknown[] = []
    for (const [i, text] of texts.entries()) {
      const field = found.inputs[i] as Field
      args.push(await fieldValue(ctx, view, owner, field, text))
    }
    const answer = await callMethod(view, owner, method, found, args)
    const { description } = view.runtime
    const standing = { era: view.era, pallet: owner, name: method }
    const human: HumanValue =
      answer.type === undefined || answer.value === undefined
        ? null
        : humanValue(description, answer.type, answer.value, standing)
    return {
      kind: 'answer' as const,
      api: owner,
      method,
      value: answer.value,
      human,
      raw: toHex(answer.raw),
    }
  },

  render: {
    table(data) {
      if (data.kind === 'listing') return data.lines.join('\n')
      return data.kind === 'raw' ? data.raw : safeLines(humanText(data.human))
    },
    json(data): Answer {
      if (data.kind === 'listing') return { methods: data.lines }
      if (data.kind === 'raw') return { raw: data.raw }
      const { api, method, value, human, raw } = data
      return { api, method, value, human, raw }
    },
  },
})

type Answer = {
  readonly api?: string
  readonly method?: string
  readonly value?: ChainValue
  readonly human?: HumanValue
  readonly raw?: string
  readonly methods?: readonly string[]
}

/** What the methods of a runtime are read from. */
type Described = Pick<ChainView, 'runtime' | 'era' | 'specVersion' | 'hasRuntimeApi'>

function methodsOf(view: Described): Kind<CallableMethod> {
  return {
    what: 'runtime API',
    owner: 'runtime API',
    all: () =>
      callableMethods(view.runtime, view.era, (trait, method) => view.hasRuntimeApi(trait, method)),
  }
}

async function rawCall(view: ChainView, name: string, [text = '0x']: readonly string[]) {
  const [trait = '', method = ''] = name.split('.')
  const args = fromHex(text)
  if (method === '' || !args) {
    throw new BittensorError('USAGE', 'with --raw write RuntimeApi.method and 0x and hex digits')
  }
  return { kind: 'raw' as const, raw: toHex(await view.callApi(trait, method, args)) }
}

function signature(view: Described, owner: string, name: string, method: CallableMethod): string {
  const inputs = method.inputs.map((field) => `${field[0]}: ${fieldTypeText(view.runtime, field)}`)
  const layout = method.output ?? method.known?.layouts(view.specVersion, view.era)[0]
  const output =
    layout === undefined ? '' : ` → ${typeText(view.runtime.description.types, layout)}`
  return `${owner}.${name}(${inputs.join(', ')})${output}`
}

function wrongCount(
  view: ChainView,
  owner: string,
  name: string,
  method: CallableMethod,
): BittensorError {
  return new BittensorError(
    'USAGE',
    `${owner}.${name} takes ${count(method.inputs.length, 'argument')}`,
    { hint: signature(view, owner, name, method) },
  )
}

function listing(view: Described, trait: string) {
  const kind = methodsOf(view)
  const found = trait === '' ? undefined : findOwner(view.runtime, kind, trait)
  const all = found ? { [found.owner]: found.things } : kind.all(view.runtime.description)
  const lines = Object.entries(all).flatMap(([owner, things]) =>
    Object.entries(things).map(([name, one]) => signature(view, owner, name, one)),
  )
  return { kind: 'listing' as const, lines }
}

async function methodHelp(ctx: Context, [name = '']: readonly string[]): Promise<string> {
  const view = await runtimeToExplain(ctx)
  if (!name.includes('.')) return [...listing(view, name).lines, '', `In ${view.source}`].join('\n')
  const { owner, name: method, found } = findNamed(view.runtime, methodsOf(view), name)
  const docs = await docsOf(view, 'api', owner, method)
  return [
    `btcli api ${owner}.${method}${found.inputs.map(([input]) => ` <${input}>`).join('')}`,
    '',
    ...docs.map((line) => `  ${line}`),
    ...(docs.length > 0 ? [''] : []),
    signature(view, owner, method, found),
    `In ${view.source}`,
  ].join('\n')
}
