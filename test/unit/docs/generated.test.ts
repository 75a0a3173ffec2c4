import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pageFiles } from '../../../scripts/docs/pages.js'
import { schemaFiles } from '../../../scripts/docs/schemas.js'

/** What lies in a folder of docs. */
function onDisk(folder: string): Map<string, string> {
  const url = new URL(`../../../docs/${folder}/`, import.meta.url)
  return new Map(readdirSync(url).map((name) => [name, readFileSync(new URL(name, url), 'utf8')]))
}

describe('generated documentation is fresh (npm run docs)', () => {
  it.each([
    ['commands', pageFiles],
    ['schemas', schemaFiles],
  ] as const)('docs/%s', async (folder, generate) => {
    const [made, found] = [await generate(), onDisk(folder)]
    expect([...found.keys()].sort()).toEqual([...made.keys()].sort())
    for (const [name, text] of made) expect(found.get(name), name).toBe(text)
  })
})
