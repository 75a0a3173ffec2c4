/** Writes docs/commands and docs/schemas anew from the code: `npm run docs`. A test compares them. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { pageFiles } from './docs/pages.js'
import { schemaFiles } from './docs/schemas.js'

function write(folder: string, files: ReadonlyMap<string, string>): void {
  const url = new URL(`../docs/${folder}/`, import.meta.url)
  mkdirSync(url, { recursive: true })
  for (const name of readdirSync(url)) if (!files.has(name)) rmSync(new URL(name, url))
  for (const [name, text] of files) writeFileSync(new URL(name, url), text)
  console.log(`docs/${folder}: ${files.size} files`)
}

write('commands', await pageFiles())
write('schemas', await schemaFiles())
