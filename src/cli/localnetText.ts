/** How the answers of `btcli localnet` are shown. */
import { formatTao } from '../core/units.js'
import type { ChainStatus } from '../localnet/node/control.js'
import type { LocalnetData, LocalnetState } from './localnetActions.js'
import type { View } from './table.js'

/** For people. */
export function localnetText(data: LocalnetData, { style }: View): string {
  const ok = style.green(style.sign.ok)
  switch (data.kind) {
    case 'start':
      return `${ok} ${data.endpoint}\n${factsText(data)}`
    case 'status':
      return statusText(data)
    case 'stop':
      return `${ok} The local chain on ${data.endpoint} has ended.`
    case 'reset':
      return data.removed
        ? `${ok} The local chain in ${data.directory} is deleted.`
        : `There was no local chain in ${data.directory}.`
    case 'fund':
      return `${ok} ${data.address} got τ${formatTao(data.amount)} and has τ${formatTao(data.free)}, at block ${data.head.number}`
    case 'advance':
      return `${ok} Block ${data.head.number} ${data.head.hash}`
    case 'upgrade':
      return data.at === null
        ? `${ok} The chain has profile ${data.profile}, at block ${data.head.number}.`
        : `${ok} Block ${data.at} will bring the next runtime; the chain is at block ${data.head.number}.`
  }
}

function statusText(data: LocalnetState): string {
  if (!data.chain) return `There is no local chain in ${data.directory}.`
  const where = data.running ? `Runs on ${data.endpoint}` : 'It does not run.'
  return `${where}\n${factsText(data)}`
}

function factsText({ directory, chain, running }: LocalnetState): string {
  if (!chain) return ''
  const { head, finalized, genesis, genesisHash, blocks, pending, profile, upgradeAt } = chain
  const upgrade = upgradeAt === null ? '' : `, dtao from block ${upgradeAt + 1} on`
  const mode = typeof blocks === 'number' ? `every ${blocks} ms` : blocks
  const made = `blocks    ${mode}${pending > 0 ? `, transactions that wait: ${pending}` : ''}`
  return [
    // Hashes on lines of their own: beside a long number they would not fit 80 columns.
    `block     ${head.number}`,
    `          ${head.hash}`,
    `final     ${finalized.number}`,
    // Only a running chain makes blocks in some way.
    ...(running ? [made] : []),
    `profile   ${profile}${upgrade}`,
    `genesis   ${genesis}`,
    `          ${genesisHash}`,
    `kept in   ${directory}`,
  ].join('\n')
}

/** What `start` and `status` tell programs. */
type StateJson = Pick<LocalnetState, 'running' | 'endpoint' | 'directory'> & {
  readonly exists: boolean
}
/** Of a chain that exists; `blocks` is null while it does not run. */
type ChainJson = StateJson &
  Omit<ChainStatus, 'instance' | 'blocks'> & { readonly blocks: ChainStatus['blocks'] | null }
type FundJson = {
  readonly address: string
  readonly amountRao: `${bigint}`
  readonly amountTao: string
  readonly freeRao: `${bigint}`
  readonly freeTao: string
  readonly head: ChainStatus['head']
}
type Of<Kind extends LocalnetData['kind']> = Omit<
  Extract<LocalnetData, { readonly kind: Kind }>,
  'kind'
>

/** The fields of the JSON document. */
export function localnetJson(
  data: LocalnetData,
): StateJson | ChainJson | FundJson | Of<'stop'> | Of<'reset'> | Of<'advance'> | Of<'upgrade'> {
  if ('chain' in data) return stateJson(data)
  if (data.kind !== 'fund') {
    const { kind: _, ...rest } = data
    return rest
  }
  const { address, amount, free, head } = data
  return {
    address,
    amountRao: `${amount}`,
    amountTao: formatTao(amount),
    freeRao: `${free}`,
    freeTao: formatTao(free),
    head,
  }
}

function stateJson({ running, endpoint, directory, chain }: LocalnetState): StateJson | ChainJson {
  const place = { running, endpoint, directory, exists: chain !== undefined }
  if (!chain) return place
  const { instance: _, blocks, ...facts } = chain
  return { ...place, ...facts, blocks: running ? blocks : null }
}
