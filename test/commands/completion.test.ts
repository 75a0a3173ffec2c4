import { describe, expect, it } from 'vitest'
import { documentOf, run } from '../support/run.js'

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints the script of %s alone on stdout', async (shell) => {
    const result = await run(`completion ${shell}`)
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toMatchSnapshot()
    expect(documentOf(await run(`completion ${shell} --json`)).data).toEqual({
      shell,
      script: result.stdout,
    })
  })

  it('takes the shell of the user', async () => {
    expect((await run('completion', { env: { SHELL: '/usr/bin/fish' } })).stdout).toContain(
      '# fish',
    )
    expect(await run('completion', { env: { SHELL: '/bin/sh' } })).toMatchObject({ code: 2 })
    expect(await run('completion')).toMatchInlineSnapshot(`
      {
        "code": 2,
        "questions": [],
        "stderr": "error: the shell is missing

      hint: btcli completion bash|zsh|fish
      ",
        "stdout": "",
      }
    `)
  })

  it('refuses other shells', async () => {
    expect(await run('completion tcsh')).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('__complete', () => {
  it('suggests, and is in no help', async () => {
    const result = await run(['__complete', 'comp'])
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toBe('completion\tPrint the completion script of a shell.\n')
    expect((await run('--help')).stdout).not.toContain('__complete')
  })

  it.each([[['--nonsense', '']], [['transfer', '--wallet.name', '']], [[]]])(
    'says nothing on stderr for %j',
    async (words) => {
      expect(await run(['__complete', ...words])).toMatchObject({ code: 0, stderr: '' })
    },
  )
})
