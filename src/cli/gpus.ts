/** GPUs for the commands that search proofs. The code for them is loaded only when one is asked for. */
import { BittensorError } from '../core/errors.js'
import type { GpuInfo } from '../core/pow/gpu/device.js'
import type { WebGpu } from '../core/pow/gpu/webgpu.js'
import type { Helper } from '../core/pow/helpers.js'
import type { Context } from './context.js'

/** Values of the options about GPUs. */
export type GpuValues = {
  readonly gpu: boolean
  readonly noGpu: boolean
  readonly gpuIds: readonly number[]
  readonly gpuThreads: number | undefined
}

/** A GPU and whether it can be used. */
export type FoundGpu = GpuInfo & {
  /** Why it cannot be used; undefined if it can. */
  readonly problem: string | undefined
}

/** Vulkan on the processor: slower than the threads, so it is used only when named or alone. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|warp|basic render/i

const BEST_BACKENDS = ['metal', 'd3d12', 'vulkan']

/**
 * All GPUs, each tested.
 * @throws {BittensorError} `USAGE` without the package webgpu, `RUNTIME_UNSUPPORTED` where it does not run
 */
export async function findGpus(ctx: Context): Promise<readonly FoundGpu[]> {
  const { webgpu, gpus } = await load(ctx)
  const found: FoundGpu[] = []
  for (const info of gpus) {
    found.push({ ...info, problem: await problemOf(webgpu, info) })
  }
  return found
}

async function problemOf(webgpu: WebGpu, info: GpuInfo): Promise<string | undefined> {
  const { openGpu } = await import('../core/pow/gpu/device.js')
  try {
    const device = await openGpu(webgpu, info)
    device.close()
    return undefined
  } catch (error) {
    if (!(error instanceof BittensorError)) throw error
    return error.details ?? error.message
  }
}

/**
 * The GPUs that the options ask for, open; none if the options ask for none. What cannot be used is warned of and left
 * out: without any GPU the processors search.
 * @throws {BittensorError} `USAGE` for a number that no GPU has
 */
export async function openGpus(ctx: Context, values: GpuValues): Promise<readonly Helper[]> {
  if (values.noGpu || !(values.gpu || values.gpuIds.length > 0)) return []
  const open: Helper[] = []
  for (const info of await chosen(ctx, values)) {
    const helper = await openOne(ctx, info, values)
    if (helper) open.push(helper)
  }
  if (open.length === 0) ctx.warn('no GPU can be used: the processors search instead')
  return open
}

type Choice = { readonly webgpu: WebGpu; readonly info: GpuInfo }

async function chosen(ctx: Context, { gpuIds }: GpuValues): Promise<readonly Choice[]> {
  const { webgpu, gpus } = await load(ctx).catch((error: unknown) => {
    if (!(error instanceof BittensorError)) throw error
    ctx.warn(`${reasonOf(error)}${error.hint ? `; ${error.hint}` : ''}`)
    return { webgpu: undefined, gpus: [] }
  })
  if (!webgpu) return []
  const unknown = gpuIds.find((id) => !gpus.some((gpu) => gpu.id === id))
  if (unknown !== undefined && gpus.length > 0) {
    throw new BittensorError('USAGE', `there is no GPU ${unknown}`, {
      details: `there are ${gpus.map(({ id, name }) => `${id} (${name})`).join(', ')}`,
      hint: 'btcli gpu list',
    })
  }
  const apart = oncePerCard(gpus.filter(({ hiddenBy }) => hiddenBy === undefined))
  const hard = apart.filter(({ name }) => !SOFTWARE.test(name))
  const usual = hard.length > 0 ? hard : apart
  const named = gpus.filter(({ id }) => gpuIds.includes(id))
  return (gpuIds.length > 0 ? named : usual).map((info) => ({ webgpu, info }))
}

/** A card is listed once for each interface of its driver, but is one card: the interface that serves best is used. */
function oncePerCard(gpus: readonly GpuInfo[]): readonly GpuInfo[] {
  const rank = ({ backend }: GpuInfo) => [...BEST_BACKENDS, backend].indexOf(backend)
  return gpus.filter((gpu) => {
    const same = gpus.filter(({ name }) => name === gpu.name)
    return gpu === same.reduce((best, one) => (rank(one) < rank(best) ? one : best))
  })
}

async function openOne(
  ctx: Context,
  { webgpu, info }: Choice,
  { gpuThreads }: GpuValues,
): Promise<Helper | undefined> {
  const { openGpu } = await import('../core/pow/gpu/device.js')
  try {
    const text = `Opening GPU ${info.id} (${info.name}) …`
    return await ctx.progress(text, () => openGpu(webgpu, info, { workgroup: gpuThreads }))
  } catch (error) {
    ctx.warn(reasonOf(error))
    return undefined
  }
}

async function load(ctx: Context) {
  const [{ loadWebGpu }, { listGpus }] = await Promise.all([
    import('../core/pow/gpu/webgpu.js'),
    import('../core/pow/gpu/device.js'),
  ])
  // The package is no dependency: the variable finds one that was installed elsewhere.
  const webgpu = await loadWebGpu(ctx.env['BTCLI_WEBGPU'])
  return { webgpu, gpus: await listGpus(webgpu) }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof BittensorError)) throw error
  return error.details ? `${error.message}: ${error.details}` : error.message
}
