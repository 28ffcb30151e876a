/** Laws of Monte-Carlo prediction. */
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { dropout } from 'tikhonov/dropout'
import { reference } from 'tikhonov/engine'
import { batchNormalization, dense, tanh } from 'tikhonov/layers'
import { initialValues, predict, sequential, type Model, type Samples, type SamplesOptions } from 'tikhonov/model'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { seed as seeds } from './arbitraries/index.js'
import { about, atMost, bernstein, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'
import { mean, numbers, values } from './perturbation.js'

type Values = Readonly<Record<string, Tensor>>

/** What predicts samples: `predictSamples`, or a stranger's. */
export type Sampler = (model: Model, values: Values, options: SamplesOptions) => (x: Tensor) => E.Either<unknown, Samples>

const right = <A>(e: E.Either<unknown, A>): A | undefined => (E.isRight(e) ? e.right : undefined)
const width = 3
const rowsOf = (x: readonly number[]): Tensor => tensor(Float64Array.from(x), [x.length / width, width])
const close = { relative: 1e-9, absolute: 1e-9 }

/** A network with noise before and between its layers. */
const deep = (rate: number) => right(sequential([width], dropout(rate), dense(4, { activation: tanh }), dropout(rate), dense(2)))
const rate = 0.5
const awake = deep(rate)
const asleep = deep(0)
const normalised = right(sequential([width], dense(4), batchNormalization(), dense(2)))
const linear = right(sequential([width], dropout(rate), dense(1, { useBias: false })))

/** Running statistics that are those of no batch. */
const trained = (model: Model, seed: number): Values =>
  Object.fromEntries(Object.entries(initialValues(model, seed)).map(([path, t]) =>
    [path, path.includes('/moving') ? { ...t, data: t.data.map((v, i) => v + 0.5 + i) } : t]))

/** The samples of a prediction; a stranger that gives none has failed. */
const drawn = (sampler: Sampler, model: Model | undefined, seed: number, x: Tensor, options: SamplesOptions): Samples => {
  const none = tensor([])
  return (model && right(sampler(model, trained(model, seed), options)(x))) ?? { samples: none, mean: none, variance: none }
}

/** One inference, in float64. */
const inferred = (model: Model | undefined, seed: number, x: Tensor): ArrayLike<number> =>
  (model && right(predict(model, trained(model, seed), reference())(x)))?.data ?? []

const part = ({ samples: { shape, data } }: Samples, sample: number): readonly number[] => {
  const size = data.length / shape[0]
  return Array.from(data.subarray(sample * size, (sample + 1) * size))
}

/** The samples of one example: [samples, output]. */
const ofExample = ({ samples: { shape: [n, rows, size], data } }: Samples, row: number): readonly number[] =>
  Array.from({ length: n * size }, (_, i) => data[(Math.floor(i / size) * rows + row) * size + (i % size)])

/** A correct sampler fails the law about chance in one of its runs with this probability. */
const chance = 1e-12

/**
 * What Monte-Carlo prediction obeys: samples are a function of the seed, and another one with another; n are the first n of n + m; mean and
 * variance are theirs; without dropout they are all the prediction, with no variance; all examples have the same masks, whoever else is
 * predicted; batch normalisation stays in inference; and for a model that is linear after its dropout each sample is one of its 2ᵈ
 * sub-networks, and their mean is the prediction within Bernstein's bound. Values are held to 1e-9: the sampler computes in float64, on the
 * reference engine.
 *
 * @example
 * ```ts
 * import { reference } from 'tikhonov/engine'
 * import { check, samplesLaws } from 'tikhonov/laws'
 * import { predictSamples } from 'tikhonov/model'
 * const laws = samplesLaws((model, values, options) => predictSamples(model, values, options, reference()))
 * check(laws, { runs: 10 }).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const samplesLaws = (sampler: Sampler): Suite => {
  const of = (model: Model | undefined, seed: number, x: readonly number[], options: SamplesOptions) =>
    drawn(sampler, model, seed, rowsOf(x), options)
  const few = { mostRuns: 20 }
  const examples = values(2 * width)
  return suite('samples', sampler, [
    law('samples are a function of the seed', 'f(seed) = f(seed), f(seed) ≠ f(seed′)', [examples, seeds(), seeds()], (x, seed, other) => {
      fc.pre(seed !== other)
      const [a, b, c] = [seed, seed, other].map((s) => of(awake, 7, x, { samples: 32, seed: s }))
      return every(same(a, b), a.samples.data.join() !== c.samples.data.join() || 'two seeds give the same samples')
    }, few),
    law('fewer samples are the first', 'f(n) = the first n of f(n + m)', [examples, seeds(), fc.integer({ min: 1, max: 4 })],
      (x, seed, n) => {
        const [fewer, more] = [n, n + 8].map((samples) => of(awake, 7, x, { samples, seed }))
        return every(...Array.from({ length: n }, (_, s) => about(`sample ${s}`, same(part(fewer, s), part(more, s)))))
      }, few),
    law('mean and variance are those of the samples', 'mean = Σy/n, variance = Σ(y − mean)²/n', [examples, seeds()], (x, seed) => {
      const n = 8
      const found = of(awake, 7, x, { samples: n, seed })
      const columns = part(found, 0).map((_, i) => Array.from({ length: n }, (__, s) => part(found, s)[i]))
      const middles = columns.map(mean)
      return every(
        about('mean', near(found.mean.data, middles, close)),
        about('variance', near(found.variance.data, columns.map((c, i) => mean(c.map((v) => (v - middles[i]) ** 2))), close))
      )
    }, few),
    law('without dropout there is no variance', 'rate 0 ⇒ every sample = predict', [numbers(2 * width), seeds()], (x, seed) => {
      const found = of(asleep, 7, x, { samples: 3, seed })
      const wanted = inferred(asleep, 7, rowsOf(x))
      return every(
        ...[0, 1, 2].map((s) => about(`sample ${s}`, same(part(found, s), wanted))),
        about('mean', same(found.mean.data, wanted)),
        about('variance', same(found.variance.data, part(found, 0).map(() => 0)))
      )
    }, few),
    law('masks are shared by all examples', 'f([x; x′]) = [f(x); f(x′)], and f([x; x]) has equal rows', [examples, seeds()], (x, seed) => {
      const options = { samples: 4, seed }
      const together = of(awake, 7, x, options)
      const twice = of(awake, 7, [...x.slice(0, width), ...x.slice(0, width)], options)
      return every(
        ...[0, 1].map((row) => about(`example ${row}`, near(
          ofExample(together, row), Array.from(of(awake, 7, x.slice(row * width, (row + 1) * width), options).samples.data), close))),
        about('equal examples', same(ofExample(twice, 0), ofExample(twice, 1)))
      )
    }, few),
    law('batch normalisation stays in inference', 'every sample = predict', [numbers(2 * width), seeds()], (x, seed) => {
      const found = of(normalised, 7, x, { samples: 2, seed })
      const wanted = inferred(normalised, 7, rowsOf(x))
      return every(...[0, 1].map((s): Outcome => about(`sample ${s}`, near(part(found, s), wanted, close))))
    }, few),
    law('samples are sub-networks', 'y ∈ {Σⱼ wⱼ·xⱼ·mⱼ/(1 − rate)}, E[y] = predict', [values(width), seeds()], (x, seed) => {
      const n = 1024
      const found = of(linear, 7, x, { samples: n, seed })
      const w = linear === undefined ? [] : Array.from(trained(linear, 7)['dense/0/kernel'].data)
      const each = Array.from({ length: 2 ** width }, (_, kept) =>
        w.reduce((total, v, j) => total + (((kept >> j) & 1) * v * x[j]) / (1 - rate), 0))
      const exact = mean(each)
      const odd = Array.from(found.samples.data).find((y) => !each.some((e) => near(y, e, close) === true))
      return every(
        odd === undefined || `${odd} is the output of no sub-network`,
        about('enumerated', near([exact], Array.from(inferred(linear, 7, rowsOf(x))), close)),
        about('mean', atMost(Math.abs(found.mean.data[0] - exact), bernstein(
          n, mean(each.map((e) => (e - exact) ** 2)), Math.max(...each.map((e) => Math.abs(e - exact))), chance)))
      )
    }, { mostRuns: 3 })
  ])
}
