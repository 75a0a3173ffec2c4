/** Committing and revealing weights, on the metadata of real runtimes. */
import { describe, expect, it } from 'vitest'
import { commitHash } from '../../src/core/plans/commitPlan.js'
import { dtaoNode, HOT } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

const LINE = 'weights_commit -w alice -H validator -n 2 --uids 0 --weights 1'

async function setUp(spec: '218' | '343' | '365', options: { block?: number } = {}) {
  const world = await dtaoNode(spec, options)
  world.set('CommitRevealWeightsEnabled', [2], true)
  world.set('ValidatorPermit', [2], [true])
  world.set('LastUpdate', [2], [0])
  world.set('MinAllowedWeights', [2], 1)
  world.set('MaxWeightsLimit', [2], 65_535)
  return world
}

describe.each(['343', '365'] as const)('weights_commit on spec %s', (spec) => {
  it('encrypts towards the round of drand that comes with the reveal', async () => {
    const { given } = await setUp(spec)
    const now = 1_800_000_000_000
    const { data } = documentOf(await run(`${LINE} --dry_run --json`, { ...given, now }))
    // Block 100 is in epoch 0 of 360 blocks; that of the reveal begins in block 357, and the pulse is due at 360.
    const round = Math.floor((now / 1000 + 260 * 12 - 1_692_803_367) / 3)
    expect(data).toMatchObject({ timelocked: true, revealFromBlock: 357, drandRound: `${round}` })
    expect(data.preview.calls[0]).toMatchObject({
      name: 'commit_timelocked_weights',
      args: { netuid: 2, reveal_round: `${round}`, commit_reveal_version: 4 },
    })
    // Header, two keys, the payload of 47 bytes with its tag and nonce, and the name of the cipher.
    expect(data.preview.calls[0].args.commit).toMatch(/^0x[0-9a-f]{582}$/)
  })
})

describe('commit and reveal by hash, on spec 218', () => {
  it('keeps what opens the commit, and reveals it in its epoch only', async () => {
    const { given, set } = await setUp('218', { block: 500 })
    const raw = { ...given, filters: false }
    const dry = documentOf(await run(`${LINE} --dry_run --json`, raw)).data
    const opening = {
      hotkey: HOT,
      netuid: 2,
      uids: [0],
      values: [65_535],
      salt: dry.salt,
      versionKey: 0n,
    }
    expect(dry).toMatchObject({ timelocked: false, commitHash: commitHash(opening) })
    expect(dry.preview.calls[0]).toMatchObject({
      name: 'commit_weights',
      args: { commit_hash: dry.commitHash },
    })
    const none = await run('weights_reveal -w alice -H validator -n 2 -y --json', given)
    expect(documentOf(none).error.message).toContain('no commit to reveal')
    const words = `-u 0 --weights 1 --version_key 0 --salt ${dry.salt.join(' ')}`
    const reveal = `wt reveal -w alice -H validator -n 2 ${words}`
    const commitAt = (block: number) =>
      set('WeightCommits', [2, HOT], [[dry.commitHash, block, 0, 0]])
    commitAt(450)
    const early = documentOf(await run(`${reveal} -y --json`, given))
    // Epoch 1 ends with block 716; the next is that of the reveal.
    expect(early.error).toMatchObject({ code: 'RATE_LIMITED', details: { blocksLeft: 216 } })
    commitAt(100)
    const { data } = documentOf(await run(`${reveal} --dry_run --json`, given))
    expect(data.preview.calls[0]).toMatchObject({
      name: 'reveal_weights',
      args: { netuid: 2, uids: [0], values: [65_535], salt: dry.salt, version_key: '0' },
    })
    const foreign = await run('weights_reveal -w alice -H validator -n 2 -y --json', given)
    expect(documentOf(foreign).error.message).toBe(
      '1 commit waits, but none was made from this machine',
    )
    const other = await run(`${reveal.replace('--weights 1', '--weights 0')} -y --json`, given)
    expect(documentOf(other).error.message).toBe(
      '1 commit waits, but these weights are not what was committed',
    )
  })

  it('is refused on root, as set_weights is', async () => {
    const { given } = await setUp('218')
    for (const command of ['weights_commit', 'set_weights']) {
      const line = `${command} -w alice -H validator -n 0 --uids 1 --weights 1 -y --json`
      expect(documentOf(await run(line, given)).error).toMatchObject({
        code: 'RUNTIME_UNSUPPORTED',
        message: 'the root network of this chain (spec 218) takes no weights',
      })
    }
  })

  it('is refused where weights are set openly, and the other way round', async () => {
    const { given, set } = await setUp('218')
    const open = await run('set_weights -w alice -H validator -n 2 --uids 0 --weights 1 -y', given)
    expect(open.stderr).toContain('btcli weights_commit')
    set('CommitRevealWeightsEnabled', [2], false)
    const committed = await run(`${LINE} -y`, given)
    expect(committed).toMatchObject({ code: 2 })
    expect(committed.stderr).toContain('takes weights openly')
  })
})
