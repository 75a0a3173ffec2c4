/** What happens at the start of every block, before its transactions. */
import type { RuntimeContext } from '../pallet.js'
import { adjustRegistrations } from './adjustment.js'
import { generateEmission, payLoadedEmission } from './emission.js'
import { rootEpoch } from './rootEpoch.js'

/** Adjusts prices, shares out the emission, pays the last epochs and runs those that are due; in this order. */
export function blockStep(context: RuntimeContext): void {
  adjustRegistrations(context)
  rootEpoch(context.state, context.block)
  payLoadedEmission(context.state)
  generateEmission(context)
}
