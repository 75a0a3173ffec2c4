#!/usr/bin/env node
// Starts btcli from the bundled build, which loads much faster than its parts.
import module from 'node:module'

// From Node 22.1 on compiled code is kept between runs.
module.enableCompileCache?.()
const { main } = await import('../dist/bin/main.js')
process.exitCode = await main(process.argv.slice(2))
