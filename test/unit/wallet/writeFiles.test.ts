import * as nodeFs from 'node:fs'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import * as fsPromises from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type FileSystem, type NewFile, writeFiles } from '../../../src/core/wallet/writeFiles.js'
import { tempFolder } from '../../support/tempFolder.js'

const text = (value: string) => new TextEncoder().encode(value)
const file = (path: string, content: string, more: Partial<NewFile> = {}): NewFile => ({
  path,
  bytes: text(content),
  replace: true,
  ...more,
})
const systemError = (code: string) =>
  Object.assign(new Error(`${code}: failed on purpose`), { code })

/** Every file below a folder with its content. */
function snapshot(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const files = names.filter((name) => statSync(join(folder, name)).isFile())
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** A file system whose n-th call of one kind fails, and which counts calls. */
function failing(kind: keyof FileSystem | 'write' | 'sync', nth: number, code: string): FileSystem {
  const real = { ...fsPromises }
  let calls = 0
  const hit = (called: string) => {
    if (called === kind && ++calls === nth) throw systemError(code)
  }
  const wrapped: Record<string, unknown> = {}
  for (const name of [
    'link',
    'lstat',
    'mkdir',
    'readFile',
    'realpath',
    'rename',
    'unlink',
  ] as const) {
    wrapped[name] = async (...args: never[]) => {
      hit(name)
      return (real[name] as (...args: never[]) => unknown)(...args)
    }
  }
  wrapped['open'] = async (...args: Parameters<typeof fsPromises.open>) => {
    hit('open')
    const handle = await fsPromises.open(...args)
    return {
      writeFile: async (bytes: Uint8Array) => {
        try {
          hit('write')
        } catch (error) {
          // A full disk takes a part of the bytes.
          await handle.writeFile(bytes.subarray(0, 3))
          throw error
        }
        return handle.writeFile(bytes)
      },
      sync: async () => {
        hit('sync')
        return handle.sync()
      },
      close: () => handle.close(),
    }
  }
  return wrapped as FileSystem
}

describe('writing the files of a key', () => {
  it('makes folders 0700 and files 0600, whatever the umask', async () => {
    const root = tempFolder()
    const path = join(root, 'wallets', 'alice', 'coldkey')
    await writeFiles([file(path, 'secret')])
    expect(readFileSync(path, 'utf8')).toBe('secret')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(root, 'wallets')).mode & 0o777).toBe(0o700)
    expect(statSync(join(root, 'wallets', 'alice')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(root, 'wallets', 'alice'))).toEqual(['coldkey'])
  })

  it('creates files with mode 0600 from the start, never by a later chmod', async () => {
    const root = tempFolder()
    const modes: number[] = []
    const fs: FileSystem = {
      ...fsPromises,
      open: async (path, flags, mode) => {
        const handle = await fsPromises.open(path, flags, mode)
        modes.push((await handle.stat()).mode & 0o777)
        return handle
      },
    }
    await writeFiles(
      [file(join(root, 'coldkey'), 'a'), file(join(root, 'coldkeypub.txt'), 'b')],
      fs,
    )
    expect(modes).toEqual([0o600, 0o600])
  })

  it('keeps the replaced files as copies with distinct names, but not unchanged ones', async () => {
    const root = tempFolder()
    const [coldkey, pub] = [join(root, 'coldkey'), join(root, 'coldkeypub.txt')]
    const files = (content: string) => [
      file(coldkey, content, { backup: `${coldkey}.bak-1` }),
      file(pub, 'same', { backup: `${pub}.bak-1` }),
    ]
    expect((await writeFiles(files('one'))).backups).toEqual([])
    expect((await writeFiles(files('two'))).backups).toEqual([`${coldkey}.bak-1`])
    expect((await writeFiles(files('three'))).backups).toEqual([`${coldkey}.bak-1-2`])
    expect(snapshot(root)).toEqual({
      coldkey: 'three',
      'coldkey.bak-1': 'one',
      'coldkey.bak-1-2': 'two',
      'coldkeypub.txt': 'same',
    })
    expect(statSync(`${coldkey}.bak-1`).mode & 0o777).toBe(0o600)
  })

  it('keeps an existing file unless told otherwise, also one that comes up meanwhile', async () => {
    const root = tempFolder()
    const path = join(root, 'coldkey')
    writeFileSync(path, 'old')
    const expected = { code: 'KEYFILE', message: expect.stringContaining('already exists') }
    await expect(writeFiles([file(path, 'new', { replace: false })])).rejects.toMatchObject(
      expected,
    )
    const late = join(root, 'late')
    const fs: FileSystem = {
      ...fsPromises,
      link: async (from, to) => {
        writeFileSync(to, 'theirs')
        return fsPromises.link(from, to)
      },
    }
    await expect(writeFiles([file(late, 'ours', { replace: false })], fs)).rejects.toMatchObject(
      expected,
    )
    expect(snapshot(root)).toEqual({ coldkey: 'old', late: 'theirs' })
  })

  it('works, still without replacing anything, where there are no hard links', async () => {
    const root = tempFolder()
    const noLinks = failing('link', 1, 'EPERM')
    await writeFiles([file(join(root, 'coldkey'), 'new', { replace: false })], noLinks)
    expect(snapshot(root)).toEqual({ coldkey: 'new' })
    const late: FileSystem = {
      ...fsPromises,
      link: async (_, to) => {
        writeFileSync(to, 'theirs')
        throw systemError('ENOTSUP')
      },
    }
    await expect(
      writeFiles([file(join(root, 'late'), 'ours', { replace: false })], late),
    ).rejects.toThrow('already exists')
    expect(snapshot(root)).toEqual({ coldkey: 'new', late: 'theirs' })
  })

  it('writes through a link and keeps the link', async () => {
    const root = tempFolder()
    mkdirSync(join(root, 'disk'))
    writeFileSync(join(root, 'disk', 'real'), 'old')
    symlinkSync(join('disk', 'real'), join(root, 'coldkey'))
    await writeFiles([file(join(root, 'coldkey'), 'new')])
    expect(lstatSync(join(root, 'coldkey')).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(root, 'disk', 'real'), 'utf8')).toBe('new')
    symlinkSync('gone', join(root, 'dangling'))
    await expect(writeFiles([file(join(root, 'dangling'), 'new')])).rejects.toThrow(
      'a file that is gone',
    )
    expect(readdirSync(join(root, 'disk'))).toEqual(['real'])
  })

  it('says plainly what is in the way', async () => {
    const root = tempFolder()
    writeFileSync(join(root, 'file'), '')
    mkdirSync(join(root, 'folder'))
    const message = async (path: string) =>
      writeFiles([file(path, 'x')]).then(
        () => 'written',
        (error: { code: string; message: string }) =>
          `${error.code} ${error.message.replaceAll(root, '')}`,
      )
    expect(await message(join(root, 'file', 'coldkey'))).toBe(
      'KEYFILE cannot make the folder /file: a file has that name',
    )
    expect(await message(join(root, 'file', 'deep', 'coldkey'))).toBe(
      'KEYFILE cannot write /file/deep/coldkey: a part of the path is a file, not a folder',
    )
    expect(await message(join(root, 'folder'))).toBe('KEYFILE cannot write /folder: it is a folder')
    expect(await message(join(root, 'x'.repeat(300)))).toContain('the name is too long')
  })

  describe('when a step fails', () => {
    const steps: [keyof FileSystem | 'write' | 'sync', string, string][] = [
      ['mkdir', 'EACCES', 'permission denied'],
      ['lstat', 'EACCES', 'permission denied'],
      ['readFile', 'EACCES', 'permission denied'],
      ['open', 'EROFS', 'the file system is read-only'],
      ['write', 'ENOSPC', 'the disk is full'],
      ['sync', 'EIO', 'the disk reports an error'],
      ['rename', 'EACCES', 'permission denied'],
    ]
    for (const [kind, code, reason] of steps) {
      for (const nth of [1, 2]) {
        it(`${kind} number ${nth} (${code}), leaves the pair of before and no other file`, async () => {
          const root = tempFolder()
          const [coldkey, pub] = [join(root, 'coldkey'), join(root, 'coldkeypub.txt')]
          await writeFiles([file(coldkey, 'old secret'), file(pub, 'old public')])
          const attempt = writeFiles(
            [
              file(coldkey, 'new secret', { backup: `${coldkey}.bak` }),
              file(pub, 'new public', { backup: `${pub}.bak` }),
            ],
            failing(kind, nth, code),
          )
          await expect(attempt).rejects.toMatchObject({
            code: 'KEYFILE',
            message: expect.stringContaining(reason),
          })
          expect(snapshot(root)).toEqual({ coldkey: 'old secret', 'coldkeypub.txt': 'old public' })
          expect(statSync(coldkey).mode & 0o777).toBe(0o600)
        })
      }
    }

    it('on new files, leaves none of them', async () => {
      for (const [kind, nth] of [
        ['write', 2],
        ['link', 2],
        ['sync', 1],
      ] as const) {
        const root = tempFolder()
        const files = [
          file(join(root, 'w', 'coldkey'), 'a'),
          file(join(root, 'w', 'coldkeypub.txt'), 'b'),
        ]
        // Without links the name is claimed by another way, so that must fail as well.
        const base = failing(kind, nth, 'ENOSPC')
        const fs: FileSystem =
          kind === 'link' ? { ...base, rename: () => Promise.reject(systemError('ENOSPC')) } : base
        await expect(writeFiles(files, fs)).rejects.toMatchObject({ code: 'KEYFILE' })
        expect(snapshot(root)).toEqual({})
      }
    })

    it('and putting back fails too, says so and leaves the copy', async () => {
      const root = tempFolder()
      const [coldkey, pub] = [join(root, 'coldkey'), join(root, 'coldkeypub.txt')]
      await writeFiles([file(coldkey, 'old secret'), file(pub, 'old public')])
      let renames = 0
      const fs: FileSystem = {
        ...fsPromises,
        rename: async (from, to) => {
          if (++renames > 1) throw systemError('EIO')
          return fsPromises.rename(from, to)
        },
      }
      const attempt = writeFiles(
        [file(coldkey, 'new secret', { backup: `${coldkey}.bak` }), file(pub, 'new public')],
        fs,
      )
      await expect(attempt).rejects.toThrow('could not be put back')
      expect(snapshot(root)).toEqual({
        coldkey: 'new secret',
        'coldkey.bak': 'old secret',
        'coldkeypub.txt': 'old public',
      })
    })
  })

  it('never shows a reader a half-written file', async () => {
    const root = tempFolder()
    const path = join(root, 'coldkey')
    const contents = ['a'.repeat(5000), 'b'.repeat(5000)]
    await writeFiles([file(path, contents[0] as string)])
    const seen = new Set<string>()
    const watching = setInterval(() => seen.add(nodeFs.readFileSync(path, 'utf8')), 0)
    for (let round = 0; round < 40; round++)
      await writeFiles([file(path, contents[round % 2] as string)])
    clearInterval(watching)
    expect([...seen].every((content) => contents.includes(content))).toBe(true)
    expect(existsSync(path)).toBe(true)
  })
})
