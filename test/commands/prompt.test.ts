import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Keypair, keypairFromUri } from '../../src/core/keys/keypair.js'
import { devAccount } from '../../src/localnet/genesis/devKeys.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { Axon } from '../../src/network/axon.js'
import { TextPromptingSynapse } from '../../src/network/textPromptingSynapse.js'
import { freshChain, roundGenesis } from '../support/chain.js'
import { devHome } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

let home: string
let bob: Keypair
let axon: Axon
let asked: (readonly [string, string])[][]

beforeAll(async () => {
  home = await devHome({ alice: { uri: '//Alice', hotkeys: { default: '//Alice//miner1' } } })
  bob = await keypairFromUri('//Bob//validator')
  const alice = await keypairFromUri('//Alice//miner1')
  axon = await served({
    blacklist: (call) => [call.caller !== alice.address, 'strangers'],
    async forward(messages, call) {
      asked.push(messages.map(({ role, content }) => [role, content]))
      if (messages.at(-1)?.content === 'sleep')
        await new Promise((resolve) => call.signal.addEventListener('abort', resolve))
      return 'Greek philosopher\nof change'
    },
    multiForward: () => ['You should buy a boat.', 'Mine bittensor.'],
  })
})
afterAll(() => axon.stop({ graceMs: 0 }))

async function served(
  handlers: ConstructorParameters<typeof TextPromptingSynapse>[1],
  protocols?: ['grpc'],
): Promise<Axon> {
  const made = new Axon({ signer: bob, port: 0, host: '127.0.0.1', protocols })
  new TextPromptingSynapse(made, handlers)
  await made.start()
  return made
}

async function prompt(words: string, options: Parameters<typeof run>[1] = {}) {
  asked = []
  const result = await run(`prompt ${words} --wallet.name alice --wallet.hotkey default`, {
    home,
    ...options,
  })
  return {
    ...result,
    // The free port differs from run to run.
    stdout: result.stdout.replaceAll(String(axon.port), '8091'),
    stderr: result.stderr.replaceAll(String(axon.port), '8091'),
  }
}

const to = () => `--axon 127.0.0.1:${axon.port} --axon_hotkey ${bob.address}`

