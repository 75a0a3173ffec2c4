/** A runtime as a node runs it, with what follows from it: the form of transactions, limits, APIs, metadata. */
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { ProfileName } from '../runtime/profile.js'
import type { Runtime } from '../runtime/runtime.js'
import { MultiAddress } from '../runtime/types.js'
import { RUNTIME_VERSION } from '../runtime/version.js'
import { type Limits, limitsOf } from './chain/limits.js'
import { decodeExtrinsic, type Extrinsic } from './extrinsic/codec.js'
import { infoApis } from './infoApis.js'
import {
  extensionsOf,
  Runtime as RuntimeType,
  type SignedExtension,
} from './metadata/extensions.js'
import type { RuntimeApi } from './runtimeApis.js'
import { standardApis } from './standardApis.js'

export type Engine = {
  readonly runtime: Runtime
  readonly extensions: readonly SignedExtension[]
  readonly limits: Limits
  readonly apis: readonly RuntimeApi[]
  /** SCALE metadata; made when first asked for. */
  metadata(version: 14 | 15): Promise<Uint8Array>
  /** Takes an extrinsic apart. Throws {@link FormatError}. */
  decode(bytes: Uint8Array): Extrinsic
}

/** The runtimes that a chain has had and may get, each made when first needed. */
export type Engines = {
  of(profile: ProfileName): Engine
  /** The one that a state has as its `:code`. */
  ofCode(code: Uint8Array | undefined): Engine
}

/** `:code`, by whose hash clients tell one runtime from another. */
export const CODE = '3a636f6465'

/** What stands where a real chain keeps its WebAssembly: the name of the runtime and of all its calls. */
export function codeOf({ version, pallets }: Runtime): Uint8Array {
  const calls = pallets.map(({ name, calls }) => [name, Object.keys(calls)])
  return utf8ToBytes(JSON.stringify({ version, calls }))
}

/** Where the version stands in {@link codeOf}, whatever calls this software had when it wrote it. */
const VERSION_BYTES = 256
const SPEC_VERSION = /"specVersion":(\d+)/

export function createEngines(runtimeOf: (profile: ProfileName) => Runtime): Engines {
  const engines = new Map<ProfileName, Engine>()
  const byCode = new WeakMap<Uint8Array, Engine>()

  function of(profile: ProfileName): Engine {
    const engine = engines.get(profile) ?? createEngine(runtimeOf(profile))
    engines.set(profile, engine)
    return engine
  }

  function ofCode(code: Uint8Array | undefined): Engine {
    if (!code) return of('classic')
    const known = byCode.get(code)
    if (known) return known
    const start = new TextDecoder().decode(code.subarray(0, VERSION_BYTES))
    const isClassic = Number(SPEC_VERSION.exec(start)?.[1]) === RUNTIME_VERSION.spec_version
    const engine = of(isClassic ? 'classic' : 'dtao')
    byCode.set(code, engine)
    return engine
  }

  return { of, ofCode }
}

function createEngine(runtime: Runtime): Engine {
  const extensions = extensionsOf(runtime.profile)
  const apis = [...standardApis(runtime), ...infoApis(runtime)]
  const written = new Map<14 | 15, Promise<Uint8Array>>()

  async function write(version: 14 | 15): Promise<Uint8Array> {
    const { writeMetadata } = await import('./metadata/write.js')
    const { pallets, callType, eventType } = runtime
    const types = { addressType: MultiAddress, runtimeType: RuntimeType }
    return writeMetadata({ pallets, callType, eventType, extensions, ...types, apis }, version)
  }

  return {
    runtime,
    extensions,
    limits: limitsOf(runtime.pallets),
    apis,
    metadata(version) {
      const made = written.get(version) ?? write(version)
      written.set(version, made)
      return made
    },
    decode: (bytes) => decodeExtrinsic(bytes, runtime.callType, extensions),
  }
}
