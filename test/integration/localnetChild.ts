/** A process that keeps a local chain in a directory and says what is final, made to be killed by tests. */
import { Localnet } from '../../src/localnet/index.js'

const [directory = '', mode = ''] = process.argv.slice(2)
const kind =
  mode === 'dtao'
    ? ({ profile: 'dtao', blocks: 'instant' } as const)
    : { blocks: 'manual' as const }
const chain = await Localnet.start({ directory, genesis: 'dev', port: 0, ...kind })
process.stdout.write(`endpoint ${chain.endpoint}\n`)
if (mode === 'blocks') {
  for (;;) {
    await chain.fund('5C62Ck4UrFPiBtoCmeSrgF7x9yv9mn38446dhCpsi2mLHiFT', 1000n)
    process.stdout.write(`final ${chain.finalized.number} ${chain.finalized.hash}\n`)
    if (chain.finalized.number % 5 === 0) await chain.advance(20)
  }
}
