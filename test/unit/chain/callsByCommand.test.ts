/**
 * The call that each command builds on each runtime, from March 2023 to mid-2026, or how it says that this runtime has none.
 * A command that signs and has no line here fails.
 */
import { expect, test } from 'vitest'
import { registry } from '../../../src/cli/registry.js'
import { faucetCall, registerCall } from '../../../src/core/chain/calls.js'
import { decodeAs } from '../../../src/core/chain/decodeAny.js'
import type { Call, ChainClient, DecodedCall } from '../../../src/core/chain/types.js'
import { fromHex } from '../../../src/core/keys/hex.js'
import { BOB, BOB_HOT, WRITES } from '../../support/lines.js'
import { documentOf, run } from '../../support/run.js'
import { SPECS, writersWorld } from '../../support/writersWorld.js'

const proof = { blockNumber: 7, nonce: 2n ** 63n, work: new Uint8Array(32).fill(1) }
/** Commands whose call carries a proof, which is searched first. */
const PROVED: Readonly<Record<string, (client: ChainClient) => Call>> = {
  register: (client) =>
    registerCall(client, { ...proof, netuid: 1, hotkey: BOB_HOT, coldkey: BOB }),
  faucet: (client) => faucetCall(client, proof),
}

/** Sends what another command has built. */
const BUILDS_NOTHING = ['submit']

test('every command that signs has a line', async () => {
  const commands = await Promise.all(registry.map(({ load }) => load()))
  const signing = commands
    .filter(({ options }) => Object.values(options).some(({ name }) => name === 'dry_run'))
    .map(({ name }) => name)
  const known = [...Object.keys(WRITES), ...Object.keys(PROVED), ...BUILDS_NOTHING]
  expect(known.toSorted()).toEqual(signing.toSorted())
})

/** What came of it: `Pallet.call(arguments)`, or `none:` and the sentence. Anything else is told as it is. */
async function outcomeOf(given: Parameters<typeof run>[1], client: ChainClient, line: string) {
  const { error, data } = documentOf(await run(`${line} --dry_run --json`, given))
  if (error) {
    const isAbsent = error.code === 'RUNTIME_UNSUPPORTED'
    return `${isAbsent ? 'none' : `FAILED ${error.code}`}: ${error.message}`
  }
  const calls: readonly { data: string }[] = data.preview.calls
  return calls.map((call) => textOf(client, call.data)).join(' + ')
}

/** The call as its bytes read by the metadata. */
function textOf({ runtime }: ChainClient, data: string): string {
  const read = decodeAs(runtime.description, fromHex(data)!, 'call')
  if (read.kind !== 'call') throw new Error(`${data} is no call`)
  return signatureOf(read.call)
}

/** `Pallet.name(arguments)`, calls inside it written out. */
function signatureOf({ pallet, name, args }: DecodedCall): string {
  const inner = (value: unknown) => (value as { readonly pallet?: string }).pallet !== undefined
  const shown = Object.entries(args).map(([arg, value]) =>
    typeof value === 'object' && inner(value) ? signatureOf(value as never) : arg,
  )
  return `${pallet}.${name}(${shown.join(', ')})`
}

test.each(SPECS)('spec %i', async (spec) => {
  const { chain, given } = await writersWorld(spec)
  const client = await chain.connect()
  const table: Record<string, string> = {}
  for (const [command, lines] of Object.entries(WRITES)) {
    const outcomes: string[] = []
    for (const line of lines)
      outcomes.push(await outcomeOf(given, client, `${command} ${line(spec)}`))
    table[command] = [...new Set(outcomes)].join('\n')
  }
  for (const [command, build] of Object.entries(PROVED)) {
    try {
      table[command] = textOf(client, build(client).data)
    } catch (error) {
      table[command] = `none: ${(error as Error).message}`
    }
  }
  expect(Object.entries(table).filter(([, text]) => /FAILED/.test(text))).toEqual([])
  expect(table).toMatchSnapshot()
})