describe('prompt', () => {
  it('prints the completion, alone on stdout', async () => {
    const result = await prompt(`"Heraclitus was a" ${to()}`)
    expect(result).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "Asking the network…
      ",
        "stdout": "Greek philosopher
      of change
      ",
      }
    `)
    expect(asked).toEqual([
      [
        ['system', expect.stringContaining('Chattensor')],
        ['user', 'Heraclitus was a'],
      ],
    ])
  })

  it('prints all completions where the endpoint has several', async () => {
    const result = await prompt(`"What should I do today?" --return_all ${to()}`)
    expect(result.stdout).toMatchInlineSnapshot(`
      "1. You should buy a boat.
      2. Mine bittensor.
      "
    `)
  })

  it('reads a long question from stdin, and tells the assistant what to be', async () => {
    await prompt(`- --system "be brief" ${to()}`, { stdin: 'a question\nof two lines\n' })
    expect(asked).toEqual([
      [
        ['system', 'be brief'],
        ['user', 'a question\nof two lines'],
      ],
    ])
  })

  it('asks for the question on a terminal only', async () => {
    const result = await run(`prompt ${to()}`, {
      home,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', ''],
        ['Enter the prompt', 'hi'],
      ],
    })
    expect([result.code, result.stdout]).toEqual([0, 'Greek philosopher\nof change\n'])
    const piped = await prompt(to())
    expect([piped.code, piped.stderr]).toMatchInlineSnapshot(`
      [
        2,
        "error: the prompt is missing

      hint: btcli prompt "your question", or - to read it from stdin
      ",
      ]
    `)
    expect((await prompt(`" " ${to()}`)).code).toBe(2)
  })

  it('gives one JSON document', async () => {
    const { data } = documentOf(await prompt(`hi --json ${to()}`))
    expect(data).toMatchInlineSnapshot(`
      {
        "completion": "Greek philosopher
      of change",
        "completions": [
          "Greek philosopher
      of change",
        ],
        "endpoint": {
          "hotkey": "5FRjui8zwLQSFMm6domc8q6cpCYXAizAjXenQyzdhN9w5xqH",
          "ip": "127.0.0.1",
          "port": 8091,
        },
        "protocol": "btauth",
      }
    `)
  })

  it('finds the endpoint on chain by its hotkey', async () => {
    const chain = await freshChain({ genesis: roundGenesis })
    await chain.set(S.Axons, [1, devAccount('//Bob//validator')], {
      block: 1n,
      version: 10_005_000,
      ip: 0x7f00_0001n,
      port: axon.port,
      ip_type: 4,
      protocol: 4,
      placeholder1: 0,
      placeholder2: 0,
    })
    const found = await prompt(`hi --axon_hotkey ${bob.address}`, { chain: chain.chain })
    expect([found.code, found.stdout]).toEqual([0, 'Greek philosopher\nof change\n'])
    const gone = await prompt('hi', { chain: chain.chain })
    expect([gone.code, gone.stderr]).toMatchInlineSnapshot(`
      [
        1,
        "error: the foundation's endpoint of 2023 no longer answers: it announces no address on subnet 1

      hint: name another endpoint by its hotkey or its address: --axon_hotkey, --axon (in programs \`hotkey\`, \`axon\`)
      ",
      ]
    `)
  })

  it('says what is wrong with an endpoint', async () => {
    const nobody = await prompt(`hi --axon 127.0.0.1:1 --axon_hotkey ${bob.address}`)
    expect([nobody.code, nobody.stderr]).toMatchInlineSnapshot(`
      [
        3,
        "Asking the network…
      error: the endpoint at 127.0.0.1:1 does not answer
        Service unavailable at 127.0.0.1:1/TextPrompting

      hint: name another endpoint by its hotkey or its address: --axon_hotkey, --axon (in programs \`hotkey\`, \`axon\`)
      ",
      ]
    `)
    const late = await prompt(`sleep --timeout 1 ${to()}`)
    expect([late.code, late.stderr]).toMatchInlineSnapshot(`
      [
        3,
        "Asking the network…
      error: the endpoint at 127.0.0.1:8091 did not answer in time
        Request timeout after 1.0 seconds

      hint: try again, or give it more time
      ",
      ]
    `)
    const other = await run(`prompt hi ${to()} --wallet.name bob -y`, {
      home: await devHome({ bob: { uri: '//Bob', hotkeys: { default: '//Bob//miner1' } } }),
    })
    expect(other.code).toBe(3)
    expect(other.stderr).toContain('refuses this hotkey')
    expect(other.stderr).toContain('strangers')
    const alice = (await keypairFromUri('//Alice//miner1')).address
    const wrong = await prompt(`hi --axon 127.0.0.1:${axon.port} --axon_hotkey ${alice}`)
    expect(wrong.code).toBe(3)
    expect(wrong.stderr).toContain('has another hotkey')
    expect(wrong.stderr).toContain('--axon_hotkey')
    expect((await prompt('hi --axon nonsense')).stderr).toContain('is not host:port')
    expect((await prompt('hi --protocol smtp')).stderr).toContain('must be one of auto, btauth')
    const anonymous = await prompt(`hi --axon 127.0.0.1:${axon.port}`)
    expect([anonymous.code, anonymous.stderr]).toMatchInlineSnapshot(`
      [
        2,
        "error: the hotkey of the endpoint is missing
        every question is signed for the one that it is sent to

      hint: give it with --axon_hotkey
      ",
      ]
    `)
  })

  it('talks to an endpoint of bittensor 5 in its own protocol', async () => {
    const old = await served({ forward: (_messages, call) => call.protocol }, ['grpc'])
    const where = `--axon 127.0.0.1:${old.port} --axon_hotkey ${bob.address} --protocol grpc`
    expect((await prompt(`hi ${where}`)).stdout).toBe('grpc\n')
    await old.stop({ graceMs: 0 })
  })
})
