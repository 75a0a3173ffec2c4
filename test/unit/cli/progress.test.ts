import { describe, expect, it, vi } from 'vitest'
import { createRun } from '../../../src/cli/createContext.js'
import { settingsOf } from '../../../src/cli/settings.js'
import { createConfig } from '../../../src/core/config.js'
import { testWorld } from '../../support/context.js'

describe('progress', () => {
  it('is a line on a terminal that has no width, where a spinner would erase lines for ever', async () => {
    const made = testWorld({ tty: true, columns: 0, env: { BTCLI_NO_SPINNER: undefined } })
    expect(settingsOf(made.world, {}).spinner).toBe(false)
    const usual = testWorld({ tty: true, env: { BTCLI_NO_SPINNER: undefined } })
    expect(settingsOf(usual.world, {}).spinner).toBe(true)
  })

  it('leaves the screen at Ctrl-C, though the work goes on', async () => {
    const control = new AbortController()
    const made = testWorld({
      tty: true,
      env: { BTCLI_NO_SPINNER: undefined },
      signal: control.signal,
    })
    const stop = vi.fn()
    const spinner = vi.fn(async () => ({ update: () => undefined, stop }))
    const { ctx } = await createRun(
      { ...made.world, spinner },
      {
        command: 'test',
        shared: {},
        config: createConfig(made.world.env, []),
        origins: new Map(),
        print: async () => undefined,
        catalog: {
          help: async () => '',
          commands: async () => [],
          commandNamed: (words) => words,
        },
        noteAnswer: () => undefined,
        commandLine: () => '',
      },
    )
    let finish = (): void => undefined
    const work = ctx.progress('Working', () => new Promise<void>((resolve) => (finish = resolve)))
    await expect.poll(() => spinner).toHaveBeenCalled()
    expect(stop).not.toHaveBeenCalled()
    control.abort()
    expect(stop).toHaveBeenCalled()
    finish()
    await work
  })
})
