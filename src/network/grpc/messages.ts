/** The messages of the 5.x text-prompting service (textPrompting.proto). */
import type { MessageSpec } from './protobuf.js'

export const ForwardRequest = {
  version: { no: 1, type: 'int32' },
  messages: { no: 3, type: 'string', repeated: true },
  timeout: { no: 4, type: 'float' },
} as const satisfies MessageSpec

export const ForwardResponse = {
  version: { no: 1, type: 'int32' },
  response: { no: 3, type: 'string' },
  return_message: { no: 4, type: 'string' },
  return_code: { no: 5, type: 'enum' },
} as const satisfies MessageSpec

export const BackwardRequest = {
  version: { no: 1, type: 'int32' },
  rewards: { no: 3, type: 'float', repeated: true },
  messages: { no: 4, type: 'string', repeated: true },
  response: { no: 5, type: 'string' },
  timeout: { no: 6, type: 'float' },
} as const satisfies MessageSpec

export const BackwardResponse = {
  version: { no: 1, type: 'int32' },
  return_message: { no: 4, type: 'string' },
  return_code: { no: 5, type: 'enum' },
} as const satisfies MessageSpec

export const MultiForwardRequest = {
  version: { no: 1, type: 'int32' },
  hotkey: { no: 2, type: 'string' },
  messages: { no: 3, type: 'string', repeated: true },
  timeout: { no: 4, type: 'float' },
} as const satisfies MessageSpec

export const MultiForwardResponse = {
  version: { no: 1, type: 'int32' },
  hotkey: { no: 2, type: 'string' },
  multi_completions: { no: 3, type: 'string', repeated: true },
  return_message: { no: 4, type: 'string' },
  return_code: { no: 5, type: 'enum' },
} as const satisfies MessageSpec

export const TensorMessage = {
  version: { no: 1, type: 'int32' },
  buffer: { no: 2, type: 'bytes' },
  shape: { no: 3, type: 'int64', repeated: true },
  serializer: { no: 4, type: 'enum' },
  tensor_type: { no: 5, type: 'enum' },
  dtype: { no: 6, type: 'enum' },
  requires_grad: { no: 8, type: 'bool' },
} as const satisfies MessageSpec
