/** What `associate_hotkey` checks, and what it shows before signing. */
import { buildCall } from '../chain/calls.js'
import { readOwner } from '../chain/stake.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { type CallPlan, planCall } from './callPlan.js'
import { type Party, type Planning, partyName } from './plan.js'

/** Who owns the hotkey. */
export type AssociatePlan = CallPlan<Ss58 | undefined>

/**
 * Checks that nobody owns the hotkey yet and says what it would do.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `KEYFILE` when another coldkey owns it, `DUPLICATE` when this one does already,
 * `INSUFFICIENT_BALANCE`
 */
export async function planAssociate(
  planning: Planning,
  { wallet, hotkey }: { readonly wallet: Party; readonly hotkey: Party },
): Promise<AssociatePlan> {
  const call = buildCall(planning.client, 'SubtensorModule', 'try_associate_hotkey', {
    hotkey: hotkey.address,
  })
  const owner = await readOwner(planning.view, hotkey.address)
  if (owner === wallet.address) {
    throw new BittensorError('DUPLICATE', `${partyName(hotkey)} belongs to ${wallet.name} already`)
  }
  if (owner !== undefined) {
    throw new BittensorError(
      'KEYFILE',
      `the hotkey ${partyName(hotkey)} belongs to another coldkey`,
      {
        details: `${owner} owns it; an owner is for ever`,
        data: { hotkey: hotkey.address, owner, coldkey: wallet.address },
      },
    )
  }
  return planCall<Ss58 | undefined>(planning, {
    signer: wallet,
    call,
    label: `${partyName(hotkey)} to ${wallet.name}`,
    measure: (at) => readOwner(at, hotkey.address),
    facts: [{ label: 'hotkey', value: hotkey, note: 'unknown to the chain' }],
    notes: ['the chain then knows the hotkey as yours; it is not registered on any subnet by this'],
    question: `Tell the chain that ${partyName(hotkey)} belongs to ${wallet.name}?`,
  })
}
