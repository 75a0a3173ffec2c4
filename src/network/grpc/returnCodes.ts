/** How bittensor 5.3.1 numbers outcomes, and what that is among the statuses that all protocols share. */

/** Names by number (bittensor 5.3.1, bittensor.proto). */
export const RETURN_CODES = [
  'NoReturn',
  'Success',
  'Timeout',
  'Backoff',
  'Unavailable',
  'NotImplemented',
  'EmptyRequest',
  'EmptyResponse',
  'InvalidResponse',
  'InvalidRequest',
  'RequestShapeException',
  'ResponseShapeException',
  'RequestSerializationException',
  'ResponseSerializationException',
  'RequestDeserializationException',
  'ResponseDeserializationException',
  'NotServingNucleus',
  'NucleusTimeout',
  'NucleusFull',
  'RequestIncompatibleVersion',
  'ResponseIncompatibleVersion',
  'SenderUnknown',
  'UnknownException',
  'Unauthenticated',
  'BadEndpoint',
  'Blacklisted',
] as const

export type ReturnCodeName = (typeof RETURN_CODES)[number] | 'UnknownCode'

/** The numbers that this package sends. */
export const ReturnCode = {
  success: 1,
  timeout: 2,
  unavailable: 4,
  notImplemented: 5,
  unknownException: 22,
  unauthenticated: 23,
  blacklisted: 25,
} as const

/** The name of a return code, `UnknownCode` for other numbers. */
export function returnCodeName(code: number): ReturnCodeName {
  return RETURN_CODES[code] ?? 'UnknownCode'
}

/** Return codes in the meaning of HTTP statuses, which results of all protocols share; all others are 500. */
export const HTTP_OF_RETURN_CODE: Readonly<Record<number, number>> = {
  [ReturnCode.success]: 200,
  [ReturnCode.timeout]: 408,
  [ReturnCode.unavailable]: 503,
  [ReturnCode.notImplemented]: 404,
  [ReturnCode.unauthenticated]: 401,
  [ReturnCode.blacklisted]: 403,
}

/** The return code of a call: the one that gRPC brought, else the one that its status stands for. */
export function returnCodeOf(result: {
  readonly status: number
  readonly returnCode?: number | undefined
}): { readonly code: number; readonly name: ReturnCodeName } {
  const known = Object.entries(HTTP_OF_RETURN_CODE).find(([, status]) => status === result.status)
  const code = result.returnCode ?? Number(known?.[0] ?? ReturnCode.unknownException)
  return { code, name: returnCodeName(code) }
}
