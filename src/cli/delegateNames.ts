/** Names of delegates for the commands that show them; never needed, never waited for long. */
import { join } from 'node:path'
import { readDelegateIdentities } from '../core/chain/identities.js'
import type { ChainClient } from '../core/chain/types.js'
import type { DelegateNames, FetchText } from '../core/delegateNames.js'
import { readDelegateNames, readNames } from '../core/delegateNames.js'
import { parseAccount, type Ss58 } from '../core/keys/ss58.js'
import type { Context } from './context.js'
import { flag } from './define.js'

export const noNames = flag({
  flags: '--no_names',
  description: 'leave out the names of delegates, and ask nobody for them',
})

/** A hotkey and, where identities are kept on chain, the coldkey that has one. */
export type Named = { readonly hotkey: Ss58; readonly owner: Ss58 | undefined }

/**
 * Names by hotkey. Identities on chain come first. The registry of delegates knows real chains only; a chain for
 * development has names of its own.
 */
export async function delegateNames(
  ctx: Context,
  delegates: readonly Named[],
  values: { readonly noNames: boolean } = { noNames: false },
): Promise<DelegateNames> {
  if (values.noNames) return new Map()
  const client = await ctx.chain()
  const [identities, developers] = await Promise.all([
    identitiesOf(ctx, delegates),
    developerNames(client),
  ])
  return readDelegateNames({
    cacheFile: join(ctx.paths.cache, 'delegates.json'),
    now: () => ctx.clock.now(),
    fetchText: client.value === 'real' ? fetchText : undefined,
    known: new Map([...developers, ...identities]),
    signal: ctx.signal,
  })
}

async function identitiesOf(ctx: Context, delegates: readonly Named[]): Promise<DelegateNames> {
  const identities = await readDelegateIdentities(await ctx.head(), delegates)
  return readNames(Object.fromEntries(identities))
}

/** The keys of the development chain are known to everyone, so on other chains they stand for nobody. */
async function developerNames({ value, network }: ChainClient): Promise<DelegateNames> {
  if (value === 'real' || network === 'test') return new Map()
  const { devDelegateNames } = await import('../localnet/genesis/devDelegates.js')
  return readNames(
    Object.fromEntries(
      [...devDelegateNames()].map(([account, one]) => [parseAccount(account).address, one]),
    ),
  )
}

const fetchText: FetchText = async (url, { signal }) => {
  const response = await fetch(url, { signal })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return response.text()
}
