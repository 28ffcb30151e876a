import { defineConfig } from 'tsdown'
import manifest from './package.json' with { type: 'json' }

/** The entries are the sources that the exports map names. Every source file stays a file, so that what is not imported is not loaded. */
const entry = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [] : [target['tikhonov-source']]))

export default defineConfig({
  entry,
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  unbundle: true,
  fixedExtension: false,
  sourcemap: true,
  dts: { sourcemap: true },
  deps: { neverBundle: [/^tikhonov(\/|$)/] },
  clean: true
})
