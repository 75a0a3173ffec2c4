/** All methods of the node: one file per namespace. */
import { author } from './author.js'
import { chain } from './chain.js'
import { dev } from './dev.js'
import { type MethodTable, methodTable } from './methods.js'
import { payment } from './payment.js'
import { state } from './state.js'
import { system } from './system.js'

/** Every namespace that a node answers. */
export const METHODS: MethodTable = methodTable([author, chain, dev, payment, state, system])
