/** `btcli sign_tx`: signs what `--unsigned` wrote, without network; shows it decoded by the metadata in the file. */
import { humanLine } from '../cli/chainValues.js'
import type { Context } from '../cli/context.js'
import { defineCommand, flag, option } from '../cli/define.js'
import { walletHotkey, walletName } from '../cli/options.js'
import { absolutePath } from '../cli/paths.js'
import { type Row, rowsText } from '../cli/preview.js'
import { count } from '../cli/text.js'
import { eraOfDescription } from '../core/chain/description.js'
import { type HumanValue, humanValue } from '../core/chain/humanValue.js'
import { networkOfGenesis } from '../core/chain/networks.js'
import type { ChainValue, DecodedCall, Era } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import type { ReadableFile } from '../core/offline.js'
import { spendOf } from '../core/plans/callSpend.js'
import { UNKNOWN_FEE } from '../core/policyCheck.js'
import { formatTao, parseTao, type Rao } from '../core/units.js'
import { openWallet, type Wallet } from '../core/wallet/wallet.js'

export const signTx = defineCommand({
  name: 'sign_tx',
  summary: 'Sign transactions from a file, without network.',
  usage: '<file> [--out FILE] [options]',
  options: {
    walletName: { ...walletName, ask: undefined },
    walletHotkey: { ...walletHotkey, ask: undefined },
    out: option({
      flags: '--out <file>',
      description: 'where to write what was signed (default: FILE with .signed before its ending)',
    }),
    fee: option({
      flags: '--fee <tao>',
      description:
        'fee to count for the limits of the policy, as the preview of --unsigned showed it; no chain can be asked here',
      parse: parseTao,
    }),
    allowUnchecked: flag({
      flags: '--allow_unchecked_metadata',
      description: 'sign although the chain does not make sure that the file shows what it signs',
    }),
  },
  positionals: [{ name: 'file', description: 'file that --unsigned has written', required: true }],
  examples: [
    'transfer --dest 5Dest… --amount 10 -w alice --unsigned t.json',
    'sign_tx t.json -w alice',
    'submit t.signed.json',
  ],
  notes:
    'What is shown is read from the bytes that are signed. Where the runtime knows the digest of its metadata, the signature covers it: a file with false metadata makes a transaction that the chain refuses.',

  async run(ctx, values, [name = '']) {
    const { openUnsigned, signFile, writeSigned } = await import('../core/offline.js')
    const path = absolutePath(name, ctx.paths)
    const readable = await openUnsigned(path)
    const { file } = readable
    const wallet = openWallet(
      {
        root: ctx.paths.wallets,
        name: await nameOf(ctx, values.walletName),
        hotkey: values.walletHotkey,
      },
      { onWarning: ctx.warn },
    )
    const key = await keyFor(wallet, file.account)
    const shown = shownOf(readable)
    if (!ctx.settings.json) {
      const rows = rowsOf(readable, shown, key.label)
      ctx.stderr.write(rowsText('Sign without network', rows, ctx.stderr.columns))
    }
    await reviewPolicy(ctx, readable, values.fee)
    if (!readable.vouched && !(await isKnownRuntime(ctx, readable))) {
      const agreed =
        values.allowUnchecked ||
        (await ctx.prompt.confirm({
          message: 'The chain does not check by what metadata this was shown. Sign it anyway?',
          onlyBy: '--allow_unchecked_metadata',
        }))
      if (!agreed) throw declined()
    }
    const what = count(file.transactions.length, 'transaction')
    if (!(await ctx.prompt.confirm({ message: `Sign ${what} as ${key.label}?` }))) throw declined()
    const { unlocking } = await import('../cli/passwords.js')
    const signed = await signFile(readable, await unlocking(ctx, key.unlock))
    const out = values.out ?? name.replace(/(\.[^./\\]*)?$/, '.signed$1')
    await writeSigned(absolutePath(out, ctx.paths), signed)
    return { out, outPath: absolutePath(out, ctx.paths), signed, shown, readable }
  },

  render: {
    table: ({ out, signed }, { style }) =>
      [
        `${style.green(style.sign.ok)} Signed ${count(signed.transactions.length, 'transaction')}, written to ${out}`,
        ...signed.transactions.map(({ hash }) => `  hash   ${hash}`),
        '  nothing was sent',
        `  to send it:  btcli submit ${out}`,
      ].join('\n'),
    json: ({ outPath, signed, shown, readable }) => ({
      file: outPath,
      account: signed.account,
      genesisHash: signed.genesisHash,
      specVersion: signed.specVersion,
      metadataHash: readable.file.metadataHash ?? null,
      transactions: signed.transactions.map(({ hash, nonce, era }, i) => ({
        extrinsicHash: hash,
        nonce,
        era,
        call: shown[i] ?? null,
      })),
    }),
  },
})

/** Asked for once the file is known to be one to sign. */
async function nameOf(ctx: Context, name: string): Promise<string> {
  if (ctx.origin('wallet.name') !== undefined || !ctx.settings.interactive) return name
  return ctx.prompt.input({ message: 'Enter wallet name', default: name })
}

function declined(): BittensorError {
  return new BittensorError('DECLINED', 'declined, nothing was signed')
}

