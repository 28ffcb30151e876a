import { defineConfig } from 'vitest/config'

/** Under the first condition `tikhonov/…` is the TypeScript beside it, so tests need no build; the rest are Vite's own for Node. */
const conditions = ['tikhonov-source', 'module', 'node', 'development|production']

export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/seed.ts'],
    // Vitest leaves one core to itself, which on two cores means one worker for everything.
    maxWorkers: '100%',
    // Graphs are many small values: with room for the young, a tenth of the time is not spent on collecting them.
    execArgv: ['--max-semi-space-size=64'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    allowOnly: false,
    passWithNoTests: false
  }
})
