/** What `weights_commit` and `weights_reveal` check, and what they show before signing. */
import { blake2b } from '@noble/hashes/blake2.js'
import { buildCall } from '../chain/calls.js'
import { compact, concat, littleEndian } from '../chain/encode.js'
import { type CommitTime, countsEpochs, readRevealBlocks } from '../chain/epochs.js'
import { encryptForRound } from '../chain/timelock.js'
import type { Call, ChainView, Hex } from '../chain/types.js'
import { asBigint, asList, asNumber, asRecord, asText } from '../chain/values.js'
import { BittensorError } from '../errors.js'
import { fromHex, toHex } from '../keys/hex.js'
import { decodeAddress } from '../keys/ss58.js'
import { type CallPlan, planCall } from './callPlan.js'
import { rateLimit } from './ownHotkey.js'
import { type Party, type Planning, partyName } from './plan.js'
import { spanText } from './texts.js'
import { checkedWeights, type WeightsTerms } from './weightsPlan.js'

const MODULE = 'SubtensorModule'

/** Weights with what hides and opens them. */
export type Opening = {
  readonly hotkey: string
  readonly netuid: number
  readonly uids: readonly number[]
  readonly values: readonly number[]
  readonly salt: readonly number[]
  readonly versionKey: bigint
}

/** blake2b-256 over the SCALE encoding, as the chain hashes it again when weights are revealed. */
export function commitHash(opening: Opening): Hex {
  const { hotkey, netuid, uids, values, salt, versionKey } = opening
  const bytes = concat([
    decodeAddress(hotkey),
    littleEndian(BigInt(netuid), 2),
    ...[uids, values, salt].map(u16s),
    littleEndian(versionKey, 8),
  ])
  return toHex(blake2b(bytes, { dkLen: 32 })) as Hex
}

function u16s(numbers: readonly number[]): Uint8Array {
  return concat([
    compact(BigInt(numbers.length)),
    ...numbers.map((one) => littleEndian(BigInt(one), 2)),
  ])
}

export type CommitTerms = WeightsTerms & {
  readonly salt: readonly number[]
  /** Milliseconds since 1970. */
  readonly now: number
}

export type CommitPlan = CallPlan<number> & {
  readonly uid: number
  /** What has to be kept for revealing; undefined where the chain reveals by itself. */
  readonly opening: Opening | undefined
  readonly round: bigint | undefined
  readonly revealBlock: number
}

/**
 * Checks weights and says what committing them would do: encrypted towards a round of drand where the chain reveals them by
 * itself (`CommitRevealWeightsVersion`), else as a hash that is revealed later.
 * @throws {BittensorError} as `planWeights`; `USAGE` where weights are set openly
 */
export async function planCommit(planning: Planning, terms: CommitTerms): Promise<CommitPlan> {
  const { client, view } = planning
  const { hotkey, netuid, weights, salt } = terms
  const { uid, versionKey } = await checkedWeights(planning, terms, 'committed')
  const { first } = await readRevealBlocks(view, netuid)
  const opening = {
    hotkey: hotkey.address,
    netuid,
    uids: weights.uids,
    values: weights.values,
    salt,
    versionKey,
  }
  const timelocked = client.hasCall(MODULE, 'commit_timelocked_weights')
  const lock = timelocked ? await timelock(planning, terms, opening, first) : undefined
  const call =
    lock?.call ??
    buildCall(client, MODULE, 'commit_weights', { netuid, commit_hash: commitHash(opening) })
  const wait = Math.max(0, first - view.block.number)
  const plan = await planCall<number>(
    planning,
    {
      signer: hotkey,
      call,
      label: `weights of ${partyName(hotkey)}`,
      netuids: [netuid],
      asked: { netuid, uids: weights.uids, weights: weights.values },
      measure: (at) => countCommits(at, netuid, hotkey),
      facts: [
        { label: 'neuron', value: `uid ${uid} on subnet ${netuid}` },
        {
          label: 'weights',
          value: weights.uids.map((one, i) => `${one}: ${weights.values[i]}`).join(', '),
        },
        { label: 'version key', value: `${versionKey}` },
        {
          label: 'revealed',
          value: lock ? 'by the chain' : 'by you, with weights_reveal',
          note: `from block ${first} on, ≈ ${spanText(wait * client.blockTimeMs)} from now`,
        },
        ...(lock ? [{ label: 'drand round', value: `${lock.round}` }] : []),
      ],
      question: `Commit ${weights.uids.length} weights on subnet ${netuid}?`,
    },
    'hotkey',
  )
  return {
    ...plan,
    uid,
    opening: lock ? undefined : opening,
    round: lock?.round,
    revealBlock: first,
  }
}

/** The round of drand that is known three blocks into the reveal epoch, by the beacon's parameters on chain. */
async function timelock(
  { client, view }: Planning,
  { now }: CommitTerms,
  opening: Opening,
  firstReveal: number,
): Promise<{ readonly call: Call; readonly round: bigint }> {
  const [config, version] = await Promise.all([
    view.read('Drand', 'BeaconConfig'),
    view.read(MODULE, 'CommitRevealWeightsVersion'),
  ])
  const beacon = asRecord(config)
  const key = fromHex(asText(beacon['public_key'])) ?? new Uint8Array()
  const seconds =
    now / 1000 + (Math.max(0, firstReveal + 3 - view.block.number) * client.blockTimeMs) / 1000
  const since = (seconds - asNumber(beacon['genesis_time'])) / asNumber(beacon['period'])
  const round = BigInt(Math.max(1, Math.floor(since)))
  const commit = await encryptForRound(key, round, payloadOf(opening))
  const call = buildCall(client, MODULE, 'commit_timelocked_weights', {
    netuid: opening.netuid,
    commit,
    reveal_round: round,
    commit_reveal_version: asNumber(version),
  })
  return { call, round }
}

