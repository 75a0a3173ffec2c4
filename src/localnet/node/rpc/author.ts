/** `author_*`: handing in transactions and following them. */
import { type Hex, hashOf, toHex } from '../bytes.js'
import type { Namespace } from './methods.js'
import { bytesParam, hexOf, listParam } from './params.js'

export const author: Namespace = {
  methods: {
    author_submitExtrinsic: (node, params) => node.submit(bytesParam(params, 0)),
    author_pendingExtrinsics: (node) =>
      node.pool.ready().map(({ extrinsic }) => toHex(extrinsic.bytes)),
    author_removeExtrinsic(node, params) {
      const removed: Hex[] = []
      for (const one of listParam(params, 0)) {
        const hash = hashNamed(one)
        if (node.pool.remove(hash)) removed.push(hash)
      }
      return removed
    },
    // The chain makes its blocks without a key store.
    author_hasKey: () => false,
    author_hasSessionKeys: () => false,
  },
  subscriptions: {
    author_submitAndWatchExtrinsic: {
      unsubscribe: 'author_unwatchExtrinsic',
      notification: 'author_extrinsicUpdate',
      async start(node, params, send) {
        const bytes = bytesParam(params, 0)
        const hash = await node.submit(bytes, send)
        return () => node.pool.unwatch(hash, send)
      },
    },
  },
  unsafe: ['author_removeExtrinsic', 'author_hasKey', 'author_hasSessionKeys'],
}

/** A transaction by `{ hash }` or by `{ extrinsic }`. */
function hashNamed(value: unknown): Hex {
  const { hash, extrinsic } = (value ?? {}) as { hash?: unknown; extrinsic?: unknown }
  if (hash !== undefined) return `0x${hexOf(hash, 'a hash')}`
  return hashOf(Uint8Array.from(Buffer.from(hexOf(extrinsic, 'an extrinsic'), 'hex')))
}
