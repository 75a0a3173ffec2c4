/** `btcli gpu`: the GPUs that can search proofs of work. */
import { defineCommand } from '../cli/define.js'
import { findGpus } from '../cli/gpus.js'

export const gpu = defineCommand({
  name: 'gpu',
  summary: 'List the GPUs that can search proofs of work.',
  usage: '[list] [options]',
  options: {},
  positionals: [{ name: 'action', description: 'list them (default)', choices: ['list'] }],
  examples: ['gpu list', 'register --netuid 1 --gpu', 'pow bench --gpu_id 0'],
  notes:
    'Each is tested on known seals. GPUs need the npm package webgpu (130 MB): npm install --global webgpu. Of cards of one name only the first can be used.',

  async run(ctx) {
    return { gpus: await ctx.progress('Testing GPUs …', () => findGpus(ctx)) }
  },

  render: {
    table({ gpus }, { style }) {
      if (gpus.length === 0) return 'No GPU found.\n'
      return gpus
        .map(({ id, name, backend, problem }) => {
          const state = problem === undefined ? style.green('ready') : style.red(problem)
          return `${id}  ${name} (${backend}): ${state}\n`
        })
        .join('')
    },
    json: ({ gpus }) => ({
      gpus: gpus.map(({ id, name, backend, problem }) => ({
        id,
        name,
        backend,
        usable: problem === undefined,
        problem,
      })),
    }),
  },
})