/** What the chain decrypts: hotkey, uids, values and version key. */
export function payloadOf({ hotkey, uids, values, versionKey }: Opening): Uint8Array {
  const key = decodeAddress(hotkey)
  return concat([
    compact(BigInt(key.length)),
    key,
    u16s(uids),
    u16s(values),
    littleEndian(versionKey, 8),
  ])
}

/** A commit that waits on chain. */
export type WaitingCommit = { readonly hash: Hex } & CommitTime

/** Commits of a hotkey that wait to be revealed by it (`WeightCommits`). */
export async function readCommits(
  view: ChainView,
  netuid: number,
  hotkey: Party,
): Promise<WaitingCommit[]> {
  const value = await view.read(MODULE, 'WeightCommits', netuid, hotkey.address)
  if (value === undefined) return []
  return asList(value).map((one) => {
    const [hash, made] = asList(one)
    const time = countsEpochs(view) ? { epoch: asNumber(made) } : { block: asNumber(made) }
    return { hash: asText(hash) as Hex, ...time }
  })
}

/** All commits of a hotkey that wait, those that the chain reveals among them. */
async function countCommits(view: ChainView, netuid: number, hotkey: Party): Promise<number> {
  const own = (await readCommits(view, netuid, hotkey)).length
  if (!view.hasStorage(MODULE, 'TimelockedWeightCommits')) return own
  const entries = await view.entries(MODULE, 'TimelockedWeightCommits', netuid)
  const locked = entries
    .flatMap(({ value }) => asList(value))
    .filter((one) => asList(one)[0] === hotkey.address)
  return own + locked.length
}

/** What may be revealed: openings that were typed, or all that are kept on this machine. */
type RevealTerms = {
  readonly hotkey: Party
  readonly netuid: number
  readonly openings: readonly Opening[]
  readonly isTyped: boolean
}

export type RevealPlan = CallPlan<number> & { readonly opening: Opening }

/**
 * Checks which of the openings belongs to a commit that can be revealed now, and says what revealing it would do.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE` without a fitting commit or after its time, `RATE_LIMITED` before it
 */
export async function planReveal(planning: Planning, terms: RevealTerms): Promise<RevealPlan> {
  const { client, view } = planning
  const { hotkey, netuid, openings } = terms
  const commits = await readCommits(view, netuid, hotkey)
  const fitting = commits.flatMap((commit) => {
    const opening = openings.find((one) => commitHash(one) === commit.hash)
    return opening ? [{ commit, opening }] : []
  })
  const [found] = fitting
  if (!found) throw noOpening(terms, commits.length)
  const next = view.block.number + 1
  const { first, last } = await readRevealBlocks(view, netuid, found.commit)
  if (next < first)
    throw rateLimit(client, first - next, `it can be revealed from block ${first} to ${last}`)
  if (next > last) {
    throw new BittensorError('USAGE', 'the commit can not be revealed any more', {
      details: `that was possible from block ${first} to ${last}`,
      hint: 'commit weights again: btcli weights_commit',
    })
  }
  const { uids, values, salt, versionKey } = found.opening
  const plan = await planCall<number>(
    planning,
    {
      signer: hotkey,
      call: buildCall(client, MODULE, 'reveal_weights', {
        netuid,
        uids,
        values,
        salt,
        version_key: versionKey,
      }),
      label: `weights of ${partyName(hotkey)}`,
      netuids: [netuid],
      measure: (at) => countCommits(at, netuid, hotkey),
      facts: [
        { label: 'hotkey', value: hotkey, note: `on subnet ${netuid}` },
        { label: 'commit', value: found.commit.hash, note: madeText(found.commit) },
        { label: 'weights', value: uids.map((one, i) => `${one}: ${values[i]}`).join(', ') },
      ],
      notes:
        fitting.length > 1
          ? [`${fitting.length - 1} later commits wait; reveal them one by one`]
          : [],
      question: `Reveal ${uids.length} weights on subnet ${netuid}?`,
    },
    'hotkey',
  )
  return { ...plan, opening: found.opening }
}

function madeText(commit: CommitTime): string {
  return 'epoch' in commit ? `of epoch ${commit.epoch}` : `of block ${commit.block}`
}

function noOpening({ hotkey, netuid, isTyped }: RevealTerms, waiting: number): BittensorError {
  if (waiting === 0) {
    return new BittensorError(
      'USAGE',
      `${partyName(hotkey)} has no commit to reveal on subnet ${netuid}`,
      {
        hint: 'btcli weights_commit makes one; timelocked commits are revealed by the chain',
      },
    )
  }
  const commits = waiting === 1 ? '1 commit waits' : `${waiting} commits wait`
  const why = isTyped
    ? 'these weights are not what was committed'
    : 'none was made from this machine'
  return new BittensorError('USAGE', `${commits}, but ${why}`, {
    hint: 'give --uids, --weights, --salt and --version_key as they were committed',
  })
}

/** Numbers as they are typed or kept. */
export function asOpening(value: Readonly<Record<string, unknown>>): Opening {
  const numbers = (name: string) => (value[name] as unknown[]).map(Number)
  return {
    hotkey: String(value['hotkey']),
    netuid: Number(value['netuid']),
    uids: numbers('uids'),
    values: numbers('values'),
    salt: numbers('salt'),
    versionKey: asBigint(BigInt(String(value['versionKey']))),
  }
}
