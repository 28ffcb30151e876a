import { defineConfig, type Rolldown } from 'tsdown'
import manifest from './package.json' with { type: 'json' }

/** The entries are the sources that the exports map names. Every source file stays a file, so that what is not imported is not loaded. */
const entry = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [] : [target['tikhonov-source']]))

/** rolldown-plugin-dts 0.23 renames what it imports by the name of `infer`, a word of conditional types, but not where it exports it. */
const inferIsAName: Rolldown.Plugin = {
  name: 'infer-is-a-name',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk' && /\.d\.c?ts$/.test(file.fileName)) file.code = file.code.replaceAll('infer as __Infer', 'infer')
    }
  }
}

export default defineConfig({
  entry,
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  unbundle: true,
  fixedExtension: false,
  sourcemap: true,
  dts: { sourcemap: true },
  inputOptions: (options) => ({ ...options, plugins: [options.plugins, inferIsAName] }),
  deps: { neverBundle: [/^tikhonov(\/|$)/] },
  checks: { pluginTimings: false },
  report: false,
  clean: true
})
