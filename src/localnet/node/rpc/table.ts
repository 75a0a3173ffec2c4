/** All methods of the node: one file per namespace. */
import { archive } from './archive.js'
import { author } from './author.js'
import { chain } from './chain.js'
import { chainHead } from './chainHead.js'
import { dev } from './dev.js'
import { info } from './info.js'
import { type MethodTable, methodTable } from './methods.js'
import { payment } from './payment.js'
import { state } from './state.js'
import { system } from './system.js'
import { transactions } from './transactions.js'

/** Every namespace that a node answers. */
export const METHODS: MethodTable = methodTable([
  archive,
  author,
  chain,
  chainHead,
  dev,
  info,
  payment,
  state,
  system,
  transactions,
])
