/** What left an account by a call whose amount only the chain knows, from the events of its block. */
import type { ChainEvent } from './chain/types.js'

/** A call as the journal has it. */
export type NamedCall = { readonly name: string; readonly args: Readonly<Record<string, unknown>> }

/**
 * RAO that `Balances.transfer_all` has moved, made for another account or not; undefined for other calls, and where
 * no event tells.
 * @param events those of the transaction, `Balances.Transfer` among them
 */
export function spentBy(call: NamedCall, events: readonly ChainEvent[]): bigint | undefined {
  const dest = emptiedInto(call)
  if (dest === undefined) return undefined
  const amounts = events.flatMap(({ pallet, name, data }) => {
    if (pallet !== 'Balances' || name !== 'Transfer') return []
    const [, to, amount] = Array.isArray(data) ? data : Object.values(data)
    return to === dest && typeof amount === 'bigint' ? [amount] : []
  })
  return amounts.length === 1 ? amounts[0] : undefined
}

function emptiedInto({ name, args }: NamedCall): string | undefined {
  const { dest, call } = args
  if (name === 'Balances.transfer_all') return typeof dest === 'string' ? dest : undefined
  return name === 'Proxy.proxy' && isCall(call)
    ? emptiedInto({ name: `${call.pallet}.${call.name}`, args: call.args })
    : undefined
}

function isCall(value: unknown): value is NamedCall & { readonly pallet: string } {
  if (typeof value !== 'object' || value === null) return false
  const { pallet, name, args } = value as Partial<Record<string, unknown>>
  return typeof pallet === 'string' && typeof name === 'string' && typeof args === 'object'
}
