/** `btcli decode`: what bytes of the chain mean. */
import { at, viewAt } from '../cli/blockOption.js'
import { humanText } from '../cli/chainValues.js'
import type { Context } from '../cli/context.js'
import { defineCommand, option } from '../cli/define.js'
import { absolutePath } from '../cli/paths.js'
import { safeLines } from '../cli/text.js'
import { type Decoded, decodeAny, decodeAs } from '../core/chain/decodeAny.js'
import type { Description } from '../core/chain/description.js'
import { type HumanValue, humanValue } from '../core/chain/humanValue.js'
import type { ChainEra, ChainValue, Hex } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import { fromHex } from '../core/keys/hex.js'

export const decode = defineCommand({
  name: 'decode',
  summary: 'Say what bytes of the chain mean.',
  usage: '<hex> [--as WHAT] [--metadata FILE | --at block]',
  options: {
    as: option({
      flags: '--as, --type <what>',
      description:
        'extrinsic, call, key, Pallet.Item for a stored value, or a type such as Vec<u16> (default: found out)',
    }),
    metadata: option({
      flags: '--metadata <file>',
      description: 'metadata to decode by, instead of that of the connected chain',
    }),
    at,
  },
  positionals: [
    { name: 'hex', description: '0x and hex digits, or - to read them from stdin', required: true },
  ],
  examples: [
    'decode 0x00001468656c6c6f',
    'decode 0x00ca9a3b00000000 --as SubtensorModule.Burn',
    'decode - --as extrinsic --metadata spec-143.scale < transaction.hex',
  ],

  async run(ctx, values, [text = '']) {
    const written = text === '-' ? (await ctx.stdin.readText()).trim() : text
    const bytes = fromHex(/^0x/i.test(written) ? written : `0x${written}`)
    if (!bytes) throw new BittensorError('USAGE', 'write 0x and an even number of hex digits')
    const { description, era } = await descriptionOf(ctx, values)
    const decoded =
      values.as === undefined
        ? decodeAny(description, bytes)
        : decodeAs(description, bytes, values.as)
    return { ...shownOf(description, era, decoded, values.as), kind: decoded.kind }
  },

  render: {
    table: ({ human }) => safeLines(humanText(human)),
    json: ({ kind, human, value }) => ({ kind, human, value }),
  },
})

async function descriptionOf(
  ctx: Context,
  values: { readonly metadata: string | undefined; readonly at: number | Hex | undefined },
): Promise<{ readonly description: Description; readonly era: ChainEra }> {
  if (values.metadata === undefined) {
    const { runtime, era } = await viewAt(ctx, values.at)
    return { description: runtime.description, era }
  }
  const [{ readMetadataFile, describeMetadata }, { eraOfDescription }] = await Promise.all([
    import('../core/chain/metadataFile.js'),
    import('../core/chain/description.js'),
  ])
  const path = absolutePath(values.metadata, ctx.paths)
  const description = await describeMetadata(await readMetadataFile(path), path)
  return { description, era: eraOfDescription(description) }
}

function shownOf(
  description: Description,
  era: ChainEra,
  decoded: Decoded,
  as: string | undefined,
): { readonly human: HumanValue; readonly value: ChainValue } {
  const callText = (call: ChainValue) =>
    humanValue(description, description.call, call, { era, pallet: '', name: 'call' })
  switch (decoded.kind) {
    case 'call':
      return { human: callText(decoded.call as unknown as ChainValue), value: decoded.call }
    case 'value': {
      const [pallet = '', name = ''] = (as ?? '').split('.')
      const at = { era, pallet, name: name === '' ? 'value' : name }
      const { type, value } = decoded
      return { human: humanValue(description, type, value, at), value }
    }
    case 'key': {
      const { pallet, item, keys, description: found } = decoded
      const shown = keys.map((key, i) => {
        const { hasher = '', type = 0 } = found.keys[i] ?? {}
        if (!/Concat|Identity/.test(hasher)) return String(key)
        return humanValue(description, type, key, { era, pallet, name: 'key' })
      })
      const human = { storage: `${pallet}.${item}`, keys: shown }
      return { human, value: { pallet, item, keys } }
    }
    case 'extrinsic': {
      const { extrinsic } = decoded
      const { extensions, extensionTypes, signer, signature, hash, format } = extrinsic
      const shown = Object.entries(extensions).map(([name, value]) => {
        const label = name === 'ChargeTransactionPayment' ? 'TaoBalance' : undefined
        const type = extensionTypes[name] ?? 0
        return [name, humanValue(description, type, value, { era, pallet: '', name, label })]
      })
      const human = {
        hash,
        format,
        signer: signer ?? null,
        signature: signature ?? null,
        extensions: Object.fromEntries(shown) as HumanValue,
        ...(callText(extrinsic.call as unknown as ChainValue) as object),
      }
      return { human, value: { hash, format, signer, signature, extensions, call: extrinsic.call } }
    }
  }
}
