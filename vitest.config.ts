import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is polled for comes; how soon depends on what else the machine does.
    expect: { poll: { timeout: 30_000 } },
  },
})
