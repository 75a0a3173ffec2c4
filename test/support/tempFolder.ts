/** Where tests write: one folder for a run of the suite, so that nothing is left behind, whatever fails or is killed. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Vitest's global setup: what asks for the system's temporary folder, child processes as well, gets the run's own. Its
 * path has the same length on every machine, since messages with a path in them break lines by it.
 */
export default function setup(): () => Promise<void> {
  const folder = mkdtempSync('/tmp/bt-')
  process.env['TMPDIR'] = folder
  // A process that was just ended, such as a browser's, may still be writing: then it is emptied again.
  return () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

/** A new, empty folder; the end of the run removes it. */
export function tempFolder(): string {
  return mkdtempSync(join(tmpdir(), 't'))
}
