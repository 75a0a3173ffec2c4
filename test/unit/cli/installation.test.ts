import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { runChild, withoutSecrets } from '../../../src/cli/childProcess.js'
import { compareVersions, installationAt, PACKAGE } from '../../../src/cli/installation.js'
import { tempFolder } from '../../support/tempFolder.js'

describe('installationAt', () => {
  it.each([
    [
      '/usr/lib/node_modules/bittensor/dist/bin/main.js',
      'npm-global',
      undefined,
      'npm install -g bittensor@1.2.3',
    ],
    [
      '/home/a/.nvm/versions/node/v20.20.2/lib/node_modules/bittensor/dist/bin/main.js',
      'npm-global',
      undefined,
      'npm install -g bittensor@1.2.3',
    ],
    [
      'C:\\Users\\a\\AppData\\Roaming\\npm\\node_modules\\bittensor\\dist\\bin\\main.js',
      'npm-global',
      undefined,
      'npm install -g bittensor@1.2.3',
    ],
    [
      '/home/a/.npm/_npx/1f2e/node_modules/bittensor/dist/bin/main.js',
      'npx',
      undefined,
      'npx -p bittensor@1.2.3 btcli',
    ],
    [
      '/home/a/.local/share/pnpm/global/5/.pnpm/bittensor@1.0.0/node_modules/bittensor/dist/bin/main.js',
      'pnpm',
      undefined,
      'pnpm add -g bittensor@1.2.3',
    ],
    [
      '/home/a/.config/yarn/global/node_modules/bittensor/dist/bin/main.js',
      'yarn',
      undefined,
      'yarn global add bittensor@1.2.3',
    ],
    [
      '/home/a/.bun/install/global/node_modules/bittensor/dist/bin/main.js',
      'bun',
      undefined,
      'bun add -g bittensor@1.2.3',
    ],
    [
      '/home/a/work/node_modules/bittensor/dist/bin/main.js',
      'npm-local',
      '/home/a/work',
      'npm install bittensor@1.2.3',
    ],
    [
      '/home/a/bittensor/dist/bin/main.js',
      'source',
      '/home/a/bittensor',
      'git pull && npm ci && npm run build',
    ],
    [
      '/home/a/bittensor/src/commands/update.ts',
      'source',
      '/home/a/bittensor',
      'git pull && npm ci && npm run build',
    ],
  ])('%s', (path, kind, directory, command) => {
    const found = installationAt(path)
    expect([found.kind, found.directory, found.update('1.2.3').join(' ')]).toEqual([
      kind,
      directory,
      command,
    ])
  })

  it('knows the name of the package', () => {
    expect(PACKAGE).toBe(manifest.name)
    expect(Object.keys(manifest.bin)).toEqual(['btcli'])
  })
})

describe('compareVersions', () => {
  it('orders as people and npm do', () => {
    const ordered = [
      '0.9.0',
      '1.0.0-alpha',
      '1.0.0-rc.2',
      '1.0.0-rc.10',
      '1.0.0',
      '1.2.0',
      '1.10.0',
      '6.12.0',
      '7.0.0',
    ]
    const shuffled = ordered.toReversed().sort(compareVersions)
    expect(shuffled).toEqual(ordered)
    expect(compareVersions('1.0.0+build', '1.0.0')).toBe(0)
  })
})

describe('runChild', () => {
  const env = { PATH: process.env['PATH'] }
  const signal = new AbortController().signal
  const capture = { env, signal, output: 'capture' } as const

  it('gives output and status', async () => {
    expect(await runChild('sh', ['-c', 'echo hello; exit 7'], capture)).toEqual({
      code: 7,
      stdout: 'hello\n',
    })
  })

  it('passes no secret on', async () => {
    const secrets = {
      BT_WALLET_PASSWORD: 'x',
      BT_PW_ALICE: 'x',
      bt_cold_pw_a: 'x',
      BT_WALLET_PASSWORD_FILE: '/x',
    }
    expect(withoutSecrets({ ...secrets, BT_NETWORK: 'test' })).toEqual({ BT_NETWORK: 'test' })
    const { stdout } = await runChild('sh', ['-c', 'env'], {
      ...capture,
      env: { ...env, ...secrets },
    })
    expect(stdout).not.toMatch(/=x$/m)
  })

  it('tells a missing program, the signal and the timeout apart', async () => {
    await expect(runChild('no-such-program', [], capture)).rejects.toMatchObject({
      code: 'INTERNAL',
      details: 'it is not installed here',
    })
    const folder = tempFolder()
    writeFileSync(join(folder, 'locked'), '')
    chmodSync(join(folder, 'locked'), 0o600)
    await expect(runChild(join(folder, 'locked'), [], capture)).rejects.toMatchObject({
      code: 'INTERNAL',
    })
    const aborted = { ...capture, signal: AbortSignal.timeout(20) }
    await expect(runChild('sleep', ['5'], aborted)).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(await runChild('sleep', ['5'], { ...capture, timeoutMs: 20 })).toMatchObject({
      code: null,
    })
  })
})
