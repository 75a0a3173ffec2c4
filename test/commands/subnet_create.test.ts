/** Creating, starting and describing subnets, and identities of coldkeys. */
import { describe, expect, it } from 'vitest'
import { freshChain, roundGenesis } from '../support/chain.js'
import { devWorld } from '../support/devAccounts.js'
import { DEV, dryChain } from '../support/dryChain.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { dtaoNode, HOT } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

describe('subnet_create', () => {
  it('shows the cost, creates the subnet, and it is started later', async () => {
    const { given, localnet } = await dtaoChain()
    const cost = documentOf(await run('s burn-cost --json', given)).data.costRao
    const result = await run('subnet_create -w alice -H fresh --subnet_name Loom', {
      ...given,
      prompts: [[/Create a subnet for τ\d+/, true]],
    })
    expect(result.code).toBe(0)
    expect(result.stderr).toContain('locked: it does not come back while the subnet lives')
    expect(result.stdout).toMatch(/^✔ Created subnet 6\n/)
    const shown = await run('subnet_identity_get -n 6', given)
    expect(shown.stdout).toMatch(/name +Loom/)
    const dearer = documentOf(await run('subnet_cost --json', given)).data.costRao
    expect(BigInt(dearer) > BigInt(cost)).toBe(true)
    const limited = await run('subnet_create -w alice -H fresh --max_cost 1 -y --json', given)
    expect(documentOf(limited).error.code).toBe('POLICY')
    const early = await run('subnet_start -n 6 --check', given)
    expect(early.stdout).toMatch(/^Subnet 6 can be started/)
    expect(localnet.head.number).toBe(1)
  })

  it('on older runtimes takes the arguments that those have', async () => {
    const preview = await dtaoNode('218')
    preview.set('NetworkLastLockCost', [], 1_000_000_000n)
    const line = 'subnet_create -w alice -H validator --dry_run --json'
    expect(documentOf(await run(line, preview.given)).data.preview.calls[0]).toMatchObject({
      name: 'register_network',
      args: { hotkey: HOT, mechid: 1 },
    })
    const { given } = await devWorld()
    const classic = await run(line, given)
    expect(documentOf(classic).data.preview.calls[0]).toMatchObject({
      name: 'register_network',
      args: {},
    })
  })
})

describe('subnet_start', () => {
  it('knows who may, and when', async () => {
    const { given, set } = await dtaoNode('343', { block: 60_000 })
    set('NetworkRegisteredAt', [2], 20_000)
    const line = 'subnet_start -w alice -n 2 -y --json'
    expect(documentOf(await run(line, given)).error).toMatchObject({
      code: 'RATE_LIMITED',
      details: { blocksLeft: 10_399 },
    })
    set('NetworkRegisteredAt', [2], 1_000)
    const dry = await run('s start -w alice -n 2 --dry_run --json', given)
    expect(documentOf(dry).data.preview.calls[0]).toMatchObject({ name: 'start_call' })
    const other = await run('subnet_start -w bob -n 2 -y --json', given)
    expect(documentOf(other).error.code).toBe('KEYFILE')
    set('FirstEmissionBlockNumber', [2], 55_000)
    expect((await run('subnet_start -n 2 --check', given)).stdout).toBe(
      'Subnet 2 is started: it emits from block 55000 on.\n',
    )
    const { chain } = await freshChain({ genesis: roundGenesis })
    const classic = await run('subnet_start -n 1 --check --json', { chain })
    expect(documentOf(classic).error.code).toBe('RUNTIME_UNSUPPORTED')
  })
})

describe('identities', () => {
  it('of a coldkey are set field by field', async () => {
    const { given } = await dtaoChain()
    const first = await run(
      'wallet set-identity -w alice --id_name Nova --web_url https://nova.example -y',
      given,
    )
    expect(first.code).toBe(0)
    const more = await run('identity_set -w alice --discord nova -y --json', given)
    expect(documentOf(more).data.identity).toMatchObject({
      name: 'Nova',
      url: 'https://nova.example',
      discord: 'nova',
    })
    const shown = await run('w get-identity -w alice', given)
    expect(shown.stdout).toMatch(/name +Nova/)
    const same = await run('identity_set -w alice --discord nova -y --json', given)
    expect(documentOf(same).error.message).toBe('nothing would change')
    // What is signed is readable, though the chain has it as bytes.
    expect(first.stderr).toContain('name: "Nova", url: "https://nova.example", github_repo: ""')
    const wallet = await run('identity_set --name Aurora -y --json', given)
    expect(documentOf(wallet).error).toMatchObject({
      code: 'WALLET_NOT_FOUND',
      hint: '--id_name is the name to be shown; --name and --wallet.name are the wallet, see btcli list',
    })
    const long = await run(`identity_set -w alice --id_name ${'x'.repeat(257)} -y --json`, given)
    expect(documentOf(long).error.message).toContain('has 257 bytes')
  })

  it('of a subnet are set by its owner', async () => {
    const { given } = await dtaoChain()
    const result = await run('s set-identity -w dave -n 3 --description "Grain." -y --json', given)
    expect(documentOf(result).data.identity).toMatchObject({
      name: 'Granary',
      description: 'Grain.',
    })
    const other = await run('subnet_identity_set -w alice -n 3 --subnet_name X -y --json', given)
    expect(documentOf(other).error.code).toBe('KEYFILE')
  })

  it('have only the fields of the runtime', async () => {
    const { given } = await dtaoNode('218')
    const result = await run('identity_set -w alice --github_repo x -y --json', given)
    expect(documentOf(result).error).toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
      message: 'identities on this chain (spec 218) have no github_repo',
    })
    const empty = dryChain('343')
    empty.give(DEV.alice, 10)
    const { chain, home } = await devWorld()
    const nobody = await run('identity_set -w alice --id_name x -y --json', {
      chain: empty.open,
      home,
    })
    expect(documentOf(nobody).error).toMatchObject({
      code: 'NOT_REGISTERED',
      message: 'no hotkey of alice is registered on a subnet',
    })
    const classic = await run('identity_set -w alice --id_name x -y --json', { chain, home })
    expect(documentOf(classic).error.code).toBe('RUNTIME_UNSUPPORTED')
  })
})
