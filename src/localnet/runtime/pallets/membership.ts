/** Sets of at most so many accounts, kept sorted: the triumvirate and the senate. */
import { type Checks, checksOf } from '../failure.js'
import {
  call,
  cost,
  errorsInOrder,
  eventsInOrder,
  optionalValue,
  type Pallet,
  type RuntimeContext,
  storageOf,
  value,
} from '../pallet.js'
import { AccountId, type Variant, vec } from '../scale.js'
import type { State } from '../state.js'
import { boundedVec, MultiAddress } from '../types.js'
import { ensureRoot, lookup, signedBy } from './system.js'

const ERRORS = ['AlreadyMember', 'NotMember', 'TooManyMembers'] as const

type Context = Pick<RuntimeContext, 'state' | 'emit'>

/** What happens elsewhere when the members change. */
export type MembershipObserver = {
  changed(context: Context, outgoing: readonly string[], members: readonly string[]): void
  primeSet(context: Context, prime: string | undefined): void
}

const NOBODY: MembershipObserver = { changed: () => undefined, primeSet: () => undefined }

const membershipStorage = (name: string) =>
  storageOf(name, {
    Members: value(boundedVec(AccountId), []),
    Prime: optionalValue(AccountId),
  })

/** One set of members and what can be done with it; each change raises its event. */
export class Membership {
  readonly name: string
  readonly pallet: Pallet
  readonly storage: ReturnType<typeof membershipStorage>
  readonly #limit: number
  readonly #observer: MembershipObserver
  readonly #ensure: Checks<(typeof ERRORS)[number]>['ensure']

  constructor(name: string, index: number, limit: number, observer = NOBODY) {
    this.name = name
    this.#limit = limit
    this.#observer = observer
    this.#ensure = checksOf<(typeof ERRORS)[number]>(name).ensure
    this.storage = membershipStorage(name)
    this.pallet = palletOf(this, index)
  }

  members({ state }: { readonly state: State }): readonly string[] {
    return state.get(this.storage.Members)
  }

  add(context: Context, who: string): void {
    const members = this.members(context)
    this.#ensure(!members.includes(who), 'AlreadyMember')
    this.#ensure(members.length < this.#limit, 'TooManyMembers')
    this.#store(context, [...members, who], [])
    context.emit(this.name, 'MemberAdded')
  }

  remove(context: Context, who: string): void {
    const members = this.members(context)
    this.#ensure(members.includes(who), 'NotMember')
    const left = members.filter((one) => one !== who)
    this.#store(context, left, [who])
    this.#keepPrime(context)
    context.emit(this.name, 'MemberRemoved')
  }

  swap(context: Context, removed: string, added: string): void {
    if (removed === added) return
    this.#replace(context, removed, added)
    this.#keepPrime(context)
    context.emit(this.name, 'MembersSwapped')
  }

  reset(context: Context, members: readonly string[]): void {
    this.#ensure(members.length <= this.#limit, 'TooManyMembers')
    const gone = this.members(context).filter((one) => !members.includes(one))
    this.#store(context, members, gone)
    this.#keepPrime(context)
    context.emit(this.name, 'MembersReset')
  }

  changeKey(context: Context, old: string, added: string): void {
    if (old !== added) {
      const wasPrime = context.state.get(this.storage.Prime) === old
      this.#replace(context, old, added)
      if (wasPrime) this.setPrime(context, added)
    }
    context.emit(this.name, 'KeyChanged')
  }

  /** Names the member whose vote counts for those who abstain, or nobody. */
  setPrime(context: Context, prime: string | undefined): void {
    if (prime === undefined) context.state.remove(this.storage.Prime)
    else {
      this.#ensure(this.members(context).includes(prime), 'NotMember')
      context.state.set(this.storage.Prime, [], prime)
    }
    this.#observer.primeSet(context, prime)
  }

  #replace(context: Context, removed: string, added: string): void {
    const members = this.members(context)
    this.#ensure(members.includes(removed), 'NotMember')
    this.#ensure(!members.includes(added), 'AlreadyMember')
    const next = members.map((one) => (one === removed ? added : one))
    this.#store(context, next, [removed])
  }

  #store(context: Context, members: readonly string[], outgoing: readonly string[]): void {
    const sorted = [...members].sort()
    context.state.set(this.storage.Members, [], sorted)
    this.#observer.changed(context, outgoing, sorted)
  }

  /** A change of members makes the observer forget the prime: tell it again, or drop one who left. */
  #keepPrime(context: Context): void {
    const prime = context.state.get(this.storage.Prime)
    if (prime === undefined) return
    if (this.members(context).includes(prime)) this.#observer.primeSet(context, prime)
    else context.state.remove(this.storage.Prime)
  }
}

function palletOf(membership: Membership, index: number): Pallet {
  return {
    name: membership.name,
    index,
    crate: 'pallet_membership',
    generics: { call: ['T', 'I'], event: ['T', 'I'], error: ['T', 'I'] },
    storage: membership.storage,
    calls: callsOf(membership),
    events: eventsInOrder({
      MemberAdded: [],
      MemberRemoved: [],
      MembersSwapped: [],
      MembersReset: [],
      KeyChanged: [],
      Dummy: [],
    }),
    errors: errorsInOrder(ERRORS),
    constants: {},
  }
}

/** Runs as root only. */
function asRoot<A>(run: (context: RuntimeContext, args: A) => void) {
  return (context: RuntimeContext, args: A): undefined => {
    ensureRoot(context.origin)
    run(context, args)
  }
}

/** Half a write: what the real runtime declares for every call here. */
const CHANGE = cost(50_000_000)

type Who = { who: Variant }

function callsOf(membership: Membership) {
  const one = { who: MultiAddress }
  return {
    add_member: call({
      index: 0,
      args: one,
      weight: CHANGE,
      run: asRoot((context, { who }: Who) => membership.add(context, lookup(who))),
    }),
    remove_member: call({
      index: 1,
      args: one,
      weight: CHANGE,
      run: asRoot((context, { who }: Who) => membership.remove(context, lookup(who))),
    }),
    swap_member: call({
      index: 2,
      args: { remove: MultiAddress, add: MultiAddress },
      weight: CHANGE,
      run: asRoot((context, args: { remove: Variant; add: Variant }) =>
        membership.swap(context, lookup(args.remove), lookup(args.add)),
      ),
    }),
    reset_members: call({
      index: 3,
      args: { members: vec(AccountId) },
      weight: CHANGE,
      run: asRoot((context, args: { members: string[] }) =>
        membership.reset(context, args.members),
      ),
    }),
    change_key: call({
      index: 4,
      args: { new: MultiAddress },
      weight: CHANGE,
      run(context, args): undefined {
        membership.changeKey(context, signedBy(context.origin), lookup(args.new))
      },
    }),
    set_prime: call({
      index: 5,
      args: one,
      weight: CHANGE,
      run: asRoot((context, { who }: Who) => membership.setPrime(context, lookup(who))),
    }),
    clear_prime: call({
      index: 6,
      args: {},
      weight: CHANGE,
      run: asRoot((context) => membership.setPrime(context, undefined)),
    }),
  }
}
