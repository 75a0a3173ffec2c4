/** The two sets of seats: three triumvirs, who propose, and twelve senators, who vote. */
import { followMembers } from './collective.js'
import { Membership } from './membership.js'

export const SENATE_SEATS = 12
const TRIUMVIRS = 3

export const triumvirateMembers = new Membership('TriumvirateMembers', 9, TRIUMVIRS, followMembers)
export const senate = new Membership('SenateMembers', 10, SENATE_SEATS)
