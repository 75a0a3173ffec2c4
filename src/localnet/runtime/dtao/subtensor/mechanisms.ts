/** A subnet may have several mechanisms, each with weights, bonds and incentives of its own. */
import type { State } from '../../state.js'
import { S } from './storage.js'

/** How far apart the mechanisms of a subnet are kept: mechanism 0 is at the netuid itself. */
const STRIDE = 4096

/** Where a mechanism's weights, bonds, incentives and commits are kept. */
export const indexOf = (netuid: number, mechanism: number): number => mechanism * STRIDE + netuid

/** The indexes of all mechanisms of a subnet. */
export const indexesOf = (state: State, netuid: number): number[] =>
  Array.from({ length: state.get(S.MechanismCountCurrent, netuid) }, (_, mechanism) =>
    indexOf(netuid, mechanism),
  )
