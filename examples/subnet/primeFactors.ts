/** The work of the example subnet: splitting whole numbers into primes, which is slow to do and quick to check. */
import { defineSynapse, t } from 'bittensor'

/** One definition for both ends: types, validation and what goes over the wire. */
export const PrimeFactors = defineSynapse(
  'PrimeFactors',
  { number: t.int(), factors: t.optional(t.list(t.int())) },
  { hashFields: ['number'] },
)

/** The prime factors of a number, ascending. With a limit larger factors are left as they are, primes or not. */
export function factorize(number: number, limit = Number.POSITIVE_INFINITY): number[] {
  const factors: number[] = []
  let rest = number
  for (let prime = 2; prime * prime <= rest && prime <= limit; prime++) {
    while (rest % prime === 0) {
      factors.push(prime)
      rest /= prime
    }
  }
  return rest > 1 ? [...factors, rest] : factors
}

/** 1 for a right answer, 0 for a wrong one. */
export function score(number: number, factors: readonly number[] | null): number {
  if (!factors || factors.length > 64) return 0
  const product = factors.reduce((result, factor) => result * factor, 1)
  // Before the primes are checked: no factor of a small number keeps a validator busy.
  if (product !== number) return 0
  return factors.every((factor) => factor > 1 && factorize(factor).length === 1) ? 1 : 0
}
