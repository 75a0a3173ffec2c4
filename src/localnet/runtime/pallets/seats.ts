/** The two sets of seats: three triumvirs, who propose, and twelve senators, who vote. */
import { followMembers } from './collective.js'
import { membership } from './membership.js'

export const SENATE_SEATS = 12
const TRIUMVIRS = 3

export const triumvirateMembers = membership('TriumvirateMembers', 9, TRIUMVIRS, followMembers)
export const senate = membership('SenateMembers', 10, SENATE_SEATS)
