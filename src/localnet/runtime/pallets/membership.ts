/** Sets of at most so many accounts, kept sorted: the triumvirate and the senate. */
import { checksOf } from '../failure.js'
import {
  call,
  errorsInOrder,
  eventsInOrder,
  optionalValue,
  type Pallet,
  type RuntimeContext,
  storageOf,
  value,
} from '../pallet.js'
import { AccountId, type Variant, vec } from '../scale.js'
import { boundedVec, MultiAddress } from '../types.js'
import { ensureRoot, lookup, signedBy } from './system.js'

const ERRORS = ['AlreadyMember', 'NotMember', 'TooManyMembers'] as const
type MembershipError = (typeof ERRORS)[number]

type Context = Pick<RuntimeContext, 'state' | 'emit'>

/** What happens elsewhere when the members change. */
export type MembershipObserver = {
  changed(context: Context, outgoing: readonly string[], members: readonly string[]): void
  primeSet(context: Context, prime: string | undefined): void
}

const NOBODY: MembershipObserver = { changed: () => undefined, primeSet: () => undefined }

/** A membership pallet and the functions other pallets call directly. */
export function membership(
  name: string,
  index: number,
  maxMembers: number,
  observer: MembershipObserver = NOBODY,
) {
  const storage = storageOf(name, {
    Members: value(boundedVec(AccountId), []),
    Prime: optionalValue(AccountId),
  })
  const { ensure } = checksOf<MembershipError>(name)

  const store = (context: Context, members: readonly string[], outgoing: readonly string[]) => {
    const sorted = [...members].sort()
    context.state.set(storage.Members, [], sorted)
    observer.changed(context, outgoing, sorted)
  }
  /** A change of members makes the observer forget the prime: tell it again, or drop one who left. */
  const keepPrime = (context: Context) => {
    const prime = context.state.get(storage.Prime)
    if (prime === undefined) return
    if (membersOf(context).includes(prime)) observer.primeSet(context, prime)
    else context.state.remove(storage.Prime)
  }
  const setPrime = (context: Context, prime: string | undefined) => {
    if (prime === undefined) context.state.remove(storage.Prime)
    else context.state.set(storage.Prime, [], prime)
    observer.primeSet(context, prime)
  }
  const membersOf = (context: Pick<Context, 'state'>): readonly string[] =>
    context.state.get(storage.Members)

  const add = (context: Context, who: string) => {
    const members = membersOf(context)
    ensure(!members.includes(who), 'AlreadyMember')
    ensure(members.length < maxMembers, 'TooManyMembers')
    store(context, [...members, who], [])
    context.emit(name, 'MemberAdded')
  }
  const swap = (context: Context, remove: string, added: string) => {
    if (remove === added) return
    const members = membersOf(context)
    ensure(members.includes(remove), 'NotMember')
    ensure(!members.includes(added), 'AlreadyMember')
    store(context, [...members.filter((one) => one !== remove), added], [remove])
    keepPrime(context)
    context.emit(name, 'MembersSwapped')
  }
  const remove = (context: Context, who: string) => {
    const members = membersOf(context)
    ensure(members.includes(who), 'NotMember')
    store(
      context,
      members.filter((one) => one !== who),
      [who],
    )
    keepPrime(context)
    context.emit(name, 'MemberRemoved')
  }

  return { storage, add, swap, remove, members: membersOf, pallet: pallet() }

  function pallet(): Pallet {
    return {
      name,
      index,
      crate: 'pallet_membership',
      generics: { call: ['T', 'I'], event: ['T', 'I'], error: ['T', 'I'] },
      storage,
      calls: calls(),
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

  function calls() {
    const asRoot = (run: (context: RuntimeContext, who: string) => void) => {
      return (context: RuntimeContext, { who }: { who: Variant }) => {
        ensureRoot(context.origin)
        run(context, lookup(who))
        return undefined
      }
    }
    return {
      add_member: call({ index: 0, args: { who: MultiAddress }, run: asRoot(add) }),
      remove_member: call({ index: 1, args: { who: MultiAddress }, run: asRoot(remove) }),
      swap_member: call({
        index: 2,
        args: { remove: MultiAddress, add: MultiAddress },
        run(context, args) {
          ensureRoot(context.origin)
          swap(context, lookup(args.remove), lookup(args.add))
          return undefined
        },
      }),
      reset_members: call({
        index: 3,
        args: { members: vec(AccountId) },
        run(context, args) {
          ensureRoot(context.origin)
          reset(context, args.members)
          return undefined
        },
      }),
      change_key: call({
        index: 4,
        args: { new: MultiAddress },
        run(context, args) {
          changeKey(context, signedBy(context.origin), lookup(args.new))
          return undefined
        },
      }),
      set_prime: call({
        index: 5,
        args: { who: MultiAddress },
        run: asRoot((context, who) => {
          ensure(membersOf(context).includes(who), 'NotMember')
          setPrime(context, who)
        }),
      }),
      clear_prime: call({
        index: 6,
        args: {},
        run(context) {
          ensureRoot(context.origin)
          setPrime(context, undefined)
          return undefined
        },
      }),
    }
  }

  function changeKey(context: Context, old: string, added: string) {
    const members = membersOf(context)
    if (old !== added) {
      ensure(members.includes(old), 'NotMember')
      ensure(!members.includes(added), 'AlreadyMember')
      store(context, [...members.filter((one) => one !== old), added], [old])
      if (context.state.get(storage.Prime) === old) setPrime(context, added)
    }
    context.emit(name, 'KeyChanged')
  }

  function reset(context: Context, members: readonly string[]) {
    ensure(members.length <= maxMembers, 'TooManyMembers')
    const before = membersOf(context)
    store(
      context,
      members,
      before.filter((one) => !members.includes(one)),
    )
    keepPrime(context)
    context.emit(name, 'MembersReset')
  }
}
