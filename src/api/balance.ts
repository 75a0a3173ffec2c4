/** Amounts of TAO, and of the alpha of subnets, as objects: exact, and never mixed up. */
import { BittensorError } from '../core/errors.js'
import { formatBalance, formatTao, parseTao, RAO_PER_TAO, type Rao } from '../core/units.js'

/**
 * What methods take for an amount: a {@link Balance}, RAO as a bigint, or TAO as text (`'1.5'`, `'1500rao'`). Never a
 * JavaScript number: 2.01 has no exact binary form, so a RAO would get lost on the way.
 */
export type Amount = Balance | bigint | string

/**
 * An amount in RAO (10⁻⁹ TAO) with its unit: TAO, or the alpha of a subnet. Immutable; may be negative, as the difference
 * of two amounts can be.
 * @example
 * const price = Balance.fromTao('2.01')
 * price.rao // 2010000000n
 * `${price.mul(3)}` // 'τ6.030000000'
 * price > Balance.fromTao('2') // true
 */
export class Balance {
  /** RAO; of alpha its smallest unit, 10⁻⁹ α. */
  readonly rao: bigint
  /** Subnet whose alpha it is; 0 for TAO. */
  readonly netuid: number

  private constructor(rao: bigint, netuid: number) {
    this.rao = rao
    this.netuid = netuid
    Object.freeze(this)
  }

  /**
   * TAO from text, exactly: `'2.01'`, `'.5'`, `'1_000'`, `'1500rao'`.
   * @throws {BittensorError} `BAD_AMOUNT` for what is no amount, and for JavaScript numbers.
   * @example
   * Balance.fromTao('2.01').rao // 2010000000n
   */
  static fromTao(text: string, unit: { readonly netuid?: number } = {}): Balance {
    if (typeof text !== 'string') throw noText(text)
    return new Balance(parseTao(text), unit.netuid ?? 0)
  }

  /**
   * An amount from RAO.
   * @throws {BittensorError} `BAD_AMOUNT` when it is not a bigint.
   * @example
   * Balance.fromRao(1_500_000_000n).tao // '1.5'
   * Balance.fromRao(5n, { netuid: 3 }) // alpha of subnet 3
   */
  static fromRao(rao: bigint, unit: { readonly netuid?: number } = {}): Balance {
    if (typeof rao !== 'bigint') {
      throw new BittensorError('BAD_AMOUNT', `RAO are a bigint, not a ${typeof rao}`, {
        hint: 'write 5n, or BigInt(…) for a whole number',
      })
    }
    return new Balance(rao, unit.netuid ?? 0)
  }

  /**
   * Any {@link Amount} as a Balance of TAO.
   * @throws {BittensorError} `BAD_AMOUNT` for anything else.
   * @example
   * Balance.of('1.5').eq(Balance.of(1_500_000_000n)) // true
   */
  static of(amount: Amount): Balance {
    if (amount instanceof Balance) return amount
    if (typeof amount === 'bigint') return Balance.fromRao(amount)
    return Balance.fromTao(amount)
  }

  /** The exact decimal number as text, without trailing zeros: `'2.01'`. */
  get tao(): string {
    return formatTao(this.rao)
  }

  /** `τ` for TAO, `SN3` for the alpha of subnet 3. */
  get unit(): string {
    return this.netuid === 0 ? 'τ' : `SN${this.netuid}`
  }

  /**
   * As a floating-point number of TAO, for charts and statistics. Not exact: never for money.
   * @example
   * Balance.fromTao('0.5').toNumber() // 0.5
   */
  toNumber(): number {
    const whole = this.rao / RAO_PER_TAO
    return Number(whole) + Number(this.rao - whole * RAO_PER_TAO) / Number(RAO_PER_TAO)
  }

