import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** A file, what it imports, and the rules that must object. The files it imports exist, so that nothing else can be wrong. */
type Case = readonly [file: string, specifier: string, ...rules: readonly string[]]

const folders = ['expr', 'random', 'tensor', 'part', 'initializers', 'schedules', 'losses', 'regularizers', 'constraints', 'metrics',
  'optimizers', 'layer', 'layers', 'dropout', 'model', 'engine', 'training'] as const

const forbidden: readonly Case[] = [
  ...folders.map((folder): Case => [`src/${folder}/upwards.ts`, '../stream/leaf.js', `src-${folder}`]),
  ['src/stream/upwards.ts', '../codec/leaf.js', 'src-stream'],
  ['src/sparse/upwards.ts', '../stream/leaf.js', 'src-sparse'],
  ['src/codec/upwards.ts', '../stream/leaf.js', 'src-codec'],
  ['src/expr/sideways.ts', '../random/leaf.js', 'src-expr'],
  ['src/engine/sideways.ts', '../layer/leaf.js', 'src-engine'],
  ['src/advice/sideways.ts', '../stream/leaf.js', 'src-advice'],
  ['src/adapters/sideways.ts', '../training/leaf.js', 'src-adapters'],
  ['src/report/sideways.ts', '../training/leaf.js', 'src-report'],
  ['src/probes/sideways.ts', '../layer/leaf.js', 'src-probes'],
  ['src/layers/sideways.ts', '../dropout/leaf.js', 'src-layers'],
  ['src/dropout/sideways.ts', '../layers/leaf.js', 'src-dropout'],
  ['src/part/type.ts', 'type ../layer/leaf.js', 'src-part'],
  ['src/toolbox/leaf.ts', '../expr/leaf.js', 'src-folders-are-known'],
  ['src/layers/lstm.ts', './leaf.js', 'no-layer-imports-a-layer'],
  ['src/expr/gnir.ts', './ring.js', 'no-circular-imports'],
  ['src/random/barrel.ts', '../expr/index.js', 'no-barrel-from-inside'],
  ['src/training/stream.ts', 'rxjs', 'rxjs-in-stream-only'],
  ['laws/loss.ts', 'rxjs', 'rxjs-in-stream-only'],
  ['src/model/codec.ts', 'io-ts', 'io-ts-in-codec-only'],
  ['src/expr/property.ts', 'fast-check', 'fast-check-in-laws-only'],
  ['src/expr/read.ts', 'node:fs', 'src-stands-on-its-peers'],
  ['laws/table.ts', 'csv-parse', 'src-stands-on-its-peers'],
  ['laws/relative.ts', '../src/expr/index.js', 'by-package-name'],
  ['examples/inside.ts', '../src/expr/leaf.js', 'by-package-name', 'entry-points-only'],
  ['laws/closed.ts', 'tikhonov/inside', 'entry-points-only'],
  ['src/expr/tested.ts', '../../test/leaf.js', 'nothing-imports-its-tests', 'src-stands-on-its-peers'],
  ['test/lost.ts', './nowhere.js', 'resolvable']
]

const allowed: readonly Case[] = [
  ['src/random/down.ts', '../expr/leaf.js'],
  ['src/layers/dense.ts', './activation.js'],
  ['src/layers/activation.ts', '../layer/leaf.js'],
  ['src/expr/index.ts', './leaf.js'],
  ['src/index.ts', './expr/index.js'],
  ['src/expr/there.ts', 'type ./back.js'],
  ['src/expr/back.ts', 'type ./there.js'],
  ['src/stream/operator.ts', 'rxjs'],
  ['src/stream/learn.ts', '../training/leaf.js'],
  ['src/codec/codec.ts', 'io-ts'],
  ['src/training/either.ts', 'fp-ts'],
  ['laws/stream.ts', 'rxjs'],
  ['laws/law.ts', 'fast-check'],
  ['laws/user.ts', 'tikhonov/expr'],
  ['examples/user.ts', 'tikhonov/expr'],
  ['examples/table.ts', 'csv-parse'],
  ['test/inside.ts', '../src/expr/leaf.js']
]

interface Cruise {
  readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] }
}

const folder = mkdtempSync(join(tmpdir(), 'tikhonov-imports-'))
afterAll(() => { rmSync(folder, { recursive: true }) })

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

const imported = (specifier: string): string =>
  specifier.startsWith('type ') ? `import type { one } from '${specifier.slice(5)}'\nexport type One = typeof one`
    : `import { one } from '${specifier}'\nexport const two = [one]`

/** One run of the tool over a project of one-line files, under the project's own rules: which rules objected to which file. */
const objections = (): ReadonlyMap<string, readonly string[]> => {
  write('package.json', JSON.stringify({
    name: 'tikhonov',
    type: 'module',
    exports: {
      './expr': { 'tikhonov-source': './src/expr/index.ts' },
      './inside': { 'tikhonov-source': './src/expr/leaf.ts' }
    }
  }))
  write('tsconfig.json', readFileSync(join(root, 'tsconfig.json'), 'utf8'))
  for (const peer of ['fp-ts', 'rxjs', 'io-ts', 'fast-check', 'csv-parse']) {
    write(`node_modules/${peer}/package.json`, JSON.stringify({ name: peer, version: '1.0.0', type: 'module', exports: './index.js' }))
    write(`node_modules/${peer}/index.js`, 'export const one = 1')
  }
  for (const name of [...folders, 'stream', 'codec', 'toolbox']) write(`src/${name}/leaf.ts`, 'export const one = 1')
  write('test/leaf.ts', 'export const one = 1')
  write('src/expr/ring.ts', imported('./gnir.js'))
  for (const [file, specifier] of [...allowed, ...forbidden]) write(file, imported(specifier))
  const command = ['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'src', 'laws', 'examples', 'test']
  const said = execFileSync(process.execPath, [join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), ...command], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 26
  })
  const { summary } = JSON.parse(said) as Cruise
  const found = new Map<string, string[]>()
  for (const { from, rule } of summary.violations) found.set(from, [...found.get(from) ?? [], rule.name])
  return found
}

describe('the rules of who may import whom', () => {
  const found = objections()

  it.each(forbidden)('%s may not import %s', (file, _, ...rules) => {
    expect([...new Set(found.get(file))].sort()).toEqual([...rules].sort())
  })

  it.each(allowed)('%s may import %s', (file) => {
    expect(found.get(file)).toBeUndefined()
  })

  it('are all shown to object to something', () => {
    const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as { forbidden: readonly { name: string }[] }
    expect(rules.forbidden.map(({ name }) => name).filter((name) => !forbidden.some((c) => c.slice(2).includes(name)))).toEqual([])
  })
})
