/**
 * Our neurons against the Python ones: our axon serves Python's dendrite, our dendrite asks Python's axon.
 *
 *     npx tsx scripts/interop-neurons.ts [--python <interpreter>]... [--grpc-source <dir> --grpc-python <interpreter>]
 *
 * Each interpreter needs `bittensor` of 6.x–10.x (its axon and dendrite) or 11.x (its signed requests), such as a virtual environment with `pip install bittensor==10.5.0`. Without
 * `--python`, `python3` is tried. Where there is none with the package, the script says so and ends with status 0.
 *
 * `--grpc-source DIR` adds the gRPC neurons of 5.3.1 (interop-neurons-grpc.py says how to get them), run by the interpreter
 * given with `--grpc-python`.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Keypair, keypairFromUri } from '../src/core/keys/keypair.js'
import { Dendrite, type DendriteResult } from '../src/network/dendrite.js'
import { defineSynapse, Ping } from '../src/network/synapse.js'
import { TextPrompting, TextPromptingBackward } from '../src/network/textPrompting.js'
import { tensor } from '../src/network/wire/tensor.js'
import { startAxon } from '../test/integration/network/support.js'
import * as s from '../test/unit/network/synapses.js'

const peerScript = fileURLToPath(new URL('interop-neurons.py', import.meta.url))
const btauthScript = fileURLToPath(new URL('interop-neurons-btauth.py', import.meta.url))
const grpcScript = fileURLToPath(new URL('interop-neurons-grpc.py', import.meta.url))

const { values: flags } = parseArgs({
  options: {
    python: { type: 'string', multiple: true },
    'grpc-python': { type: 'string', default: 'python3' },
    'grpc-source': { type: 'string' },
  },
})

type Row = Record<string, unknown>
let failures = 0

function check(name: string, got: unknown, expected: unknown): void {
  const same = JSON.stringify(got) === JSON.stringify(expected)
  if (!same) failures++
  console.log(
    `  ${same ? 'ok  ' : 'FAIL'} ${name}${same ? '' : `\n       got      ${JSON.stringify(got)}\n       expected ${JSON.stringify(expected)}`}`,
  )
}

function versionOf(python: string): string | undefined {
  const found = spawnSync(python, ['-c', 'import bittensor; print(bittensor.__version__)'], {
    encoding: 'utf8',
  })
  return found.status === 0 ? found.stdout.trim().split('\n').at(-1) : undefined
}

/** Runs the Python peer to its end and returns its lines of JSON. */
async function python(interpreter: string, ...args: string[]): Promise<Row[]> {
  const child = spawn(interpreter, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const rows: Row[] = []
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) rows.push(JSON.parse(line) as Row)
  }
  if (child.exitCode === null) await once(child, 'exit')
  if (child.exitCode !== 0) console.log(errors.split('\n').slice(-12).join('\n'))
  return rows
}

/** Starts Python's axon; closing its standard input ends it. */
async function startPythonAxon(
  interpreter: string,
  ...args: string[]
): Promise<{ port: number; stop: () => Promise<void> }> {
  const child: ChildProcessWithoutNullStreams = spawn(interpreter, args)
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const { port } = JSON.parse(line) as { port: number }
    child.stdout.resume()
    return {
      port,
      async stop() {
        child.stdin.end()
        const timer = setTimeout(() => child.kill(), 5000)
        if (child.exitCode === null) await once(child, 'exit')
        clearTimeout(timer)
      },
    }
  }
  throw new Error(`Python's axon did not start:\n${errors}`)
}

