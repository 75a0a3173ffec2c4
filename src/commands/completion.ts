/** `btcli completion`: the script that lets a shell complete commands, options, wallets and more. */
import { completionScript, SHELLS, type Shell } from '../cli/completionScripts.js'
import { defineCommand } from '../cli/define.js'
import { BittensorError } from '../core/errors.js'

export const completion = defineCommand({
  name: 'completion',
  summary: 'Print the completion script of a shell.',
  options: {},
  positionals: [{ name: 'shell', description: SHELLS.join(', '), choices: SHELLS }],
  examples: [
    'completion bash >> ~/.bashrc',
    'completion fish > ~/.config/fish/completions/btcli.fish',
  ],
  notes:
    'Suggestions come from disk and code only: commands, options, wallets, hotkeys, networks, names of the address book and the subnets seen last. Nothing is sent anywhere.',

  async run(ctx, _, [word]) {
    const shell = SHELLS.find((one) => one === (word ?? shellOf(ctx.env['SHELL'])))
    if (shell) return { shell, script: completionScript(shell) }
    throw new BittensorError('MISSING_INPUT', 'the shell is missing', {
      hint: `btcli completion ${SHELLS.join('|')}`,
    })
  },

  render: { table: ({ script }) => script, json: (data) => data },
})

/** `/usr/bin/zsh` ➡ `zsh` */
function shellOf(path: string | undefined): Shell | undefined {
  const name = path?.split('/').at(-1)
  return SHELLS.find((one) => one === name)
}
