/** A GPU that searches proofs. */
import { BittensorError } from '../../errors.js'
import { checkNonce } from '../challenge.js'
import { KNOWN_JOBS, KNOWN_NONCES } from '../kernel.js'
import { nonceAt } from '../scanner.js'
import { MAX_HITS, shaderText, UNIFORM_WORDS } from './shader.js'
import { modeOf, roomIn, uniformsOf } from './uniforms.js'
import {
  type Gpu,
  type GpuAdapter,
  type GpuApiDevice,
  type GpuBuffer,
  type GpuPipeline,
  MAP_READ,
  USAGE,
  type WebGpu,
} from './webgpu.js'

/** A GPU by its number in `btcli gpu list`. */
export type GpuInfo = {
  readonly id: number
  readonly name: string
  /** `vulkan`, `metal`, `d3d12`. */
  readonly backend: string
}

/** An open GPU that has passed its test. */
export type GpuDevice = GpuInfo & {
  /** Tries `count` indices from `first` on. Returns the offsets of hits by the top 64 bits, ascending; not all if many. */
  scan(job: Uint32Array, first: bigint, count: number): Promise<readonly number[]>
  close(): void
}

/**
 * The GPUs of this machine. Cards of one name can only be used as one: Dawn chooses by name.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` when Dawn does not start.
 */
export async function listGpus(webgpu: WebGpu): Promise<readonly GpuInfo[]> {
  // Dawn names its adapters when asked for one that does not exist.
  const answer = await attempt('no GPU can be used', async () => {
    try {
      await webgpu.create(['adapter=?']).requestAdapter()
      return ''
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  })
  const found = [...answer.matchAll(/backend: '([^']+)', name: '([^']*)'/g)]
  return found
    .flatMap(([, backend = '', name = '']) => (backend === 'null' ? [] : [{ backend, name }]))
    .map((gpu, id) => ({ id, ...gpu }))
}

/** What the threads of a workgroup are, and how long to wait for an answer. */
export type GpuOptions = { readonly workgroup?: number | undefined; readonly patienceMs?: number }

const PATIENCE_MS = 20_000
// More threads than any card runs at once; each then tries several nonces.
const MAX_THREADS = 1 << 20

/**
 * Opens a GPU and tests it on known seals.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` with the driver's reason, or when it computes wrongly.
 */
export async function openGpu(
  webgpu: WebGpu,
  info: GpuInfo,
  options: GpuOptions = {},
): Promise<GpuDevice> {
  const refusal = `GPU ${info.id} (${info.name}) cannot be used`
  const opened = await attempt(refusal, async () => {
    const gpu = webgpu.create([`adapter=${info.name}`, `backend=${info.backend}`])
    const adapter = await gpu.requestAdapter()
    if (!adapter) throw new Error('the driver offers no adapter')
    return { gpu, adapter, api: await adapter.requestDevice() }
  })
  const device = new OpenGpu(opened, info, options)
  try {
    await attempt(refusal, () => device.prepare(KNOWN_JOBS[0].job))
    return device
  } catch (error) {
    device.close()
    throw error
  }
}

async function attempt<T>(message: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const details = cause instanceof Error ? cause.message : String(cause)
    throw new BittensorError('RUNTIME_UNSUPPORTED', message, {
      details,
      hint: 'leave out --gpu to search with the processors, or install the vendor’s newest driver',
      cause,
    })
  }
}

/** Buffers of one dispatch; two sets let one be prepared while the other runs. */
type Slot = { readonly uniforms: GpuBuffer; readonly hits: GpuBuffer; readonly answer: GpuBuffer }

const HITS_BYTES = (1 + MAX_HITS) * 4

type Opened = { readonly gpu: Gpu; readonly adapter: GpuAdapter; readonly api: GpuApiDevice }

class OpenGpu implements GpuDevice {
  readonly id: number
  readonly name: string
  readonly backend: string
  // Held as a whole: Dawn frees what it needs when the instance or the adapter is collected, and crashes.
  readonly #opened: Opened
  readonly #workgroup: number
  readonly #patienceMs: number
  readonly #free: Slot[]
  readonly #waiting: ((slot: Slot) => void)[] = []
  readonly #pipelines = new Map<string, Promise<GpuPipeline>>()
  readonly #lost: Promise<never>

