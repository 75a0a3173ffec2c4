/**
 * Replays recordings of the real runtime on the embedded one: `npm run replay -- FILE…` (JSON, or gzipped JSON).
 * Ends with status 0 when every step of every file has equal outcome, events and storage.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { replay } from '../test/support/replay/replay.js'

/** After so many differing steps the rest says little. */
const SHOWN_STEPS = 3
const SHOWN_LINES = 40

const files = process.argv.slice(2)
if (files.length === 0) {
  console.error('usage: npm run replay -- FILE…')
  process.exitCode = 2
}
for (const file of files) {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const { title, steps, differences } = await replay(text, SHOWN_STEPS)
  if (differences.length === 0) {
    console.log(`${file}: all ${steps} steps equal (${title})`)
    continue
  }
  process.exitCode = 1
  console.log(`${file}: differs (${title})`)
  for (const { step, block, what } of differences.slice(0, SHOWN_LINES)) {
    console.log(`  step ${step}, block ${block}: ${what}`)
  }
  if (differences.length > SHOWN_LINES)
    console.log(`  and ${differences.length - SHOWN_LINES} more`)
}
