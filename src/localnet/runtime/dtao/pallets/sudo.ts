/** The key that may do anything, with the event and the call that spec 343 has besides. */
import { type Call, call, cost, type EventDef, type Pallet } from '../../pallet.js'
import { sudoPallet as classicSudo, ensureSudo, Sudo } from '../../pallets/sudo.js'
import { lookup } from '../../pallets/system.js'
import { AccountId, option, type ScaleType } from '../../scale.js'
import { MultiAddress } from '../../types.js'
import { DispatchResult } from '../types.js'

const events: Record<string, EventDef> = {
  Sudid: { index: 0, fields: { sudo_result: DispatchResult } },
  KeyChanged: { index: 1, fields: { old: option(AccountId), new: AccountId } },
  KeyRemoved: { index: 2, fields: [] },
  SudoAsDone: { index: 3, fields: { sudo_result: DispatchResult } },
}

/** The pallet over the calls of the runtime. */
export function sudoPallet(runtimeCall: ScaleType<Call>): Pallet {
  const classic = classicSudo(runtimeCall)
  return {
    ...classic,
    calls: {
      ...classic.calls,
      set_key: call({
        index: 2,
        args: { new: MultiAddress },
        weight: cost(9_800_000, 1517, 1, 1),
        run(context, args) {
          const old = ensureSudo(context)
          const key = lookup(args.new)
          context.emit('Sudo', 'KeyChanged', { old, new: key })
          context.state.set(Sudo.Key, [], key)
          return { pays: false }
        },
      }),
      remove_key: call({
        index: 4,
        args: {},
        weight: cost(8_600_000, 1517, 1, 1),
        run(context) {
          ensureSudo(context)
          context.emit('Sudo', 'KeyRemoved')
          context.state.remove(Sudo.Key)
          return { pays: false }
        },
      }),
    },
    events,
  }
}
