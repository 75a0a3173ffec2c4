/** Mechanisms of a subnet: since late 2025 one may have several, each with weights, bonds and incentives of its own. */
import { BittensorError } from '../errors.js'
import type { ChainView } from './types.js'
import { asNumber } from './values.js'

const MODULE = 'SubtensorModule'
/** The most subnets that a chain can have; the storage of mechanism n stands so many netuids further. */
const NETUIDS = 4096

/** Where the chain keeps the weights, bonds, incentives and updates of a mechanism; for the first it is the netuid. */
export function mechanismIndex(netuid: number, mechanism: number): number {
  return netuid + NETUIDS * mechanism
}

/** How many mechanisms a subnet has (`MechanismCountCurrent`); 1 on runtimes before there were several. */
export async function readMechanismCount(view: ChainView, netuid: number): Promise<number> {
  if (!view.hasStorage(MODULE, 'MechanismCountCurrent')) return 1
  return asNumber(await view.read(MODULE, 'MechanismCountCurrent', netuid))
}

/**
 * Checks that a subnet has a mechanism.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` for a second one before there were several, `USAGE` naming how many there are
 */
export async function existingMechanism(
  view: ChainView,
  netuid: number,
  mechanism: number,
): Promise<void> {
  if (mechanism === 0) return
  if (!view.hasStorage(MODULE, 'MechanismCountCurrent')) {
    throw new BittensorError(
      'RUNTIME_UNSUPPORTED',
      `subnets of this chain (spec ${view.specVersion}) have one mechanism, number 0`,
      { details: 'several came in late 2025', data: { specVersion: view.specVersion } },
    )
  }
  const many = await readMechanismCount(view, netuid)
  if (mechanism < many) return
  const known = many === 1 ? 'it has one, number 0' : `it has ${many}, numbers 0 to ${many - 1}`
  throw new BittensorError('USAGE', `subnet ${netuid} has no mechanism ${mechanism}`, {
    details: known,
    data: { netuid, mechanism, mechanisms: many },
  })
}