async function pythonAsksUs(interpreter: string, bob: Keypair): Promise<void> {
  const axon = await startAxon(bob, { protocols: ['http', 'btauth'] })
  const rows = await python(interpreter, peerScript, 'dendrite', String(axon.port))
  const [load] = await python(interpreter, peerScript, 'load', String(axon.port), '500', '32')
  await axon.stop({ graceMs: 0 })
  const of = (name: string): Row => rows.find((row) => row['case'] === name) ?? {}
  const outcome = (name: string) => [of(name)['status'], of(name)['success']]
  const prompt = 'hello "world" \\ it\'s ünïcode ✓ 😀'
  check(
    'TextEcho',
    [...outcome('TextEcho'), of('TextEcho')['reply']],
    [200, true, `${prompt}|${prompt}|a,b"c,d'e`],
  )
  check('ping', outcome('Synapse'), [200, true])
  check('one field of every kind', [...outcome('AllTypes'), of('AllTypes')['o']], [200, true, 2])
  check(
    'tensor',
    [...outcome('VecSum'), of('VecSum')['y']],
    [
      200,
      true,
      [
        [2, 4],
        [6, 8],
      ],
    ],
  )
  check(
    'blacklisted',
    [...outcome('Blocked'), of('Blocked')['message']],
    [403, false, 'Forbidden. Key is blacklisted: not on the list.'],
  )
  check('failing handler', outcome('Failing'), [500, false])
  check('own status', [...outcome('Custom'), of('Custom')['message']], [429, false, 'Too many'])
  check('timeout', outcome('Slow'), [408, false])
  check('unknown route', outcome('Nope'), [404, false])
  check(
    'stream',
    [...outcome('Words'), of('Words')['text'], of('Words')['out']],
    [200, true, 'one two three ', 'one two three '],
  )
  check('20 at once', of('20 at once')['success'], 20)
  check('500 requests, 32 at once', [load?.['requests'], load?.['failed']], [500, 0])
}

