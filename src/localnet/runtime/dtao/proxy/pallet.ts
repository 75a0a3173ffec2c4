/** Proxy of spec 343: accounts that act for others, openly or as announced. */
import {
  around,
  type Call,
  call,
  cost,
  errorsInOrder,
  eventsInOrder,
  type Pallet,
} from '../../pallet.js'
import {
  AccountId,
  compact,
  H256,
  option,
  type ScaleType,
  u16,
  u32,
  u64,
  variant,
} from '../../scale.js'
import { MultiAddress } from '../../types.js'
import { DispatchResult } from '../types.js'
import {
  announce,
  pokeDeposit,
  proxyAnnounced,
  rejectAnnouncement,
  removeAnnouncement,
} from './announcements.js'
import { addProxy, createPure, killPure, proxy, removeProxies, removeProxy } from './proxies.js'
import { ERRORS, Proxied, ProxyType } from './storage.js'

const DepositKind = variant(() => ({ Proxies: { index: 0 }, Announcements: { index: 1 } }), {
  path: ['pallet_subtensor_proxy', 'DepositKind'],
})

const definition = { delegate: MultiAddress, proxy_type: ProxyType, delay: u32 }
const announced = { real: MultiAddress, call_hash: H256 }
const changed = { delegator: AccountId, delegatee: AccountId, proxy_type: ProxyType, delay: u32 }

const events = eventsInOrder({
  ProxyExecuted: { result: DispatchResult },
  PureCreated: {
    pure: AccountId,
    who: AccountId,
    proxy_type: ProxyType,
    disambiguation_index: u16,
  },
  PureKilled: {
    pure: AccountId,
    spawner: AccountId,
    proxy_type: ProxyType,
    disambiguation_index: u16,
  },
  Announced: { real: AccountId, proxy: AccountId, call_hash: H256 },
  ProxyAdded: changed,
  ProxyRemoved: changed,
  DepositPoked: { who: AccountId, kind: DepositKind, old_deposit: u64, new_deposit: u64 },
})

/** Weights are those of the most proxies (20) and announcements (75). */
const actingCalls = (runtimeCall: ScaleType<Call>) => ({
  proxy: call({
    index: 0,
    args: { real: MultiAddress, force_proxy_type: option(ProxyType), call: runtimeCall },
    weight: around(cost(25_755_565, 4706, 4, 1)),
    class: 'of the call',
    run: proxy,
  }),
  proxy_announced: call({
    index: 9,
    args: {
      delegate: MultiAddress,
      real: MultiAddress,
      force_proxy_type: option(ProxyType),
      call: runtimeCall,
    },
    weight: around(cost(62_210_297, 5698, 6, 3)),
    class: 'of the call',
    run: proxyAnnounced(runtimeCall),
  }),
})

const ownCalls = {
  add_proxy: call({
    index: 1,
    args: definition,
    weight: cost(29_301_636, 4706, 1, 1),
    run: addProxy,
  }),
  remove_proxy: call({
    index: 2,
    args: definition,
    weight: cost(29_295_246, 4706, 1, 1),
    run: removeProxy,
  }),
  remove_proxies: call({
    index: 3,
    args: {},
    weight: cost(26_501_318, 4706, 1, 1),
    run: removeProxies,
  }),
  create_pure: call({
    index: 4,
    args: { proxy_type: ProxyType, delay: u32, index: u16 },
    weight: cost(30_261_288, 4706, 1, 1),
    run: createPure,
  }),
  kill_pure: call({
    index: 5,
    args: {
      spawner: MultiAddress,
      proxy_type: ProxyType,
      index: u16,
      height: compact(u32),
      ext_index: compact(u32),
    },
    weight: cost(27_442_327, 4706, 1, 1),
    run: killPure,
  }),
  announce: call({
    index: 6,
    args: announced,
    weight: cost(50_458_201, 5698, 3, 2),
    run: announce,
  }),
  remove_announcement: call({
    index: 7,
    args: announced,
    weight: cost(42_382_064, 5698, 2, 2),
    run: removeAnnouncement,
  }),
  reject_announcement: call({
    index: 8,
    args: { delegate: MultiAddress, call_hash: H256 },
    weight: cost(43_208_549, 5698, 2, 2),
    run: rejectAnnouncement,
  }),
  poke_deposit: call({
    index: 10,
    args: {},
    weight: cost(47_972_000, 5698, 3, 3),
    run: pokeDeposit,
  }),
}

/** The pallet over the calls of the runtime. */
export const proxyPallet = (runtimeCall: ScaleType<Call>): Pallet => ({
  name: 'Proxy',
  index: 16,
  crate: 'pallet_subtensor_proxy',
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: Proxied,
  calls: { ...actingCalls(runtimeCall), ...ownCalls },
  events,
  errors: errorsInOrder(ERRORS),
  constants: {
    ProxyDepositBase: { type: u64, value: 60_000_000n },
    ProxyDepositFactor: { type: u64, value: 33_000_000n },
    MaxProxies: { type: u32, value: 20 },
    MaxPending: { type: u32, value: 75 },
    AnnouncementDepositBase: { type: u64, value: 36_000_000n },
    AnnouncementDepositFactor: { type: u64, value: 68_000_000n },
  },
})
