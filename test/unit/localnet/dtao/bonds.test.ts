/** How subnets choose their bonds: Yuma 3, liquid alpha, and dropping those to a neuron that has changed. */
import { describe, expect, test } from 'vitest'
import { S } from '../../../../src/localnet/runtime/dtao/subtensor/storage.js'
import { type DtaoWorld, dtaoWorld } from '../../../support/dtaoWorld.js'
import { account, call } from '../../../support/localWorld.js'

const NETUID = 3
const owner = account('//Dave')

const set = (world: DtaoWorld, name: string, args: Record<string, unknown>) => {
  const { outcome } = world.submit(
    owner,
    call(`AdminUtils.sudo_set_${name}`, { netuid: NETUID, ...args }),
  )
  expect([name, outcome.ok]).toEqual([name, true])
}
const bondsOf = ({ state }: DtaoWorld) => state.entries(S.Bonds, NETUID).map(([, row]) => row)

describe('an epoch after the owner of a subnet has switched on', () => {
  const bondsAfter = (...switches: string[]) => {
    const world = dtaoWorld()
    for (const name of switches) set(world, `${name}_enabled`, { enabled: true })
    world.advance(25 - switches.length)
    return bondsOf(world)
  }
  const usual = bondsAfter()
  const yuma3 = bondsAfter('yuma3')

  test('Yuma 3: bonds are those of the weights, not scaled to the largest', () => {
    const most = (rows: readonly (readonly [number, number])[][]) =>
      Math.max(...rows.flat().map(([, value]) => value))
    expect(most(usual)).toBe(65_535)
    expect(most(yuma3)).toBeLessThan(65_535)
  })

  test('liquid alpha: other bonds with Yuma 3, the same without', () => {
    const both = bondsAfter('yuma3', 'liquid_alpha')
    expect(both).not.toEqual(yuma3)
    expect(bondsAfter('liquid_alpha')).toEqual(usual)
  })
})

describe('a commitment with the flag that resets bonds', () => {
  const commit = (world: DtaoWorld, miner: string) => {
    const info = { fields: [{ type: 'ResetBondsFlag' }] }
    const { outcome } = world.submit(
      miner,
      call('Commitments.set_commitment', { netuid: NETUID, info }),
    )
    expect(outcome.ok).toBe(true)
  }
  const bondsTo = (world: DtaoWorld, uid: number) =>
    bondsOf(world).flatMap((row) => row.filter(([to]) => to === uid))

  test.each([
    ['drops the bonds to its neuron where the subnet wants that', true],
    ['drops nothing where it does not', false],
  ])('%s', (_, wanted) => {
    const world = dtaoWorld()
    const [[uid] = [0, 0]] = bondsOf(world).flat()
    const [before, all] = [bondsTo(world, uid), bondsOf(world).flat()]
    expect(before.length).toBeGreaterThan(0)
    if (wanted) set(world, 'bonds_reset_enabled', { enabled: true })
    commit(world, world.state.get(S.Keys, NETUID, uid))
    expect(bondsTo(world, uid)).toEqual(wanted ? [] : before)
    expect(bondsOf(world).flat().length).toBe(all.length - (wanted ? before.length : 0))
  })
})