  /**
   * The sum.
   * @throws {BittensorError} `USAGE` for another unit.
   */
  add(other: Amount): Balance {
    return new Balance(this.rao + this.#same(other), this.netuid)
  }

  /**
   * The difference, which may be negative.
   * @throws {BittensorError} `USAGE` for another unit.
   */
  sub(other: Amount): Balance {
    return new Balance(this.rao - this.#same(other), this.netuid)
  }

  /**
   * So many times this, or the fraction `[numerator, denominator]` of it, rounded towards zero.
   * @throws {BittensorError} `BAD_AMOUNT` for a factor that is no whole number.
   * @example
   * Balance.fromTao('10').mul([18, 100]).tao // '1.8'
   */
  mul(factor: number | bigint | readonly [number | bigint, number | bigint]): Balance {
    const [numerator, denominator] = typeof factor === 'object' ? factor : [factor, 1n]
    return new Balance((this.rao * whole(numerator)) / divisor(denominator), this.netuid)
  }

  /**
   * One of so many equal parts, rounded towards zero.
   * @throws {BittensorError} `BAD_AMOUNT` for a divisor that is no whole number, or 0.
   */
  div(parts: number | bigint): Balance {
    return new Balance(this.rao / divisor(parts), this.netuid)
  }

  /**
   * How many times the other amount this is, as a floating-point number; NaN for 0 of 0.
   * @throws {BittensorError} `USAGE` for another unit.
   */
  ratio(other: Amount): number {
    return Number(this.rao) / Number(this.#same(other))
  }

  /**
   * -1, 0 or 1: for sorting. `<`, `>` and their like work as well, `===` compares objects: use {@link Balance.eq}.
   * @throws {BittensorError} `USAGE` for another unit.
   */
  cmp(other: Amount): -1 | 0 | 1 {
    const rao = this.#same(other)
    if (this.rao === rao) return 0
    return this.rao < rao ? -1 : 1
  }

  /**
   * Whether both are the same amount.
   * @throws {BittensorError} `USAGE` for another unit.
   */
  eq(other: Amount): boolean {
    return this.cmp(other) === 0
  }

  /** Whether it is nothing; an object is always truthy. */
  get isZero(): boolean {
    return this.rao === 0n
  }

  /** `τ1,234.567890000`, of alpha `1234.567890000 SN3`. */
  toString(): string {
    if (this.netuid === 0) return formatBalance(this.rao)
    return `${formatTao(this.rao, 'full')} ${this.unit}`
  }

  /** Decimal RAO as text, which JSON keeps exactly. */
  toJSON(): string {
    return this.rao.toString()
  }

  /** RAO, for `<` and `>`. */
  valueOf(): bigint {
    return this.rao
  }

  /** In text it is written out, everywhere else it counts as RAO. */
  [Symbol.toPrimitive](hint: string): string | bigint {
    return hint === 'string' ? this.toString() : this.rao
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  #same(other: Amount): bigint {
    const { rao, netuid } = other instanceof Balance ? other : { ...plain(other, this.netuid) }
    if (netuid === this.netuid) return rao
    const unit = netuid === 0 ? 'τ' : `SN${netuid}`
    throw new BittensorError('USAGE', `${this.unit} and ${unit} are different tokens`, {
      details: 'alpha is worth what its pool pays for it; there is no fixed rate',
      hint: 'convert one of them at a price first',
    })
  }
}

/** RAO of an amount for the chain: not negative, and TAO. */
export function raoOf(amount: Amount): Rao {
  const balance = Balance.of(amount)
  if (balance.netuid !== 0) {
    throw new BittensorError('USAGE', `${balance} is alpha; TAO is needed here`)
  }
  return unsigned(balance)
}

/** Smallest units of an amount of one subnet's alpha; amounts without a unit count as that alpha. */
export function alphaOf(amount: Amount, netuid: number): bigint {
  const balance = Balance.of(amount)
  if (amount instanceof Balance && balance.netuid !== netuid) {
    throw new BittensorError('USAGE', `${balance} is not alpha of subnet ${netuid}`)
  }
  return unsigned(balance)
}

function unsigned(balance: Balance): Rao {
  if (balance.rao >= 0n) return balance.rao as Rao
  throw new BittensorError('BAD_AMOUNT', `${balance} is less than nothing`)
}

function plain(amount: bigint | string, netuid: number): { rao: bigint; netuid: number } {
  return { rao: Balance.of(amount).rao, netuid }
}

function whole(value: number | bigint): bigint {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return BigInt(value)
  throw new BittensorError('BAD_AMOUNT', `${value} is not a whole number`, {
    hint: 'give a fraction as [numerator, denominator]',
  })
}

function divisor(value: number | bigint): bigint {
  const parts = whole(value)
  if (parts !== 0n) return parts
  throw new BittensorError('BAD_AMOUNT', 'nothing can be divided by 0')
}

function noText(value: unknown): BittensorError {
  return new BittensorError('BAD_AMOUNT', `an amount of TAO is text, not a ${typeof value}`, {
    details: 'JavaScript numbers have no exact form of most decimals',
    hint: "write '1.5', or RAO as a bigint: 1_500_000_000n",
  })
}
