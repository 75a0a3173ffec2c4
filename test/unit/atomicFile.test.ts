import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { flushDirectory, writeFileAtomic } from '../../src/core/atomicFile.js'
import { tempFolder } from '../support/tempFolder.js'

let directory: string
beforeEach(() => {
  directory = tempFolder()
})

test('a new file and its new folder are private', async () => {
  const path = join(directory, 'new', 'file')
  await writeFileAtomic(path, 'text')
  expect(await readFile(path, 'utf8')).toBe('text')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect((await stat(join(directory, 'new'))).mode & 0o777).toBe(0o700)
})

test('an existing file keeps its mode and leaves nothing beside it', async () => {
  const path = join(directory, 'file')
  await writeFile(path, 'old')
  await chmod(path, 0o640)
  await writeFileAtomic(path, 'new')
  expect(await readFile(path, 'utf8')).toBe('new')
  expect((await stat(path)).mode & 0o777).toBe(0o640)
  expect(await readdir(directory)).toEqual(['file'])
})

test('a link stays a link', async () => {
  await writeFile(join(directory, 'target'), 'old')
  await symlink('target', join(directory, 'link'))
  await writeFileAtomic(join(directory, 'link'), 'new')
  expect((await lstat(join(directory, 'link'))).isSymbolicLink()).toBe(true)
  expect(await readFile(join(directory, 'target'), 'utf8')).toBe('new')
})

test('what cannot be replaced is left as it was, with nothing beside it', async () => {
  await mkdir(join(directory, 'folder', 'inner'), { recursive: true })
  await expect(writeFileAtomic(join(directory, 'folder'), 'new')).rejects.toThrow()
  expect(await readdir(directory)).toEqual(['folder'])
})

test('flushing a folder that is not there is harmless', async () => {
  await expect(flushDirectory(join(directory, 'none'))).resolves.toBeUndefined()
})