async function weAskPython(interpreter: string, alice: Keypair, bob: Keypair): Promise<void> {
  const peer = await startPythonAxon(interpreter, peerScript, 'axon')
  const dendrite = new Dendrite({ signer: alice, protocol: 'auto' })
  const target = { hotkey: bob.address, ip: '127.0.0.1', port: peer.port }
  const short = (result: DendriteResult) => [result.status, result.message.replace(/#.*/, '#id')]
  const prompt = 'hello "world" \\ it\'s ünïcode ✓ 😀'
  const echo = await dendrite.call(target, s.TextEcho, {
    prompt,
    count: 2,
    tags: ['a', 'b"c', "d'e", '\u0007\u00a0'],
  })
  check(
    'TextEcho, the protocol found out by asking',
    [echo.protocol, echo.ok && echo.values.reply],
    ['http', `${prompt}|${prompt}|a,b"c,d'e,\u0007\u00a0`],
  )
  check('ping', short(await dendrite.call(target, Ping, {})), [200, 'Success'])
  const d = {
    k: null,
    n: [1.5, 2, 1e-7, 1e22, 'q'],
    '10': 1,
    '2': 2n ** 60n,
    t: { u: [true, false] },
  }
  const all = await dendrite.call(target, s.AllTypes, {
    s: "it's",
    i: -3,
    f: 1,
    b: true,
    l: [1, 2, 3],
    d,
  })
  check('one field of every kind', [all.status, all.ok && all.values.o], [200, 2])
  const sum = await dendrite.call(target, s.VecSum, { x: tensor('float32', [1, 2, 3, 4], [2, 2]) })
  check(
    'tensor',
    sum.ok && [sum.values.y?.shape, Array.from((sum.values.y?.data ?? []) as Float32Array)],
    [
      [2, 2],
      [2, 4, 6, 8],
    ],
  )
  check('blacklisted', short(await dendrite.call(target, s.Blocked, {})), [
    403,
    'Forbidden. Key is blacklisted: not on the list.',
  ])
  check('failing handler', short(await dendrite.call(target, s.Failing, {})), [
    500,
    'Internal Server Error #id',
  ])
  check('own status', short(await dendrite.call(target, s.Custom, {})), [429, 'Too many'])
  check('timeout', short(await dendrite.call(target, s.Slow, {}, { timeoutMs: 1000 })), [
    408,
    'Request timeout after 1.0 seconds',
  ])
  check('unknown route', (await dendrite.call(target, defineSynapse('Nope', {}), {})).status, 404)
  const { pieces, result } = dendrite.stream(target, s.Words, { text: 'one two three' })
  let text = ''
  for await (const piece of pieces) text += piece
  const last = await result
  check('stream', [text, last.ok && last.values.out], ['one two three ', 'one two three '])
  const wrong = await dendrite.call(
    { ...target, hotkey: alice.address, wire: 'http' },
    s.TextEcho,
    { prompt: 'x' },
  )
  check('signed for another receiver', wrong.status, 401)
  const many = await Promise.all(
    Array.from({ length: 50 }, (_, i) => dendrite.call(target, s.TextEcho, { prompt: `p${i}` })),
  )
  check('50 at once, none lost', many.filter((one) => one.ok).length, 50)
  dendrite.close()
  await peer.stop()
}

/** Requests of bittensor 11, which our axon checks. */
async function pythonSignsForUs(interpreter: string, bob: Keypair): Promise<void> {
  const axon = await startAxon(bob)
  const rows = await python(interpreter, btauthScript, 'dendrite', String(axon.port))
  await axon.stop({ graceMs: 0 })
  const of = (name: string) => {
    const row = rows.find((entry) => entry['case'] === name) ?? {}
    return [row['status'], String(row['reply'] ?? row['message']).replace(/:.*/, '')]
  }
  check('signed', of('signed'), [200, 'ü✓|ü✓|'])
  check('sent again', of('again'), [401, 'ReplayedRequest'])
  check('altered on the way', of('altered'), [401, 'BadSignature'])
  check('signed for another receiver', of('another receiver'), [403, 'WrongReceiver'])
  check('signed with ed25519', of('ed25519'), [200, 'ü✓|ü✓|'])
}

/** Requests of our dendrite, which bittensor 11 checks. */
async function weSignForPython(interpreter: string, alice: Keypair, bob: Keypair): Promise<void> {
  const peer = await startPythonAxon(interpreter, btauthScript, 'axon')
  const target = { hotkey: bob.address, ip: '127.0.0.1', port: peer.port }
  const ed25519 = await keypairFromUri('//Alice', { cryptoType: 'ed25519' })
  for (const [name, signer] of Object.entries({ sr25519: alice, ed25519 })) {
    const dendrite = new Dendrite({ signer })
    const echo = await dendrite.call(target, s.TextEcho, { prompt: 'ü✓', count: 2 })
    check(`signed with ${name}`, echo.ok && echo.values.reply, 'ü✓|ü✓|')
    const wrong = await dendrite.call({ ...target, hotkey: alice.address }, s.TextEcho, {
      prompt: 'x',
    })
    check('signed for another receiver', [wrong.status, wrong.message], [401, 'WrongReceiver'])
    const many = await Promise.all(
      Array.from({ length: 50 }, () => dendrite.call(target, s.TextEcho, { prompt: 'p' })),
    )
    check('50 at once, none lost', many.filter(({ ok }) => ok).length, 50)
    dendrite.close()
  }
  await peer.stop()
}

const conversation = {
  roles: ['system', 'user'],
  messages: ['be brief', 'should I buy a boat? ü✓'],
}
const completion = 'system:be brief|user:should I buy a boat? ü✓'

/** The dendrite of 5.3.1 asks our axon. */
async function grpcPythonAsksUs(
  interpreter: string,
  source: string,
  alice: Keypair,
  bob: Keypair,
): Promise<void> {
  const axon = await startAxon(bob, { protocols: ['grpc', 'http', 'btauth'] }, (server) => {
    server
      .attach(TextPrompting, {
        blacklist: (call) => [call.caller !== alice.address, 'pubkey not registered'],
        async forward({ roles, messages }, call) {
          if (messages.at(-1) === 'fail') throw new Error('boom')
          if (messages.at(-1) === 'sleep') await once(call.signal, 'abort')
          return { completion: messages.map((text, i) => `${roles[i]}:${text}`).join('|') }
        },
      })
      .attach(TextPromptingBackward, {
        forward({ rewards, completion, roles }) {
          if (String(rewards) !== '0.5,1' || completion !== 'x' || roles[0] !== 'user')
            throw new Error('unexpected')
        },
      })
  })
  const rows = await python(interpreter, grpcScript, source, 'dendrite', String(axon.port))
  await axon.stop({ graceMs: 0 })
  const of = (name: string) => {
    const row = rows.find((entry) => entry['case'] === name) ?? {}
    return [row['code'], String(row['message']).replace(/#.*/, '#id'), row['completion'] ?? null]
  }
  check('forward', of('forward'), ['1', 'Success', completion])
  check('backward', of('backward').slice(0, 2), ['1', 'Success'])
  check('failing handler', of('fail'), ['22', 'Internal Server Error #id', ''])
  // The dendrite's own clock, the deadline of the call and the axon's answer all end at one second: any may be first.
  check('timeout', ['2', 'StatusCode.DEADLINE_EXCEEDED'].includes(String(of('sleep')[0])), true)
  check('blacklisted', of('stranger'), ['25', 'pubkey not registered', ''])
  check('wrong receiver', of('wrong receiver').slice(0, 2), [
    'StatusCode.UNAUTHENTICATED',
    'GRPC error code: StatusCode.UNAUTHENTICATED, details: Signature mismatch',
  ])
}

/** Our dendrite asks the axon of 5.3.1. */
async function weAskGrpcPython(
  interpreter: string,
  source: string,
  alice: Keypair,
  bob: Keypair,
): Promise<void> {
  const peer = await startPythonAxon(interpreter, grpcScript, source, 'axon')
  const target = { hotkey: bob.address, ip: '127.0.0.1', port: peer.port }
  const dendrite = new Dendrite({ signer: alice, protocol: 'grpc' })
  const forward = await dendrite.call(target, TextPrompting, conversation)
  check('forward', [forward.returnCode, forward.ok && forward.values.completion], [1, completion])
  const backward = await dendrite.call(target, TextPromptingBackward, {
    roles: ['user'],
    messages: ['hi'],
    completion: 'x',
    rewards: [0.5, 1],
  })
  check('backward', [backward.returnCode, backward.message], [1, 'Success'])
  const fail = await dendrite.call(target, TextPrompting, { roles: ['user'], messages: ['fail'] })
  check('failing handler', [fail.status, fail.returnCode, fail.message], [500, 22, 'boom'])
  const slow = await dendrite.call(
    target,
    TextPrompting,
    { roles: ['user'], messages: ['sleep'] },
    { timeoutMs: 1000 },
  )
  check('timeout', [slow.status, slow.returnCode], [408, 2])
  const stranger = new Dendrite({ signer: await keypairFromUri('//Charlie'), protocol: 'grpc' })
  const refused = await stranger.call(target, TextPrompting, conversation)
  check(
    'blacklisted',
    [refused.status, refused.returnCode, refused.message],
    [403, 25, 'pubkey not registered'],
  )
  const wrong = await dendrite.call(
    { ...target, hotkey: alice.address },
    TextPrompting,
    conversation,
  )
  check('wrong receiver', [wrong.status, wrong.returnCode, wrong.grpcStatus], [401, 23, 16])
  const many = await Promise.all(
    Array.from({ length: 8 }, () => dendrite.call(target, TextPrompting, conversation)),
  )
  check('8 at once, none lost', many.filter((one) => one.ok).length, 8)
  dendrite.close()
  stranger.close()
  await peer.stop()
}

const alice = await keypairFromUri('//Alice')
const bob = await keypairFromUri('//Bob')
const found = (flags.python ?? ['python3']).map((path) => ({ path, version: versionOf(path) }))
for (const { path, version } of found) {
  if (version === undefined) {
    console.log(`skipped: ${path} has no bittensor package`)
    continue
  }
  const major = Number(version.split('.')[0])
  if (major < 6) {
    console.log(`skipped: bittensor ${version} speaks no HTTP`)
    continue
  }
  if (major >= 11) {
    console.log(`bittensor ${version} (btauth/1): its requests to our axon`)
    await pythonSignsForUs(path, bob)
    console.log(`bittensor ${version} (btauth/1): our dendrite's requests, checked by it`)
    await weSignForPython(path, alice, bob)
    continue
  }
  console.log(`bittensor ${version}: its dendrite asks our axon`)
  await pythonAsksUs(path, bob)
  console.log(`bittensor ${version}: our dendrite asks its axon`)
  await weAskPython(path, alice, bob)
}
const grpcSource = flags['grpc-source']
if (grpcSource === undefined) {
  console.log('skipped: the gRPC neurons of 5.3.1 (--grpc-source is not given)')
} else {
  console.log('bittensor 5.3.1 (gRPC): its dendrite asks our axon')
  await grpcPythonAsksUs(flags['grpc-python'], grpcSource, alice, bob)
  console.log('bittensor 5.3.1 (gRPC): our dendrite asks its axon')
  await weAskGrpcPython(flags['grpc-python'], grpcSource, alice, bob)
}
process.exitCode = failures === 0 ? 0 : 1
