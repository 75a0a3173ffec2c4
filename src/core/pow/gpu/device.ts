/** A GPU that searches proofs. */
import { BittensorError } from '../../errors.js'
import { withLimit } from '../job.js'
import { hitsIn, knownAnswers, loadKernel, scannerOf } from '../kernel.js'
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
  /** The GPU that would be opened in its place: Dawn takes the first whose name contains the one asked for. */
  readonly hiddenBy?: number | undefined
}

/** An open GPU that has passed its test. */
export type GpuDevice = GpuInfo & {
  /** Tries `count` indices from `first` on. Returns the offsets of hits by the top 64 bits, ascending; not all if many. */
  scan(job: Uint32Array, first: bigint, count: number): Promise<readonly number[]>
  close(): void
}

/**
 * The GPUs of this machine.
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
  const gpus = found.flatMap(([, backend = '', name = '']) =>
    backend === 'null' ? [] : [{ backend, name }],
  )
  return gpus.map((gpu, id) => {
    const first = gpus.findIndex(
      ({ backend, name }) => backend === gpu.backend && name.includes(gpu.name),
    )
    return { id, ...gpu, hiddenBy: first < id ? first : undefined }
  })
}

/** What the threads of a workgroup are, and how long to wait for an answer. */
export type GpuOptions = { readonly workgroup?: number | undefined; readonly patienceMs?: number }

const PATIENCE_MS = 20_000
// More threads than any card runs at once; each then tries several nonces.
const MAX_THREADS = 1 << 20
/** Threads of a workgroup that every device of the WebGPU standard has without being asked. */
const STANDARD_WORKGROUP = 256
/** Nonces of the test that gives each thread several: enough for some hits, soon computed by any processor. */
const LOOPED_COUNT = 5000

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
  const { workgroup = 64, patienceMs = PATIENCE_MS } = options
  const opened = await attempt(refusal, () =>
    inTime(openDevice(webgpu, info, workgroup), patienceMs),
  )
  const device = new OpenGpu(opened, info, { workgroup, patienceMs })
  try {
    await attempt(refusal, () => device.prepare(knownAnswers()[0]?.job ?? new Uint32Array()))
    return device
  } catch (error) {
    device.close()
    throw error
  }
}

