/** How this copy of btcli came onto the machine, told by where its files lie. */

/** Name of the package in the registry; a test keeps it equal to package.json. */
export const PACKAGE = 'bittensor'

export type Installation = {
  readonly kind: 'npm-global' | 'npm-local' | 'npx' | 'pnpm' | 'yarn' | 'bun' | 'source'
  /** Folder in which the command has to run; undefined where it does not matter. */
  readonly directory: string | undefined
  /** Words of the command that brings this copy to a version. */
  update(version: string): readonly string[]
}

/**
 * @param modulePath path of any module of this program
 * @example
 * installationAt('/usr/lib/node_modules/bittensor/dist/bin/main.js').update('1.2.3') // npm install -g bittensor@1.2.3
 */
export function installationAt(modulePath: string): Installation {
  const path = modulePath.replaceAll('\\', '/')
  const inModules = path.lastIndexOf(`/node_modules/${PACKAGE}/`)
  if (inModules === -1) return source(path)
  const before = path.slice(0, inModules)
  const at = (version: string) => `${PACKAGE}@${version}`
  const everywhere = (kind: Installation['kind'], ...words: readonly string[]): Installation => ({
    kind,
    directory: undefined,
    update: (version) => [...words, at(version)],
  })
  if (/\/_npx\//.test(before)) {
    return {
      kind: 'npx',
      directory: undefined,
      update: (version) => ['npx', '-p', at(version), 'btcli'],
    }
  }
  if (/\/pnpm\/(global|[^/]*\/global)\/|\/pnpm-global\//.test(`${before}/`)) {
    return everywhere('pnpm', 'pnpm', 'add', '-g')
  }
  if (/\/yarn\/(global|Data\/global)(\/|$)/i.test(before)) {
    return everywhere('yarn', 'yarn', 'global', 'add')
  }
  if (/\/\.bun\/install\/global(\/|$)/.test(before)) return everywhere('bun', 'bun', 'add', '-g')
  if (/\/lib$|\/npm$|\/nodejs$/i.test(before))
    return everywhere('npm-global', 'npm', 'install', '-g')
  return {
    kind: 'npm-local',
    directory: before === '' ? '/' : before,
    update: (version) => ['npm', 'install', at(version)],
  }
}

/** A folder with the source code: `dist/…` or `src/…` below it. */
function source(path: string): Installation {
  const directory = path.replace(/\/(dist|src)\/.*$/, '')
  return {
    kind: 'source',
    directory,
    update: () => ['git', 'pull', '&&', 'npm', 'ci', '&&', 'npm', 'run', 'build'],
  }
}

/**
 * Compares versions by their numbers; a version with a suffix comes before the one without.
 * @returns below zero if `a` is older
 */
export function compareVersions(a: string, b: string): number {
  const [one, two] = [parts(a), parts(b)]
  for (let i = 0; i < 3; i++) {
    const difference = (one.numbers[i] ?? 0) - (two.numbers[i] ?? 0)
    if (difference !== 0) return difference
  }
  if (one.suffix === two.suffix) return 0
  if (one.suffix === '' || two.suffix === '') return one.suffix === '' ? 1 : -1
  return one.suffix.localeCompare(two.suffix, 'en', { numeric: true })
}

function parts(version: string): { numbers: readonly number[]; suffix: string } {
  const [numbers = '', suffix = ''] = version.split(/[+].*$/)[0]?.split(/-(.*)/s) ?? []
  return { numbers: numbers.split('.').map(Number), suffix }
}
