/** What the network reports about its work: one event per request, as data. Never a signature, a body or a key. */

/** How serious an event is. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** One event, as data. */
export type LogEvent = {
  readonly level: LogLevel
  /** such as `axon.request` */
  readonly event: string
  readonly [field: string]: unknown
}

/** Takes events; a program prints or stores them as it likes. */
export type Log = (event: LogEvent) => void

/** For programs that want no log. */
export const silent: Log = () => {}
