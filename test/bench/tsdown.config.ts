/** The benchmark as one file of JavaScript, of the sources as they are: the loader that translates them while they run takes memory. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'tsdown'

export default defineConfig({
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  entry: 'test/bench/bench.ts',
  outDir: 'node_modules/.cache/tikhonov',
  platform: 'node',
  inputOptions: { resolve: { conditionNames: ['tikhonov-source', 'import', 'node', 'default'] } },
  dts: false,
  clean: false,
  report: false
})