async function openDevice(webgpu: WebGpu, info: GpuInfo, workgroup: number): Promise<Opened> {
  if (info.hiddenBy !== undefined) {
    throw new Error(`Dawn chooses by name, and takes GPU ${info.hiddenBy} in its place`)
  }
  const gpu = webgpu.create([`adapter=${info.name}`, `backend=${info.backend}`])
  const adapter = await gpu.requestAdapter()
  if (!adapter) throw new Error('the driver offers no adapter')
  const { maxComputeInvocationsPerWorkgroup: most, maxComputeWorkgroupSizeX: widest } =
    adapter.limits
  const threads = Math.min(workgroup, most, widest)
  const requiredLimits =
    threads > STANDARD_WORKGROUP
      ? { maxComputeInvocationsPerWorkgroup: threads, maxComputeWorkgroupSizeX: threads }
      : {}
  return { gpu, adapter, api: await adapter.requestDevice({ requiredLimits }) }
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

/** Nonces of one segment, shared by workgroups. */
type Dispatch = { readonly first: bigint; readonly count: number; readonly groups?: number }

/** No hits, and no workgroup that is done. */
const NOTHING = Uint32Array.of(0, 0)
const HITS_BYTES = (2 + MAX_HITS) * 4

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

  constructor(
    opened: Opened,
    info: GpuInfo,
    { workgroup, patienceMs }: { readonly workgroup: number; readonly patienceMs: number },
  ) {
    const { api } = opened
    this.id = info.id
    this.name = info.name
    this.backend = info.backend
    this.#opened = opened
    this.#workgroup = Math.min(workgroup, api.limits.maxComputeInvocationsPerWorkgroup)
    this.#patienceMs = patienceMs
    this.#free = [slotOf(api), slotOf(api)]
    this.#lost = api.lost.then(({ message }) => {
      throw new Error(`the driver lost the device: ${message}`)
    })
    this.#lost.catch(() => {})
  }

  async scan(job: Uint32Array, first: bigint, count: number): Promise<readonly number[]> {
    return this.#scan(await this.prepare(job), job, first, count)
  }

  close(): void {
    this.#opened.api.destroy()
  }

  /** As many dispatches as the range needs. */
  async #scan(
    pipeline: GpuPipeline,
    job: Uint32Array,
    first: bigint,
    count: number,
  ): Promise<readonly number[]> {
    const offsets: number[] = []
    for (let at = 0; at < count; ) {
      const index = first + BigInt(at)
      const length = Math.min(count - at, roomIn(job, index))
      const found = await this.#run(pipeline, job, { first: index, count: length })
      for (const offset of found) offsets.push(at + offset)
      at += length
    }
    return offsets
  }

  async #run(
    pipeline: GpuPipeline,
    job: Uint32Array,
    { first, count, groups = this.#groupsFor(count) }: Dispatch,
  ): Promise<number[]> {
    const slot = this.#free.pop() ?? (await new Promise<Slot>((give) => this.#waiting.push(give)))
    const { queue } = this.#opened.api
    queue.writeBuffer(slot.uniforms, 0, uniformsOf(job, first, count, groups * this.#workgroup))
    queue.writeBuffer(slot.hits, 0, NOTHING)
    queue.writeBuffer(slot.answer, 0, NOTHING)
    const encoder = this.#opened.api.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, this.#bindings(pipeline, slot))
    pass.dispatchWorkgroups(groups)
    pass.end()
    encoder.copyBufferToBuffer(slot.hits, 0, slot.answer, 0, HITS_BYTES)
    queue.submit([encoder.finish()])
    // A slot whose answer did not come is not used again.
    await this.#inTime(slot.answer.mapAsync(MAP_READ))
    const [found = 0, finished = 0, ...listed] = new Uint32Array(slot.answer.getMappedRange())
    slot.answer.unmap()
    this.#giveBack(slot)
    // A command that Dawn or the driver refuses is no error of its own: it only does nothing.
    if (finished !== groups) throw new Error(`it did ${finished} of ${groups} parts of its work`)
    return listed.slice(0, Math.min(found, MAX_HITS)).sort((a, b) => a - b)
  }

  /** Workgroups that share `count` nonces. */
  #groupsFor(count: number): number {
    const most = Math.min(
      Math.floor(MAX_THREADS / this.#workgroup),
      this.#opened.api.limits.maxComputeWorkgroupsPerDimension,
    )
    return Math.min(Math.ceil(count / this.#workgroup), most)
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
    if (!(await this.#computesKnownSeals(pipeline, job))) throw new Error('it computes wrong seals')
    return pipeline
  }

  async #computesKnownSeals(pipeline: GpuPipeline, job: Uint32Array): Promise<boolean> {
    for (const known of knownAnswers()) {
      if (keyOf(known.job) !== keyOf(job)) continue
      const found = await this.#scan(pipeline, known.job, known.first, known.count)
      if (found.join() !== known.hits.join()) return false
    }
    // As in a search: a thread tries one nonce after another.
    const looped = withLimit(job, (1n << 64n) / 200n)
    const found = await this.#run(pipeline, looped, { first: 0n, count: LOOPED_COUNT, groups: 1 })
    const scanner = scannerOf(loadKernel())
    scanner.setJob(looped)
    return found.join() === hitsIn(scanner, 0n, LOOPED_COUNT).join()
  }

  #inTime<T>(work: Promise<T>): Promise<T> {
    return inTime(work, this.#patienceMs, this.#lost)
  }
}

/** A driver that hangs must not hang the search. */
async function inTime<T>(work: Promise<T>, patienceMs: number, lost?: Promise<never>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer for ${patienceMs / 1000} s`)), patienceMs)
  })
  try {
    return await Promise.race([work, late, ...(lost ? [lost] : [])])
  } finally {
    clearTimeout(timer)
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
