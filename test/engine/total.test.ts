import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as language from 'tikhonov/expr'
import * as random from 'tikhonov/random'
import type { Expr } from 'tikhonov/expr'
import { emitters } from '../../src/engine/wasm/emitters.js'
import { operations } from '../../src/engine/wasm/operations.js'
import { isAlias, isLeaf } from '../../src/engine/wasm/stages.js'

const {
  add, concat, constant, foldPatches, gather, gradient, hyper, matmul, patches, scan, scatterAdd, sum, tanh, topological, unpool, variable
} = language

const x = variable('x', [2, 3])
const y = variable('y', [2, 3])
const image = variable('image', [1, 4, 4, 1])
const window = { size: [2, 2], strides: [2, 2] }
const series = variable('series', [5, 3])

/** A node of everything that the language builds, by the name of what builds it; what builds none, as undefined. */
const made: Readonly<Record<string, Expr | readonly Expr[] | undefined>> = {
  ...Object.fromEntries((['abs', 'cos', 'erf', 'erfinv', 'exp', 'floor', 'log', 'log1p', 'neg', 'reciprocal', 'sigmoid', 'sign', 'sin',
    'softplus', 'sqrt', 'stopGradient', 'tanh', 'zerosLike', 'logSoftmax', 'order', 'sort', 'isotonic',
    'cumulativeSum'] as const)
    .map((name) => [name, language[name](x)])),
  ...Object.fromEntries((['add', 'div', 'equal', 'greater', 'max', 'min', 'mul', 'pow', 'sub'] as const)
    .map((name) => [name, language[name](x, y)])),
  ...Object.fromEntries((['sum', 'mean', 'variance', 'reduceMax'] as const).map((name) => [name, language[name](x, [1])])),
  select: language.select(x, y, x),
  broadcast: language.broadcast(x, [4, 2, 3]),
  keepAxes: language.keepAxes(sum(x, [1]), [2, 3], [1]),
  concat: concat([x, y]),
  pad: language.pad(x, [1, 0], [4, 3]),
  reverse: language.reverse(x, 1),
  slice: language.slice(x, [0, 1], [2, 2]),
  transpose: language.transpose(x),
  reshape: language.reshape(x, [6]),
  constant: constant([1, 2]),
  variable: x,
  hyper: hyper('lambda', 1),
  gather: gather(x, constant([1, 0])),
  scatterAdd: scatterAdd(x, constant([1, 0]), 3),
  takeAlong: language.takeAlong(x, constant([2, 0, 0, 1], [2, 2])),
  svd: Object.values(language.svd(x)),
  fused: language.fused(x, 1),
  matmul: matmul(x, y, { b: true }),
  patches: patches(image, window),
  foldPatches: foldPatches(patches(image, window), window, [4, 4]),
  maxPool: language.maxPool(image, window),
  averagePool: language.averagePool(image, window),
  pick: language.pick(image, image, window),
  unpool: unpool(image, variable('dy', [1, 2, 2, 1]), window),
  scan: scan({ sequences: [series], initial: [variable('state', [3])] }, ([state], [item]) => ({
    states: [tanh(add(item, state))], outputs: [state]
  })).outputs,
  bits: random.bits('initial', 'w', [3]),
  draws: random.draws('perStep', 'path').normal('noise', [3]),
  pairedDraws: random.pairedDraws('path').normal('noise', [2, 3]),
  ...Object.fromEntries(['evaluate', 'gradient', 'isLogSoftmax', 'print', 'problems', 'pullback', 'pushforward', 'share', 'showShape',
    'showShapeProblem', 'simplify', 'substitute', 'topological', 'permutation', 'threefry2x32', 'truncatedDeviation', 'word']
    .map((name) => [name, undefined]))
}

/** What the emission of a graph does itself, beside its tables. */
const byTheCompiler: Readonly<Record<string, string>> = {
  bits: 'drawn by a kernel that is told keys and places before each run',
  scan: 'a loop over the emission of its body'
}

/** What is left to the reference evaluation, and why. */
const left: Readonly<Record<string, string>> = {
  orthonormal: 'a factorisation, done once, when weights are drawn',
  fused: 'a walk over knots that come and go, in float64',
  svd: 'a factorisation, in float64',
  order: 'a sort, which goes where its comparisons lead',
  isotonic: 'pools that grow as their means are compared, in float64',
  levelMeans: 'runs whose lengths are values',
  invalid: 'never compiled: problems are reported before'
}

const isKnown = (name: string): boolean => [operations, emitters, byTheCompiler, left].some((table) => name in table)

/** The names of all primitives that the sources declare. */
const declared = ['src/expr', 'src/random', 'src/layer', 'src/layers', 'src/dropout', 'src/optimizers', 'src/losses', 'src/initializers']
  .flatMap((folder) => readdirSync(folder).filter((file) => file.endsWith('.ts')).map((file) => readFileSync(join(folder, file), 'utf8')))
  .flatMap((text) =>
    [/Primitive<[^=]*> = \{\s*name: '(\w+)'/g, /(?:unary|binary)\(\s*'(\w+)'/g].flatMap((r) => [...text.matchAll(r)]))
  .map(([, name]) => name)

describe('every primitive is emitted, or is left to the reference for a reason', () => {
  it.each(Object.keys({ ...language, ...random }))('what %s builds, and its derivative', (name) => {
    expect(Object.keys(made), `a node of ${name} is to be built here`).toContain(name)
    const nodes = [made[name] ?? []].flat()
    const slopes = nodes.flatMap((e) => gradient(sum(e), topological([e]).filter((leaf) => leaf.primitive.name === 'variable')))
    for (const e of topological([...nodes, ...slopes])) {
      expect(isLeaf(e) || isAlias(e) || isKnown(e.primitive.name), `${e.primitive.name} has no emission`).toBe(true)
    }
  })

  const leaves = ['constant', 'variable', 'hyper', 'placeholder']
  const computed = [...new Set(declared)].filter((name) => !leaves.includes(name) && name !== 'reshape')
  it.each(computed)('%s, which the sources declare', (name) => {
    expect(isKnown(name), `${name} has no emission`).toBe(true)
  })

  it('the sources were found', () => {
    expect(declared).toEqual(expect.arrayContaining(['add', 'matmul', 'bits', 'scan', 'reshape', 'select', 'exp']))
  })

  it('no emission is in two tables, and none is said to be missing that is there', () => {
    const names = [operations, emitters, byTheCompiler, left].flatMap((table) => Object.keys(table))
    expect(names.filter((name, i) => names.indexOf(name) < i)).toEqual([])
  })
})
