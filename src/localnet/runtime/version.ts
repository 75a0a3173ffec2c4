/** The version the embedded runtime answers with: that of the real spec-143 build. */

/** Blake2b-64 of API names and their versions, as the real build exports them. */
const APIS: [string, number][] = [
  ['0xdf6acb689907609b', 4],
  ['0x37e397fc7c91f5e4', 1],
  ['0x40fe3ad401f8959a', 6],
  ['0xd2bc9897eed08f15', 3],
  ['0xf78b278be53f454c', 2],
  ['0xdd718d5cc53262d4', 1],
  ['0xab3c0572291feb8b', 1],
  ['0xed99c5acb25eedf5', 3],
  ['0xbc9d89904f5b923f', 1],
  ['0x37c8bb1350a9a2a8', 3],
  ['0xf3ff14d5ab527059', 3],
]

/** `System.Version` with the field names of the wire format. */
export const RUNTIME_VERSION = {
  spec_name: 'node-subtensor',
  impl_name: 'node-subtensor',
  authoring_version: 1,
  spec_version: 143,
  impl_version: 1,
  apis: APIS,
  transaction_version: 1,
  state_version: 1,
}
