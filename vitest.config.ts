import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url))

export default defineConfig({
  // Examples import the package by its name.
  resolve: {
    alias: [
      { find: /^bittensor$/, replacement: source('index.ts') },
      { find: 'bittensor/browser', replacement: source('browser/index.ts') },
      { find: 'bittensor/langchain', replacement: source('langchain/index.ts') },
      { find: 'bittensor/localnet', replacement: source('localnet/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    pool: 'forks',
    globalSetup: 'test/support/tempFolder.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is polled for comes; how soon depends on what else the machine does.
    expect: { poll: { timeout: 30_000 } },
  },
})
