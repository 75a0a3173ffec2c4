/** Counters, gauges and histograms in the text format of Prometheus. Label values come from code, never from peers. */

type Labels = Readonly<Record<string, string>>

export type Metrics = {
  count(name: string, help: string, labels?: Labels, by?: number): void
  /** A value read when the metrics are printed. */
  gauge(name: string, help: string, read: () => number): void
  observe(name: string, help: string, labels: Labels, seconds: number): void
  /** The metrics in Prometheus' text exposition format 0.0.4. */
  text(): string
}

/** Upper bounds in seconds; 12 s is the usual timeout of callers. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 12, 30] as const

type Family = { readonly type: string; readonly help: string; readonly lines: () => string[] }
type Histogram = { readonly counts: number[]; sum: number; count: number }

export function createMetrics(): Metrics {
  const families = new Map<string, Family>()
  const counters = new Map<string, Map<string, number>>()
  const histograms = new Map<string, Map<string, Histogram>>()

  return {
    count(name, help, labels = {}, by = 1) {
      const values = getOrAdd(counters, name, () => {
        const created = new Map<string, number>()
        const lines = () => Array.from(created, ([key, value]) => `${name}${key} ${value}`)
        families.set(name, { type: 'counter', help, lines })
        return created
      })
      const key = printLabels(labels)
      values.set(key, (values.get(key) ?? 0) + by)
    },
    gauge(name, help, read) {
      families.set(name, { type: 'gauge', help, lines: () => [`${name} ${read()}`] })
    },
    observe(name, help, labels, seconds) {
      const series = getOrAdd(histograms, name, () => {
        const created = new Map<string, Histogram>()
        const lines = () =>
          Array.from(created, ([key, value]) => printHistogram(name, key, value)).flat()
        families.set(name, { type: 'histogram', help, lines })
        return created
      })
      const histogram = getOrAdd(series, printLabels(labels), () => ({
        counts: BUCKETS.map(() => 0),
        sum: 0,
        count: 0,
      }))
      histogram.sum += seconds
      histogram.count++
      const bucket = BUCKETS.findIndex((bound) => seconds <= bound)
      if (bucket >= 0) histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1
    },
    text() {
      const blocks = Array.from(families, ([name, { type, help, lines }]) => {
        return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines()].join('\n')
      })
      return `${blocks.join('\n')}\n`
    },
  }
}

function printHistogram(name: string, labels: string, histogram: Histogram): string[] {
  const withBound = (bound: string) =>
    labels === '' ? `{le="${bound}"}` : `${labels.slice(0, -1)},le="${bound}"}`
  let sum = 0
  const buckets = BUCKETS.map((bound, i) => {
    sum += histogram.counts[i] ?? 0
    return `${name}_bucket${withBound(String(bound))} ${sum}`
  })
  return [
    ...buckets,
    `${name}_bucket${withBound('+Inf')} ${histogram.count}`,
    `${name}_sum${labels} ${histogram.sum}`,
    `${name}_count${labels} ${histogram.count}`,
  ]
}

function printLabels(labels: Labels): string {
  const entries = Object.entries(labels).map(([name, value]) => {
    return `${name}="${value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))}"`
  })
  return entries.length === 0 ? '' : `{${entries.join(',')}}`
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const created = create()
  map.set(key, created)
  return created
}
