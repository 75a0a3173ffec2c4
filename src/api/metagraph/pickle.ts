/**
 * Reads Python pickles that hold data, and runs nothing: objects of classes become records, and the few functions that
 * rebuild arrays are named here. (Python library reference, pickletools: opcodes of protocols 2 to 5.)
 */
import { BittensorError } from '../../core/errors.js'

/** An object of a class: its name, the arguments it was made with, and its attributes. */
export type PickledObject = {
  readonly kind: 'object'
  readonly className: string
  readonly args: readonly Pickled[]
  state: Pickled
  /** Entries that were put into it, as into an OrderedDict or a list. */
  readonly items: Map<Pickled, Pickled>
  readonly list: Pickled[]
}

/** A name of a class or function that a pickle refers to. */
export type PickledName = { readonly kind: 'name'; readonly name: string }

/** What a pickle can hold. Integers are bigint, tuples and lists arrays, bytes Uint8Array. */
export type Pickled =
  | undefined
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Pickled[]
  | Map<Pickled, Pickled>
  | PickledName
  | PickledObject

/** Rebuilds values that libraries pickle in their own way. */
export type PickleOptions = {
  /** Functions by name, such as `torch._utils._rebuild_tensor_v2`. */
  readonly functions?: Readonly<Record<string, (args: readonly Pickled[]) => Pickled>> | undefined
  /** Gives the value for a persistent id. */
  readonly persistent?: ((id: Pickled) => Pickled) | undefined
}

/** More values than any metagraph holds; a hostile file must not fill the memory. */
const MOST_VALUES = 20_000_000

/**
 * Reads one pickle.
 * @throws {BittensorError} `USAGE` for what is no pickle, for unknown opcodes, and for one that is cut off
 */
export function readPickle(bytes: Uint8Array, options: PickleOptions = {}): Pickled {
  return new Reader(bytes, options).run()
}

const MARK = Symbol('mark')
type Slot = Pickled | typeof MARK

