/** `--unsigned`: writes what would be signed to a file for a machine without network, instead of signing it. */
import type { SigningContext } from '../core/chain/extrinsic.js'
import type { Call, ChainClient, Hex } from '../core/chain/types.js'
import type { Ss58 } from '../core/keys/ss58.js'
import type { UnsignedFile, UnsignedTransaction } from '../core/offline.js'
import { Answered } from './answered.js'
import type { Context } from './context.js'
import { absolutePath } from './paths.js'
import { type Preview, previewJson } from './preview.js'
import { count } from './text.js'

type Wanted = {
  readonly file: string
  readonly client: ChainClient
  readonly account: Ss58
  readonly calls: readonly Call[]
  readonly era: number
  readonly preview: Preview
}

/**
 * Writes the file.
 * @returns the answer to show, to be thrown
 */
export async function writeInstead(ctx: Context, wanted: Wanted): Promise<Answered<unknown>> {
  const { client, account, calls, preview } = wanted
  const [{ signingContext }, { writeUnsigned }] = await Promise.all([
    import('../core/chain/sign.js'),
    import('../core/offline.js'),
  ])
  const context = await signingContext(client, account, { era: wanted.era })
  const metadata = await client.metadata()
  const metadataHash = await digestFor(ctx, wanted, context, metadata)
  const transactions = calls.map(
    (call, i): UnsignedTransaction => ({
      call: call.data,
      nonce: context.nonce + i,
      era: context.era,
      eraHash: context.eraHash,
      tip: context.tip,
    }),
  )
  const file: UnsignedFile = {
    network: client.network,
    genesisHash: client.genesisHash,
    specName: client.specName,
    specVersion: client.specVersion,
    transactionVersion: client.transactionVersion,
    ss58Format: client.ss58Format,
    account,
    command: ctx.command,
    metadataHash,
    transactions,
    metadata,
  }
  const path = absolutePath(wanted.file, ctx.paths)
  await writeUnsigned(path, file)
  return answer({ path, file, preview, written: wanted.file })
}

/** The digest, where the runtime can check it. */
async function digestFor(
  ctx: Context,
  { client, account, calls }: Wanted,
  context: SigningContext,
  metadata: Hex,
): Promise<Hex | undefined> {
  const { hasMetadataHash, knowsItsDigest, metadataDigest, TAO_TOKEN } = await import(
    '../core/chain/metadataHash.js'
  )
  if (!hasMetadataHash(client.runtime.description)) return undefined
  const metadataHash = await metadataDigest(metadata, TAO_TOKEN)
  const [call] = calls
  if (metadataHash === undefined || call === undefined) return undefined
  const known = await knowsItsDigest(client, call, { ...context, metadataHash }, account)
  if (!known) {
    ctx.warn(
      'this runtime was built without the digest of its metadata, so the chain can not make sure of what the signer is shown',
    )
  }
  return known ? metadataHash : undefined
}

type Written = {
  readonly path: string
  /** As it was typed. */
  readonly written: string
  readonly file: UnsignedFile
  readonly preview: Preview
}

/** `data` of the JSON document. */
export type UnsignedJson = {
  readonly unsigned: true
  readonly file: string
  readonly account: string
  readonly genesisHash: Hex
  readonly specVersion: number
  readonly metadataHash: Hex | null
  readonly transactions: readonly {
    readonly call: Hex
    readonly nonce: number
    readonly era: UnsignedTransaction['era']
    readonly eraHash: Hex
    readonly tipRao: bigint
  }[]
  readonly feeRao: bigint | null
  readonly preview: ReturnType<typeof previewJson>
}

function answer(data: Written): Answered<unknown> {
  return new Answered<Written>(data, {
    table: ({ written, file }) =>
      [
        `Wrote ${count(file.transactions.length, 'transaction')} for ${file.account} to ${written}`,
        '  nothing was signed or sent',
        `  to sign it, with or without network:  btcli sign_tx ${written}`,
      ].join('\n'),
    json: ({ path, file, preview }): UnsignedJson => ({
      unsigned: true,
      file: path,
      account: file.account,
      genesisHash: file.genesisHash,
      specVersion: file.specVersion,
      metadataHash: file.metadataHash ?? null,
      transactions: file.transactions.map(({ call, nonce, era, eraHash, tip }) => ({
        call,
        nonce,
        era,
        eraHash,
        tipRao: tip,
      })),
      feeRao: preview.fee,
      preview: previewJson(preview),
    }),
  }) as Answered<unknown>
}
