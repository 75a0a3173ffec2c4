/** Settings of a subnet that are more than one value. */
import { call, cost, type RuntimeContext } from '../../pallet.js'
import { AccountId, option, u8, u16, vec } from '../../scale.js'
import { ensure } from '../subtensor/errors.js'
import { clockAllows, clocks, startClock } from '../subtensor/limits.js'
import { setMechanismCount, setMechanismSplit } from '../subtensor/mechanisms.js'
import { ensureOwnerOrRoot } from '../subtensor/networks.js'
import { S } from '../subtensor/storage.js'
import { ensureOwnerInTime, type Limit, noteChange } from './access.js'

/** A week. */
const OWNER_HOTKEY_LIMIT = 50_400n

function setOwnerHotkey(
  context: RuntimeContext,
  { netuid, hotkey }: { netuid: number; hotkey: string },
): undefined {
  const { state } = context
  ensureOwnerOrRoot(context, netuid)
  ensure(state.get(S.NetworksAdded, netuid), 'SubnetNotExists')
  const clock = clocks.ownerHotkey(netuid)
  ensure(clockAllows(context, clock, OWNER_HOTKEY_LIMIT), 'TxRateLimitExceeded')
  startClock(context, clock)
  state.set(S.SubnetOwnerHotkey, [netuid], hotkey)
}

/** A 40th of the range. */
const LEAST_ALPHA = 1638

function setAlphaValues(
  context: RuntimeContext,
  args: { netuid: number; alpha_low: number; alpha_high: number },
): undefined {
  const { netuid, alpha_low: low, alpha_high: high } = args
  const limit: Limit = { setting: 'AlphaValues' }
  ensureOwnerInTime(context, netuid, limit)
  ensure(context.state.get(S.LiquidAlphaOn, netuid), 'LiquidAlphaDisabled')
  ensure(high >= LEAST_ALPHA, 'AlphaHighTooLow')
  ensure(low >= LEAST_ALPHA && low <= high, 'AlphaLowOutOfRange')
  context.state.set(S.AlphaValues, [netuid], [low, high])
  noteChange(context, netuid, limit)
}

const hotkeyArgs = { netuid: u16, hotkey: AccountId }

export const mechanismCalls = {
  sudo_set_alpha_values: call({
    index: 51,
    args: { netuid: u16, alpha_low: u16, alpha_high: u16 },
    weight: cost(25_280_000, 4089, 3, 1),
    run: setAlphaValues,
  }),
  sudo_set_subnet_owner_hotkey: call({
    index: 64,
    args: hotkeyArgs,
    weight: cost(3_918_000, 0, 0, 1),
    class: 'Operational',
    run: setOwnerHotkey,
  }),
  sudo_set_sn_owner_hotkey: call({
    index: 67,
    args: hotkeyArgs,
    weight: cost(20_570_000, 4204, 2, 2),
    run: setOwnerHotkey,
  }),
  sudo_set_mechanism_count: call({
    index: 76,
    args: { netuid: u16, mechanism_count: u8 },
    weight: cost(15_000_000, 0, 1, 1),
    run(context, { netuid, mechanism_count }) {
      const limit: Limit = { kind: 'MechanismCountUpdate' }
      ensureOwnerInTime(context, netuid, limit)
      setMechanismCount(context.state, netuid, mechanism_count)
      noteChange(context, netuid, limit)
      return undefined
    },
  }),
  sudo_set_mechanism_emission_split: call({
    index: 77,
    args: { netuid: u16, maybe_split: option(vec(u16)) },
    weight: cost(15_000_000, 0, 1, 1),
    run(context, { netuid, maybe_split }) {
      const limit: Limit = { kind: 'MechanismEmission' }
      ensureOwnerInTime(context, netuid, limit)
      setMechanismSplit(context.state, netuid, maybe_split)
      noteChange(context, netuid, limit)
      return undefined
    },
  }),
}
