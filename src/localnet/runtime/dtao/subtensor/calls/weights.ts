/** Calls that set, commit and reveal weights. None of them costs a fee. */
import { call, cost } from '../../../pallet.js'
import { compact, H256, tuple, u8, u16, u64, vec } from '../../../scale.js'
import { boundedBytes } from '../../types.js'
import {
  batchCommitWeights,
  batchRevealWeights,
  commitTimelocked,
  commitWeights,
  revealWeights,
} from '../commits.js'
import { batchSetWeights, setMechanismWeights, setWeights } from '../weights.js'

const pays = false
const mechanism = { netuid: u16, mecid: u8 }
const row = { dests: vec(u16), weights: vec(u16), version_key: u64 }
const reveal = { uids: vec(u16), values: vec(u16), salt: vec(u16), version_key: u64 }
const timelocked = { commit: boundedBytes, reveal_round: u64 }
const compact16 = compact(u16)

export const weightCalls = {
  set_weights: call({
    pays,
    index: 0,
    args: { netuid: u16, ...row },
    weight: cost(15_540_000_000, 0, 4111, 2),
    run: setWeights,
  }),
  batch_set_weights: call({
    pays,
    index: 80,
    args: {
      netuids: vec(compact16),
      weights: vec(vec(tuple(compact16, compact16))),
      version_keys: vec(compact(u64)),
    },
    weight: cost(95_460_000, 0, 15, 2),
    run: batchSetWeights,
  }),
  commit_weights: call({
    pays,
    index: 96,
    args: { netuid: u16, commit_hash: H256 },
    weight: cost(67_770_000, 0, 10, 2),
    run: commitWeights,
  }),
  reveal_weights: call({
    pays,
    index: 97,
    args: { netuid: u16, ...reveal },
    weight: cost(122_000_000, 0, 17, 2),
    run: revealWeights,
  }),
  batch_reveal_weights: call({
    pays,
    index: 98,
    args: {
      netuid: u16,
      uids_list: vec(vec(u16)),
      values_list: vec(vec(u16)),
      salts_list: vec(vec(u16)),
      version_keys: vec(u64),
    },
    weight: cost(412_000_000, 0, 17, 2),
    run: batchRevealWeights,
  }),
  batch_commit_weights: call({
    pays,
    index: 100,
    args: { netuids: vec(compact16), commit_hashes: vec(H256) },
    weight: cost(100_500_000, 0, 11, 2),
    run: batchCommitWeights,
  }),
  commit_timelocked_weights: call({
    pays,
    index: 113,
    args: { netuid: u16, ...timelocked, commit_reveal_version: u16 },
    weight: cost(63_160_000, 0, 10, 2),
    run: commitTimelocked,
  }),
  commit_mechanism_weights: call({
    pays,
    index: 115,
    args: { ...mechanism, commit_hash: H256 },
    weight: cost(55_130_000, 0, 7, 2),
    run: commitWeights,
  }),
  reveal_mechanism_weights: call({
    pays,
    index: 116,
    args: { ...mechanism, ...reveal },
    weight: cost(122_000_000, 0, 16, 2),
    run: revealWeights,
  }),
  commit_crv3_mechanism_weights: call({
    pays,
    index: 117,
    args: { ...mechanism, ...timelocked },
    weight: cost(77_750_000, 0, 7, 2),
    run: commitTimelocked,
  }),
  commit_timelocked_mechanism_weights: call({
    pays,
    index: 118,
    args: { ...mechanism, ...timelocked, commit_reveal_version: u16 },
    weight: cost(84_020_000, 0, 9, 2),
    run: commitTimelocked,
  }),
  set_mechanism_weights: call({
    pays,
    index: 119,
    args: { ...mechanism, ...row },
    weight: cost(15_540_000_000, 0, 4111, 2),
    run: setMechanismWeights,
  }),
}
