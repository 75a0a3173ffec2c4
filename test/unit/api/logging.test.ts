import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Logging } from '../../../src/index.js'
import { tempFolder } from '../../support/tempFolder.js'

function log(options: Parameters<Logging['configure']>[0] = {}) {
  const lines: string[] = []
  const logging = new Logging()
  logging.configure({
    write: (line) => lines.push(line),
    now: () => new Date(2023, 6, 1, 12, 0, 0, 5),
    ...options,
  })
  return { logging, lines }
}

test('lines look as those of bittensor 5.3.1', () => {
  const { logging, lines } = log()
  logging.success('Registered', 'uid 10')
  logging.warning('Slow')
  expect(lines).toEqual([
    '2023-07-01 12:00:00.005 |     SUCCESS      | Registered                    uid 10',
    '2023-07-01 12:00:00.005 |     WARNING      | Slow                          ',
  ])
})

test('debug and trace lines come only when asked for', () => {
  const { logging, lines } = log()
  logging.debug('a')
  logging.trace('b')
  logging.configure({ debug: true })
  logging.debug('c')
  logging.trace('d')
  logging.configure({ trace: true })
  logging.trace('e')
  logging.turnConsole(false)
  logging.error('f')
  expect(lines.map((line) => line.slice(45).trim())).toEqual(['c', 'e'])
})

test('events of an axon become lines', () => {
  const { logging, lines } = log()
  logging.log({ level: 'warn', event: 'axon.request', caller: '5F…', status: 403 })
  expect(lines[0]).toContain('WARNING')
  expect(lines[0]).toContain('axon.request                  caller=5F… status=403')
})

test('a file gets them too', () => {
  const loggingDir = tempFolder()
  const { logging } = log({ recordLog: true, loggingDir })
  logging.info('one')
  logging.turnConsole(false)
  logging.info('two')
  const text = readFileSync(join(loggingDir, 'logs.log'), 'utf8')
  expect(text.split('\n').filter(Boolean)).toHaveLength(2)
})