class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #options: PickleOptions
  readonly #stack: Slot[] = []
  readonly #memo = new Map<number, Pickled>()
  #at = 0
  #steps = 0

  constructor(bytes: Uint8Array, options: PickleOptions) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#options = options
  }

  run(): Pickled {
    for (;;) {
      const opcode = this.#take(1)[0] ?? 0
      if (opcode === 0x2e) return this.#pop()
      const step = STEPS[opcode]
      if (!step || ++this.#steps > MOST_VALUES) throw broken(`its opcode 0x${opcode.toString(16)}`)
      step(this)
    }
  }

  take(length: number): Uint8Array {
    return this.#take(length)
  }
  #take(length: number): Uint8Array {
    if (length < 0 || this.#at + length > this.#bytes.length) throw broken('its end')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }
  uint(size: 1 | 2 | 4 | 8): number {
    const at = this.#at
    this.#take(size)
    if (size === 1) return this.#view.getUint8(at)
    if (size === 2) return this.#view.getUint16(at, true)
    if (size === 4) return this.#view.getUint32(at, true)
    return Number(this.#view.getBigUint64(at, true))
  }
  int32(): bigint {
    this.#take(4)
    return BigInt(this.#view.getInt32(this.#at - 4, true))
  }
  float64(): number {
    this.#take(8)
    return this.#view.getFloat64(this.#at - 8, false)
  }
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at)
    if (end < 0) throw broken('a line')
    const text = utf8(this.#take(end - this.#at))
    this.#take(1)
    return text
  }
  text(length: number): string {
    return utf8(this.#take(length))
  }
  /** A little-endian two's complement integer of any length. */
  long(length: number): bigint {
    if (length > 64) throw broken('an integer that is far too long')
    const bytes = this.#take(length)
    const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
    return BigInt.asIntN(length * 8, value)
  }

  push(value: Slot): void {
    this.#stack.push(value)
  }
  pop(): Pickled {
    return this.#pop()
  }
  #pop(): Pickled {
    const value = this.#stack.pop()
    if (value === MARK || (value === undefined && this.#stack.length === 0 && this.#at === 0)) {
      throw broken('its stack')
    }
    return value
  }
  top(): Pickled {
    const value = this.#stack.at(-1)
    if (value === MARK) throw broken('its stack')
    return value
  }
  /** Everything above the last mark. */
  marked(): Pickled[] {
    const at = this.#stack.lastIndexOf(MARK)
    if (at < 0) throw broken('a mark')
    return this.#stack.splice(at).slice(1) as Pickled[]
  }

  remember(index = this.#memo.size): void {
    this.#memo.set(index, this.top())
  }
  recall(index: number): Pickled {
    if (this.#memo.has(index)) return this.#memo.get(index)
    throw broken('a reference')
  }

  name(module: string, name: string): void {
    this.push({ kind: 'name', name: `${module}.${name}` })
  }
  persistent(id: Pickled): void {
    const { persistent } = this.#options
    if (!persistent) throw broken('a reference to something outside of it')
    this.push(persistent(id))
  }
  /** Calls a function that is known here, or notes what would be made of a class. Nothing else is ever called. */
  make(callee: Pickled, args: Pickled): void {
    if (!isName(callee)) throw broken('a call of something that is no name')
    const list = Array.isArray(args) ? args : []
    const known = this.#options.functions?.[callee.name] ?? FUNCTIONS[callee.name]
    this.push(known ? known(list) : objectOf(callee.name, list))
  }
  build(state: Pickled): void {
    const target = this.top()
    if (isObject(target)) target.state = state
  }
  setItems(pairs: readonly Pickled[]): void {
    const target = this.top()
    const map = target instanceof Map ? target : isObject(target) ? target.items : undefined
    if (!map) throw broken('entries of something that has none')
    for (let i = 0; i + 1 < pairs.length; i += 2) map.set(pairs[i], pairs[i + 1])
  }
  append(values: readonly Pickled[]): void {
    const target = this.top()
    const list = Array.isArray(target) ? target : isObject(target) ? target.list : undefined
    if (!list) throw broken('entries of something that has none')
    for (const value of values) list.push(value)
  }
}

/** Constructors of Python itself that change the form of data only. */
const FUNCTIONS: Readonly<Record<string, (args: readonly Pickled[]) => Pickled>> = {
  'collections.OrderedDict': () => new Map(),
  'builtins.set': ([list]) => list,
  'builtins.dict': () => new Map(),
  // How protocol 2 writes bytes: text of Latin-1 characters.
  '_codecs.encode': ([text]) => Uint8Array.from(String(text), (letter) => letter.charCodeAt(0)),
  // How objects of protocol 2 are made: the class comes first.
  'copyreg._reconstructor': ([made]) => objectOf(isName(made) ? made.name : 'object', []),
}

const STEPS: Readonly<Record<number, (reader: Reader) => void>> = {
  128: (r) => void r.take(1), // PROTO
  149: (r) => void r.take(8), // FRAME
  40: (r) => r.push(MARK), // MARK
  48: (r) => void r.pop(), // POP
  49: (r) => void r.marked(), // POP_MARK
  50: (r) => r.push(r.top()), // DUP
  78: (r) => r.push(undefined), // NONE
  136: (r) => r.push(true), // NEWTRUE
  137: (r) => r.push(false), // NEWFALSE
  74: (r) => r.push(r.int32()), // BININT
  75: (r) => r.push(BigInt(r.uint(1))), // BININT1
  77: (r) => r.push(BigInt(r.uint(2))), // BININT2
  138: (r) => r.push(r.long(r.uint(1))), // LONG1
  139: (r) => r.push(r.long(r.uint(4))), // LONG4
  73: (r) => r.push(textInteger(r.line())), // INT
  76: (r) => r.push(textInteger(r.line().replace(/L$/, ''))), // LONG
  70: (r) => r.push(Number(r.line())), // FLOAT
  71: (r) => r.push(r.float64()), // BINFLOAT
  140: (r) => r.push(r.text(r.uint(1))), // SHORT_BINUNICODE
  88: (r) => r.push(r.text(r.uint(4))), // BINUNICODE
  141: (r) => r.push(r.text(r.uint(8))), // BINUNICODE8
  67: (r) => r.push(r.take(r.uint(1)).slice()), // SHORT_BINBYTES
  66: (r) => r.push(r.take(r.uint(4)).slice()), // BINBYTES
  142: (r) => r.push(r.take(r.uint(8)).slice()), // BINBYTES8
  150: (r) => r.push(r.take(r.uint(8)).slice()), // BYTEARRAY8
  85: (r) => r.push(r.text(r.uint(1))), // SHORT_BINSTRING
  84: (r) => r.push(r.text(r.uint(4))), // BINSTRING
  93: (r) => r.push([]), // EMPTY_LIST
  41: (r) => r.push([]), // EMPTY_TUPLE
  125: (r) => r.push(new Map()), // EMPTY_DICT
  143: (r) => r.push([]), // EMPTY_SET
  108: (r) => r.push(r.marked()), // LIST
  116: (r) => r.push(r.marked()), // TUPLE
  133: (r) => r.push([r.pop()]), // TUPLE1
  134: (r) => r.push(popped(r, 2)), // TUPLE2
  135: (r) => r.push(popped(r, 3)), // TUPLE3
  100: (r) => {
    const pairs = r.marked()
    r.push(new Map())
    r.setItems(pairs)
  }, // DICT
  97: (r) => {
    const value = r.pop()
    r.append([value])
  }, // APPEND
  101: (r) => r.append(r.marked()), // APPENDS
  144: (r) => r.append(r.marked()), // ADDITEMS
  115: (r) => r.setItems(popped(r, 2)), // SETITEM
  117: (r) => r.setItems(r.marked()), // SETITEMS
  113: (r) => r.remember(r.uint(1)), // BINPUT
  114: (r) => r.remember(r.uint(4)), // LONG_BINPUT
  112: (r) => r.remember(Number(r.line())), // PUT
  148: (r) => r.remember(), // MEMOIZE
  104: (r) => r.push(r.recall(r.uint(1))), // BINGET
  106: (r) => r.push(r.recall(r.uint(4))), // LONG_BINGET
  103: (r) => r.push(r.recall(Number(r.line()))), // GET
  99: (r) => r.name(r.line(), r.line()), // GLOBAL
  147: (r) => {
    const [module, name] = popped(r, 2)
    r.name(String(module), String(name))
  }, // STACK_GLOBAL
  82: (r) => {
    const [callee, args] = popped(r, 2)
    r.make(callee, args)
  }, // REDUCE
  129: (r) => {
    const [callee, args] = popped(r, 2)
    r.make(callee, args)
  }, // NEWOBJ
  146: (r) => {
    const [callee, args] = popped(r, 3)
    r.make(callee, args)
  }, // NEWOBJ_EX
  98: (r) => r.build(r.pop()), // BUILD
  81: (r) => r.persistent(r.pop()), // BINPERSID
}

function popped(reader: Reader, count: number): Pickled[] {
  return Array.from({ length: count }, () => reader.pop()).reverse()
}

function textInteger(text: string): bigint | boolean {
  // Protocol 0 writes truth values so.
  if (text === '00' || text === '01') return text === '01'
  if (/^[+-]?\d{1,40}$/.test(text)) return BigInt(text)
  throw broken('an integer')
}

function objectOf(className: string, args: readonly Pickled[]): PickledObject {
  return { kind: 'object', className, args, state: undefined, items: new Map(), list: [] }
}

/** Whether a value is an object of a class. */
export function isObject(value: Pickled): value is PickledObject {
  return typeof value === 'object' && 'kind' in value && value.kind === 'object'
}

/** Whether a value is a name of a class or function. */
export function isName(value: Pickled): value is PickledName {
  return typeof value === 'object' && 'kind' in value && value.kind === 'name'
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function broken(where: string): BittensorError {
  return new BittensorError('USAGE', `the pickle can not be read at ${where}`)
}
