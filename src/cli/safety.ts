/** The safety guard of a run, loaded with the first transaction: nothing else pays for it. */
import type { ProcessProbe } from '../core/processProbe.js'
import type { Context } from './context.js'
import type { Guard } from './guard.js'

/**
 * The guard that every process has. `--allow_duplicate` only counts on the command line: in a file or a variable it
 * would disarm every later run.
 */
export function lazySafety(ctx: Context, self: ProcessProbe): Guard {
  let loading: Promise<Guard> | undefined
  const guard = () => {
    loading ??= load(ctx, self)
    return loading
  }
  return {
    review: async (intended) => (await (await guard()).review?.(intended)) ?? [],
    enter: async (intended) => (await (await guard()).enter?.(intended)) ?? (async () => undefined),
    beforeSend: async (intended, transaction) =>
      (await guard()).beforeSend?.(intended, transaction),
    ended: async (intended, ending) => (await guard()).ended?.(intended, ending),
  }
}

async function load(ctx: Context, self: ProcessProbe): Promise<Guard> {
  const { safetyGuard } = await import('./safetyGuard.js')
  const allowDuplicate = () => ctx.origin('allow_duplicate')?.layer === 'flag'
  return safetyGuard(ctx, { self, allowDuplicate })
}