  constructor(opened: Opened, info: GpuInfo, { workgroup = 64, patienceMs }: GpuOptions) {
    const { api } = opened
    this.id = info.id
    this.name = info.name
    this.backend = info.backend
    this.#opened = opened
    this.#workgroup = Math.min(workgroup, api.limits.maxComputeInvocationsPerWorkgroup)
    this.#patienceMs = patienceMs ?? PATIENCE_MS
    this.#free = [slotOf(api), slotOf(api)]
    this.#lost = api.lost.then(({ message }) => {
      throw new Error(`the driver lost the device: ${message}`)
    })
    this.#lost.catch(() => {})
  }

  async scan(job: Uint32Array, first: bigint, count: number): Promise<readonly number[]> {
    const offsets: number[] = []
    for (let at = 0; at < count; ) {
      const index = first + BigInt(at)
      const length = Math.min(count - at, roomIn(job, index))
      const found = await this.#dispatch(job, index, length)
      for (const offset of found) offsets.push(at + offset)
      at += length
    }
    return offsets
  }

  close(): void {
    this.#opened.api.destroy()
  }

  async #dispatch(job: Uint32Array, first: bigint, count: number): Promise<number[]> {
    const pipeline = await this.prepare(job)
    return this.#run(pipeline, job, first, count)
  }

  async #run(
    pipeline: GpuPipeline,
    job: Uint32Array,
    first: bigint,
    count: number,
  ): Promise<number[]> {
    const slot = this.#free.pop() ?? (await new Promise<Slot>((give) => this.#waiting.push(give)))
    const threads = Math.min(count, MAX_THREADS)
    const { queue } = this.#opened.api
    queue.writeBuffer(slot.uniforms, 0, uniformsOf(job, first, count, threads))
    queue.writeBuffer(slot.hits, 0, Uint32Array.of(0))
    const encoder = this.#opened.api.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, this.#bindings(pipeline, slot))
    pass.dispatchWorkgroups(Math.ceil(threads / this.#workgroup))
    pass.end()
    encoder.copyBufferToBuffer(slot.hits, 0, slot.answer, 0, HITS_BYTES)
    queue.submit([encoder.finish()])
    // A slot whose answer did not come is not used again.
    await this.#inTime(slot.answer.mapAsync(MAP_READ))
    const [found = 0, ...listed] = new Uint32Array(slot.answer.getMappedRange())
    slot.answer.unmap()
    this.#giveBack(slot)
    return listed.slice(0, Math.min(found, MAX_HITS)).sort((a, b) => a - b)
  }

  #giveBack(slot: Slot): void {
    const next = this.#waiting.shift()
    if (next) next(slot)
    else this.#free.push(slot)
  }

  #bindings(pipeline: GpuPipeline, slot: Slot): unknown {
    return this.#opened.api.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: slot.uniforms } },
        { binding: 1, resource: { buffer: slot.hits } },
      ],
    })
  }

  /** Compiles the shader for a job's mode and tests it on known seals, once. */
  prepare(job: Uint32Array): Promise<GpuPipeline> {
    const key = keyOf(job)
    const pipeline = this.#pipelines.get(key) ?? this.#compileAndTest(job)
    this.#pipelines.set(key, pipeline)
    return pipeline
  }

  async #compileAndTest(job: Uint32Array): Promise<GpuPipeline> {
    const { api } = this.#opened
    const mode = modeOf(job)
    const code = shaderText({ mode, little: job[1] === 1, workgroup: this.#workgroup })
    const module = api.createShaderModule({ code })
    const pipeline = await this.#inTime(
      api.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } }),
    )
    const known = KNOWN_JOBS.find((example) => keyOf(example.job) === keyOf(job))
    const expected = [...Array(KNOWN_NONCES).keys()].filter(
      (i) => known && checkNonce(known.challenge, nonceAt(job[0] ?? 0, BigInt(i))).meets,
    )
    const found = known ? await this.#run(pipeline, known.job, 0n, KNOWN_NONCES) : []
    if (found.join() !== expected.join()) throw new Error('it computes wrong seals')
    return pipeline
  }

  /** A driver that hangs must not hang the search. */
  async #inTime<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no answer for ${this.#patienceMs / 1000} s`)),
        this.#patienceMs,
      )
    })
    try {
      return await Promise.race([work, this.#lost, late])
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Jobs of one key run the same shader. */
function keyOf(job: Uint32Array): string {
  return `${job[0]} ${job[1]}`
}

function slotOf(api: GpuApiDevice): Slot {
  const { mapRead, copySource, copyTarget, uniform, storage } = USAGE
  return {
    uniforms: api.createBuffer({ size: UNIFORM_WORDS * 4, usage: uniform | copyTarget }),
    hits: api.createBuffer({ size: HITS_BYTES, usage: storage | copySource | copyTarget }),
    answer: api.createBuffer({ size: HITS_BYTES, usage: mapRead | copyTarget }),
  }
}
