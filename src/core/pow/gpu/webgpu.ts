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

export type GpuAdapter = {
  readonly info: { readonly vendor: string; readonly description: string }
  requestDevice(): Promise<GpuApiDevice>
}

export type GpuApiDevice = {
  readonly limits: { readonly maxComputeInvocationsPerWorkgroup: number }
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
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` when it is not installed or has no build for this machine.
 */
export async function loadWebGpu(name = 'webgpu'): Promise<WebGpu> {
  try {
    return (await import(isAbsolute(name) ? fileOf(name) : name)) as WebGpu
  } catch (cause) {
    throw new BittensorError('RUNTIME_UNSUPPORTED', 'GPUs need the package webgpu', {
      details: cause instanceof Error ? cause.message.split('\n')[0] : undefined,
      hint: 'npm install --global webgpu',
      cause,
    })
  }
}

/** URL of the module that a path means: for a folder, what its package.json says. */
function fileOf(path: string): string {
  return pathToFileURL(createRequire(import.meta.url).resolve(path)).href
}
