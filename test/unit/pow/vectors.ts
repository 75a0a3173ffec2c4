import { readFileSync } from 'node:fs'

/** Vectors of test/vectors/pow, typed. */
export const vectors: {
  readonly seal: readonly {
    readonly name: string
    readonly blockHash: string
    readonly publicKey: string
    readonly nonce: string
    readonly inner: string
    readonly preSeal: string
    readonly seal: string
    readonly difficulty: string
    readonly meetsBE: boolean
    readonly meetsLE: boolean
  }[]
  readonly difficulty: readonly {
    readonly name: string
    readonly seal: string
    readonly difficulty: string
    readonly meetsBE: boolean
    readonly meetsLE: boolean
  }[]
  readonly powRegister: readonly {
    readonly name: string
    readonly netuid: number
    readonly blockHash: string
    readonly hotkey: string
    readonly coldkey: string
    readonly nonce: string
    readonly prefix: string
    readonly seal: string
    readonly difficulty: string
    readonly meetsLE: boolean
  }[]
} = JSON.parse(readFileSync(new URL('../../vectors/pow/vectors.json', import.meta.url), 'utf8'))

/** Bytes of 0x-hex. */
export const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'))

/** 0x-hex of bytes. */
export const hex = (value: Uint8Array): string => `0x${Buffer.from(value).toString('hex')}`
