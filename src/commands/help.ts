/** `btcli help`: the help of a command or a topic. */
import { defineCommand } from '../cli/define.js'

export const help = defineCommand({
  name: 'help',
  summary: 'Displays the help.',
  options: {},
  positionals: [
    {
      name: 'topic',
      description:
        'a command under any of its names, a group of later versions, or options, environment, exit, formats, units',
      many: true,
    },
  ],
  examples: ['help stake', 'help wallet', 'help stake list', 'help exit'],

  async run(ctx, _, words) {
    return {
      topic: words.length > 0 ? words.join(' ') : null,
      text: await ctx.help(words.join(' ')),
    }
  },

  render: {
    table: ({ text }) => text,
    json: (page) => page,
  },
})
