import { expect, test } from 'vitest'
import { registry } from '../../../src/cli/registry.js'
import { rootHelp } from '../../../src/cli/rootHelp.js'

test('every command stands once in the root help, in 80 columns', () => {
  const lines = rootHelp(registry).split('\n')
  for (const { name } of registry) {
    expect(lines.filter((line) => line.startsWith(`  ${name} `))).toHaveLength(1)
  }
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
})

test('the seed’s commands come first, later ones below what they are about', () => {
  const sections = rootHelp(registry).split('\n\n')
  const headings = sections
    .map((section) => section.split('\n')[0])
    .filter((one) => /:$/.test(one ?? ''))
  expect(headings).toEqual([
    'Commands:',
    'Keys and accounts:',
    'Stake:',
    'Subnets:',
    'Neurons:',
    'Anything on the chain:',
    'Tools:',
  ])
  const tools = sections.at(-3)?.matchAll(/^ {2}(\w+)/gm) ?? []
  expect([...tools].map(([, name]) => name)).toEqual([
    'history',
    'policy',
    'address',
    'config',
    'localnet',
    'pow',
    'gpu',
    'completion',
  ])
})
