/** Listening to signals that many share. */

const listening = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls `tell` when the signal is aborted; at once if it is already. However many listen to a signal this way, it has one
 * listener: Node warns of a leak from eleven on, and all requests of a command share one signal.
 * @returns takes it back
 */
export function onAbort(signal: AbortSignal | undefined, tell: () => void): () => void {
  if (!signal) return () => undefined
  if (signal.aborted) {
    tell()
    return () => undefined
  }
  const tells = listening.get(signal) ?? listen(signal)
  tells.add(tell)
  return () => void tells.delete(tell)
}

function listen(signal: AbortSignal): Set<() => void> {
  const tells = new Set<() => void>()
  listening.set(signal, tells)
  const tellAll = () => {
    for (const tell of tells) tell()
  }
  signal.addEventListener('abort', tellAll, { once: true })
  return tells
}
