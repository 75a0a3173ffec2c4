#!/usr/bin/env node
// Starts btcli from the bundled build, which loads much faster than its parts.
import module from 'node:module'

// From Node 22.1 on compiled code is kept between runs.
module.enableCompileCache?.()
// Bundled CommonJS dependencies ask for Node's modules through `require`, which ES modules do not have.
globalThis.require = module.createRequire(import.meta.url)
const { main } = await import('../dist/bin/main.js')
const status = await main(process.argv.slice(2))
process.exitCode = status
// After Ctrl-C work that cannot be stopped, such as a key derivation in a worker, is not waited for.
if (status === 130) setTimeout(leave, 500).unref()

/** Exiting would wait for a key derivation that a native library has begun; ending by the signal, 130 for shells, does not. */
function leave() {
  if (process.platform === 'win32') process.exit()
  process.removeAllListeners('SIGINT')
  process.kill(process.pid, 'SIGINT')
}
