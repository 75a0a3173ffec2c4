/**
 * The part of WebGPU that the search uses, and where it comes from: the package `webgpu` (Dawn: Vulkan, Metal and D3D12),
 * which is 130 MB and therefore loaded only if somebody has installed it and asks for a GPU.
 */
import { createRequire } from 'node:module'
import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BittensorError } from '../../errors.js'

/** What the package exports. */
export type WebGpu = { create(options: readonly string[]): Gpu }

export type Gpu = { requestAdapter(): Promise<GpuAdapter | null> }

type GpuLimits = {
  readonly maxComputeInvocationsPerWorkgroup: number
  readonly maxComputeWorkgroupSizeX: number
  readonly maxComputeWorkgroupsPerDimension: number
}

export type GpuAdapter = {
  readonly limits: GpuLimits
  requestDevice(options: { readonly requiredLimits: Partial<GpuLimits> }): Promise<GpuApiDevice>
}

export type GpuApiDevice = {
  readonly limits: GpuLimits
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>
  readonly queue: {
    writeBuffer(buffer: GpuBuffer, offset: number, data: Uint32Array): void
    submit(commands: readonly unknown[]): void
  }
  createShaderModule(options: { readonly code: string }): unknown
  createComputePipelineAsync(options: object): Promise<GpuPipeline>
  createBuffer(options: { readonly size: number; readonly usage: number }): GpuBuffer
  createBindGroup(options: object): unknown
  createCommandEncoder(): GpuEncoder
  destroy(): void
}

export type GpuPipeline = { getBindGroupLayout(index: number): unknown }

export type GpuBuffer = {
  mapAsync(mode: number): Promise<void>
  getMappedRange(): ArrayBuffer
  unmap(): void
}

type GpuEncoder = {
  beginComputePass(): {
    setPipeline(pipeline: GpuPipeline): void
    setBindGroup(index: number, group: unknown): void
    dispatchWorkgroups(count: number): void
    end(): void
  }
  copyBufferToBuffer(
    source: GpuBuffer,
    sourceOffset: number,
    target: GpuBuffer,
    targetOffset: number,
    size: number,
  ): void
  finish(): unknown
}

/** Flags of the WebGPU standard. */
export const USAGE = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 }
export const MAP_READ = 1

/**
 * Loads the package by its name, or from a folder or file by its absolute path.
 * @throws {BittensorError} `USAGE` when it is not there, `RUNTIME_UNSUPPORTED` when it has no build for this machine.
 */
export async function loadWebGpu(name = 'webgpu'): Promise<WebGpu> {
  try {
    return (await import(isAbsolute(name) ? fileOf(name) : name)) as WebGpu
  } catch (cause) {
    if (isNotFound(cause)) throw notInstalled(name, cause)
    throw new BittensorError('RUNTIME_UNSUPPORTED', 'the package webgpu does not run here', {
      details: cause instanceof Error ? cause.message.split('\n')[0] : undefined,
      cause,
    })
  }
}

function isNotFound(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
}

function notInstalled(name: string, cause: unknown): BittensorError {
  if (!isAbsolute(name)) {
    const message = 'GPUs need the package webgpu, which is not installed'
    return new BittensorError('USAGE', message, { hint: 'npm install --global webgpu', cause })
  }
  return new BittensorError('USAGE', `there is no package webgpu in ${name}`, {
    hint: 'set BTCLI_WEBGPU to its folder, or install it: npm install --global webgpu',
    cause,
  })
}

/** URL of the module that a path means: for a folder, what its package.json says. */
function fileOf(path: string): string {
  return pathToFileURL(createRequire(import.meta.url).resolve(path)).href
}
