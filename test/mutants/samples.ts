/** Mutants of Monte-Carlo prediction. */
import { either as E } from 'fp-ts'
import { constant, evaluate, variable } from 'tikhonov/expr'
import { training } from 'tikhonov/layer'
import { reference } from 'tikhonov/engine'
import { samplesLaws, type Sampler } from 'tikhonov/laws'
import { forward, predictSamples, type Samples } from 'tikhonov/model'
import { rows, tensor, type Tensor } from 'tikhonov/tensor'
import type { Mutant } from './harness.js'

const oneEdit = 'one edit'

/** What becomes of correct samples. */
const after = (change: (found: Samples) => Samples): Sampler => (model, values, options) => (x) =>
  E.map(change)(predictSamples(model, values, options, reference())(x))

const changed = (t: Tensor, f: (v: number) => number): Tensor => ({ ...t, data: t.data.map(f) })

const momentsOf = (samples: Tensor): Samples => {
  const [n, ...shape] = samples.shape
  const size = samples.data.length / n
  const of = (f: (column: readonly number[]) => number): Tensor =>
    tensor(Float64Array.from({ length: size }, (_, i) => f(Array.from({ length: n }, (__, s) => samples.data[s * size + i]))), shape)
  const mean = (c: readonly number[]) => c.reduce((a, b) => a + b, 0) / n
  return { samples, mean: of(mean), variance: of((c) => mean(c.map((v) => (v - mean(c)) ** 2))) }
}

/** The model in training mode, all of it. */
const wholeInTraining: Sampler = (model, values, { samples: n, seed = 0 }) => (x) => {
  const count = x.shape[0]
  const { y } = forward(model, training(constant(Array.from({ length: count }, () => 1), [count])))(variable('batch/x', x.shape))
  const given = { ...Object.fromEntries(Object.entries(values).map(([path, t]) => [path, t.data])), 'batch/x': x.data }
  const drawn = Array.from({ length: n }, (_, s) => evaluate(y, given, { seed, position: s * count, step: s }))
  return E.right(momentsOf(tensor(Float64Array.from(drawn.flat()), [n, ...y.shape])))
}

/** Each example with a seed of its own. */
const apart: Sampler = (model, values, { samples: n, seed = 0 }) => (x) => {
  const each = Array.from({ length: x.shape[0] }, (_, row) =>
    predictSamples(model, values, { samples: n, seed: (seed + row) >>> 0 }, reference())(rows(x, row, row + 1)))
  const found = each.flatMap((e) => (E.isRight(e) ? [e.right.samples] : []))
  const width = found[0].shape[2]
  const data = Float64Array.from({ length: n * found.length * width }, (_, i) => {
    const [s, row, k] = [Math.floor(i / (found.length * width)), Math.floor(i / width) % found.length, i % width]
    return found[row].data[s * width + k]
  })
  return E.right(momentsOf(tensor(data, [n, found.length, width])))
}

const named = (name: string, law: string, sampler: Sampler, origin = oneEdit): Mutant =>
  ({ name, origin, law, runs: 20, suite: () => samplesLaws(sampler) })

export const mutants: readonly Mutant[] = [
  named('the seed is not heard', 'samples are a function of the seed', (model, values, { samples }) =>
    predictSamples(model, values, { samples }, reference())),
  named('the number of samples is part of the seed', 'fewer samples are the first', (model, values, { samples, seed = 0 }) =>
    predictSamples(model, values, { samples, seed: (seed + samples) >>> 0 }, reference())),
  named('the variance over n − 1', 'mean and variance are those of the samples', after((found) =>
    ({ ...found, variance: changed(found.variance, (v) => (v * found.samples.shape[0]) / Math.max(1, found.samples.shape[0] - 1)) }))),
  named('the noise of the data is in the variance', 'without dropout there is no variance', after((found) =>
    ({ ...found, variance: changed(found.variance, (v) => v + 1e-12) })), 'τ⁻¹ in Gal & Ghahramani’s formula'),
  named('examples have masks of their own', 'masks are shared by all examples', apart),
  named('the whole model is in training', 'batch normalisation stays in inference', wholeInTraining, 'PyTorch: model.train()'),
  named('samples are not scaled', 'samples are sub-networks', after((found) =>
    momentsOf(changed(found.samples, (v) => v / 2))), 'masks of 0 and 1 at inference')
]

export const suites = [samplesLaws((model, values, options) => predictSamples(model, values, options, reference()))]
