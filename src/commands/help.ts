/** `btcli help`: the help of a command or a topic. */
import { defineCommand } from '../cli/define.js'

export const help = defineCommand({
  name: 'help',
  summary: 'Displays the help.',
  options: {},
  positionals: [
    { name: 'topic', description: 'a command, or options, environment, exit, formats, units' },
  ],
  examples: ['help stake', 'help exit'],

  async run(ctx, _, words) {
    return { topic: words[0] ?? null, text: await ctx.help(words.join(' ')) }
  },

  render: {
    table: ({ text }) => text,
    json: (page) => page,
  },
})
