/** How many workers make sense: processors that this process may use, less where a container is limited. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/**
 * Processors available to this process, at least 1. Node knows the affinity mask; quotas of cgroups (containers, systemd)
 * it does not know before version 22, so they are read here: two threads that share half a processor only take turns.
 */
export function availableCores(
  readText: (path: string) => string | undefined = readIfThere,
  parallelism = availableParallelism(),
): number {
  const membership = readText('/proc/self/cgroup') ?? ''
  const quotas = [...unifiedQuotas(membership, readText), ...legacyQuotas(membership, readText)]
  const quota = Math.min(...quotas.filter((value) => value > 0), parallelism)
  return Math.max(1, Math.floor(quota))
}

/** Version 2. */
function unifiedQuotas(
  membership: string,
  readText: (path: string) => string | undefined,
): readonly number[] {
  const path = /^0::(\/.*)$/m.exec(membership)?.[1]
  return groupsAround('/sys/fs/cgroup', path).map((group) => {
    const [quota, period] = (readText(`${group}/cpu.max`) ?? '').trim().split(/\s+/)
    return ratio(quota, period)
  })
}

/** Version 1; in a container the mount shows the container's own group at the top. */
function legacyQuotas(
  membership: string,
  readText: (path: string) => string | undefined,
): readonly number[] {
  const path = /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(\/.*)$/m.exec(membership)?.[1]
  return groupsAround('/sys/fs/cgroup/cpu', path).map((group) =>
    ratio(readText(`${group}/cpu.cfs_quota_us`), readText(`${group}/cpu.cfs_period_us`)),
  )
}

/** The folders of a group and of every group around it: the quotas of all of them count. */
function groupsAround(mount: string, path: string | undefined): readonly string[] {
  const names = path?.split('/').filter(Boolean)
  if (!names) return []
  return [...Array(names.length + 1).keys()].map((depth) =>
    [mount, ...names.slice(0, depth)].join('/'),
  )
}

/** 0 where there is no limit: `max` in version 2, -1 in version 1. */
function ratio(quota: string | undefined, period: string | undefined): number {
  const value = Number(quota) / Number(period)
  return Number.isFinite(value) && value > 0 ? value : 0
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
