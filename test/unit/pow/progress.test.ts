import { describe, expect, it } from 'vitest'
import { availableCores } from '../../../src/core/pow/cores.js'
import { chanceWithin, createRateMeter, expectedTime } from '../../../src/core/pow/progress.js'

describe('expected time', () => {
  it('follows from difficulty and rate', () => {
    const { mean, half, most } = expectedTime(10_000_000n, 2_000_000)
    expect(mean).toBeCloseTo(5, 5)
    expect(half).toBeCloseTo(3.466, 3)
    expect(most).toBeCloseTo(14.979, 3)
  })

  it('is one hash at difficulty 0 and 1, and endless without hashes', () => {
    expect(expectedTime(0n, 1).mean).toBe(1)
    expect(expectedTime(1n, 1).mean).toBe(1)
    expect(expectedTime(1n, 0)).toEqual({ mean: Infinity, half: Infinity, most: Infinity })
    expect(expectedTime(2n ** 64n - 1n, 1e6).mean).toBeCloseTo(2 ** 64 / 1e6, -8)
  })

  it('turns into chances', () => {
    const { half, most } = expectedTime(1_000_000n, 12_345)
    expect(chanceWithin(half, 1_000_000n, 12_345)).toBeCloseTo(0.5, 9)
    expect(chanceWithin(most, 1_000_000n, 12_345)).toBeCloseTo(0.95, 9)
    expect(chanceWithin(12, 1_000_000n, 0)).toBe(0)
  })
})

describe('rate meter', () => {
  it('knows nothing before the second sample', () => {
    const meter = createRateMeter()
    expect(meter.now()).toBeUndefined()
    meter.sample(1, 1000n)
    expect(meter.now()).toBeUndefined()
    meter.sample(1.001, 2000n)
    expect(meter.now()).toBeUndefined()
    meter.sample(2, 5000n)
    expect(meter.now()).toBe(4000)
  })

  it('weighs the newest most', () => {
    const meter = createRateMeter()
    for (const [seconds, hashes] of [
      [0, 0n],
      [1, 100n],
      [2, 300n],
    ] as const) {
      meter.sample(seconds, hashes)
    }
    expect(meter.history()).toEqual([100, 200])
    expect(meter.now()).toBeCloseTo((200 + 0.8 * 100) / 1.8, 9)
  })

  it('forgets what is long ago', () => {
    const meter = createRateMeter()
    for (let i = 0; i <= 100; i++) meter.sample(i, BigInt(i * i))
    expect(meter.history()).toHaveLength(60)
    expect(meter.history().at(-1)).toBe(199)
  })
})

describe('available cores', () => {
  const files = (texts: Record<string, string>) => (path: string) => texts[path]

  it.each<[string, Record<string, string>, number]>([
    ['no cgroups', {}, 8],
    ['no limit', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, 8],
    ['a quota', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '250000 100000\n' }, 2],
    [
      'less than one processor',
      { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '50000 100000\n' },
      1,
    ],
    [
      'a quota of a group around',
      {
        '/proc/self/cgroup': '0::/a.slice/b.service\n',
        '/sys/fs/cgroup/a.slice/cpu.max': '300000 100000\n',
        '/sys/fs/cgroup/a.slice/b.service/cpu.max': 'max 100000\n',
      },
      3,
    ],
    [
      'version 1',
      {
        '/proc/self/cgroup': '4:cpuacct,cpu:/docker/x\n0::/\n',
        '/sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us': '400000\n',
        '/sys/fs/cgroup/cpu/docker/x/cpu.cfs_period_us': '100000\n',
      },
      4,
    ],
    [
      'version 1, a quota of a group around',
      {
        '/proc/self/cgroup': '4:cpu,cpuacct:/kubepods/pod1/container\n',
        '/sys/fs/cgroup/cpu/kubepods/pod1/cpu.cfs_quota_us': '200000\n',
        '/sys/fs/cgroup/cpu/kubepods/pod1/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/cpu/kubepods/pod1/container/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/kubepods/pod1/container/cpu.cfs_period_us': '100000\n',
      },
      2,
    ],
    [
      'version 1 in a container, without limit',
      {
        '/proc/self/cgroup': '4:cpu:/docker/x\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      8,
    ],
  ])('with %s', (_, texts, expected) => {
    expect(availableCores(files(texts), 8)).toBe(expected)
  })

  it('are at least one here', () => {
    expect(availableCores()).toBeGreaterThanOrEqual(1)
  })
})