type SigningKey = {
  readonly label: string
  readonly unlock: Wallet['unlockColdkey']
}

/** The key of the wallet that has to sign. */
async function keyFor(wallet: Wallet, account: string): Promise<SigningKey> {
  const coldkey = await wallet.coldkeypubAddress().catch(noSuchKey)
  if (coldkey === account) {
    return { label: wallet.name, unlock: (source) => wallet.unlockColdkey(source) }
  }
  const hotkey = await wallet.hotkeyAddress().catch(noSuchKey)
  if (hotkey === account) {
    const label = `${wallet.name}/${wallet.hotkeyName}`
    return { label, unlock: (source) => wallet.unlockHotkey(source) }
  }
  throw new BittensorError(
    'USAGE',
    `wallet ${wallet.name} does not hold the key that has to sign`,
    {
      details: `${account} has to sign; the coldkey is ${coldkey ?? 'not there'}, hotkey ${wallet.hotkeyName} is ${hotkey ?? 'not there'}`,
      hint: 'name the wallet with --wallet.name, and the hotkey with --wallet.hotkey',
    },
  )
}

function noSuchKey(error: unknown): undefined {
  if (error instanceof BittensorError && error.code === 'WALLET_NOT_FOUND') return undefined
  throw error
}

type Shown = { readonly call: string; readonly args: Readonly<Record<string, HumanValue>> }

function shownOf({ runtime, calls }: ReadableFile): Shown[] {
  const { description } = runtime
  const era = eraOfDescription(description)
  return calls.map(
    (call) =>
      humanValue(description, description.call, call as unknown as ChainValue, {
        era,
        pallet: call.pallet,
        name: call.name,
      }) as unknown as Shown,
  )
}

/** Every field that the signature covers. */
function rowsOf(readable: ReadableFile, shown: readonly Shown[], signer: string): readonly Row[] {
  const { file, vouched } = readable
  const network = networkOfGenesis(file.genesisHash)
  const rows: Row[] = [
    ['network', network ?? `unknown; the file calls it ${file.network}`],
    ['genesis', file.genesisHash],
    [
      'runtime',
      `${file.specName} spec ${file.specVersion}, transactions ${file.transactionVersion}`,
    ],
    ['signed by', `${signer}   ${file.account}`],
    [
      'metadata',
      vouched
        ? `${file.metadataHash} (checked by the chain)`
        : 'not checked by the chain: what stands here is as true as the file',
    ],
  ]
  for (const [i, { call, args }] of shown.entries()) {
    const { nonce, era, eraHash, tip } = file.transactions[i] ?? {}
    if (shown.length > 1) rows.push(['', ''], [`${i + 1}/${shown.length}`, ''])
    rows.push(['call', call])
    for (const [name, value] of Object.entries(args)) rows.push([name, humanLine(value)])
    rows.push(['nonce', `${nonce}`])
    rows.push(['valid', `${eraText(era)}   ${eraHash}`])
    rows.push(['tip', `τ${formatTao(tip ?? 0n, 'full')}`])
  }
  return rows
}

function eraText(era: Era | 'immortal' | undefined): string {
  if (era === undefined || era === 'immortal') return 'for ever'
  return `from block ${era.birth} to block ${era.death}`
}

/** The limits of this machine count here as well. */
async function reviewPolicy(
  ctx: Context,
  { file, runtime, calls }: ReadableFile,
  fee: Rao | undefined,
): Promise<void> {
  const network = networkOfGenesis(file.genesisHash)
  const era = eraOfDescription(runtime.description)
  const intended = calls.map((decoded: DecodedCall, i) => {
    const data = file.transactions[i]?.call ?? '0x'
    const call = { ...decoded, data, specVersion: file.specVersion }
    return {
      network: network ?? file.network,
      genesisHash: file.genesisHash,
      value: network === 'finney' ? ('real' as const) : ('unknown' as const),
      specVersion: file.specVersion,
      command: ctx.command,
      account: file.account,
      call,
      asked: call.args,
      netuids: [],
      destinations: [],
      spendRao: spendOf({ era }, call),
      feeRao: fee ?? null,
    }
  })
  const violations: string[] = []
  for (const guard of ctx.guards) violations.push(...((await guard.review?.(intended)) ?? []))
  if (violations.length === 0) return
  const isFee = fee === undefined && violations.some((text) => text.includes(UNKNOWN_FEE))
  throw new BittensorError('POLICY', 'your policy forbids this', {
    details: [...violations, 'nothing was signed'].join('\n'),
    ...(isFee
      ? { hint: 'give the fee that the preview of --unsigned showed, such as --fee 0.000014' }
      : {}),
    data: { violations },
  })
}

/** Whether this machine got the same runtime from a node of its own. */
async function isKnownRuntime(ctx: Context, { file, runtime }: ReadableFile): Promise<boolean> {
  const { newestCached } = await import('../core/chain/metadataCache.js')
  const { genesisHash, specVersion } = file
  const known = await newestCached(ctx.paths.cache, { genesisHash, specVersion })
  return (
    known !== undefined && JSON.stringify(known.description) === JSON.stringify(runtime.description)
  )
}
