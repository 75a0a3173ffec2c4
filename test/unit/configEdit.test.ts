import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createConfig, readConfigFile } from '../../src/core/config.js'
import { changeConfigText } from '../../src/core/configEdit.js'
import { tempFolder } from '../support/tempFolder.js'

const NETWORK = ['network', 'subtensor.network']

const change = (
  text: string,
  names: readonly string[],
  value: string | boolean | string[] | undefined,
) => changeConfigText(text, { names, value })

describe('changeConfigText', () => {
  test.each([
    ['', 'test', 'network: test\n'],
    ['network: finney # main\n', 'test', 'network: test # main\n'],
    ['# mine\n\nother: 1\n', 'test', '# mine\n\nother: 1\nnetwork: test\n'],
    ['subtensor.network: finney\n', 'test', 'subtensor.network: test\n'],
    ['subtensor_network: finney\n', 'test', 'subtensor_network: test\n'],
    [
      'subtensor:\n  network: finney # here\n  x: 1\n',
      'test',
      'subtensor:\n  network: test # here\n  x: 1\n',
    ],
    ['{network: finney}', 'test', 'network: test\n'],
    ['network:\n', 'test', 'network: test\n'],
    ['# only a comment\n', 'test', '# only a comment\n\nnetwork: test\n'],
    ['network: finney\nx: 1\n', undefined, 'x: 1\n'],
    ['subtensor:\n  network: finney\nx: 1\n', undefined, 'x: 1\n'],
    ['network: finney\nsubtensor.network: test\n', undefined, ''],
    ['x: 1\n', undefined, 'x: 1\n'],
  ])('%j with %j', async (before, value, after) => {
    expect((await change(before, NETWORK, value)).text).toBe(after)
  })

  test('tells the value before and after', async () => {
    expect(await change('hotkeys: [a, b]\n', ['hotkeys'], ['c', 'd'])).toEqual({
      text: 'hotkeys:\n  - c\n  - d\n',
      before: 'a,b',
      after: 'c,d',
    })
    expect(await change('quiet: true\n', ['quiet'], false)).toEqual({
      text: 'quiet: false\n',
      before: 'true',
      after: 'false',
    })
    expect(await change('', ['quiet'], undefined)).toEqual({
      text: '',
      before: undefined,
      after: undefined,
    })
  })

  test('keeps what reads like a number or a switch as text', async () => {
    expect((await change('', ['wallet_name'], 'yes')).text).toBe('wallet_name: yes\n')
    expect((await change('', ['wallet_name'], '1.10')).text).toBe('wallet_name: "1.10"\n')
    expect((await change('wallet_name: 5\n', ['wallet_name'], '0x10')).text).toBe(
      'wallet_name: "0x10"\n',
    )
  })

  test.each(['- a\n', 'a: [1\n', 'just words\n', 'a: 1\na: 2\n'])('refuses %j', async (text) => {
    await expect(change(text, NETWORK, 'test')).rejects.toMatchObject({ code: 'USAGE' })
  })

  test('what is written is what is read, and nothing else changes', async () => {
    const directory = tempFolder()
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.stringMatching(/^[\x20-\x7e]{1,12}$/)),
        fc.stringMatching(/^[\x20-\x7e]{1,20}$/),
        async (others, value) => {
          let text = ''
          for (const [key, other] of Object.entries(others))
            text = (await change(text, [key], other)).text
          text = (await change(text, ['wallet.name'], value)).text
          const path = join(directory, 'config.yml')
          await writeFile(path, text)
          const file = await readConfigFile(path, { layer: 'user file' })
          const config = createConfig({}, file ? [file] : [])
          expect(config.find([], ['wallet.name'])?.texts).toEqual([value])
          for (const [key, other] of Object.entries(others)) {
            expect(config.find([], [key])?.texts).toEqual([other])
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
