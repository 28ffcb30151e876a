/** Mutants of normalising layers. */
import { add, div, keepAxes, mean, mul, reshape, sqrt, sub, sum, variance, type Expr } from 'tikhonov/expr'
import { ones, zeros } from 'tikhonov/initializers'
import { layer, misfit, ofRank, spec, type Declaration, type Layer } from 'tikhonov/layer'
import { batchNormalizationLaws, layerNormalizationLaws } from 'tikhonov/laws'
import { batchNormalization, groupNormalization, layerNormalization } from 'tikhonov/layers'
import type { Mutant } from './harness.js'

const oneEdit = 'one edit'

/** γ and β of the last axis. */
const learned = (x: readonly number[]): { readonly gamma: Declaration; readonly beta: Declaration } => {
  const shape = x.slice(-1)
  return {
    gamma: { shape, role: 'scale', initial: ones.initial(shape), incoming: [] },
    beta: { shape, role: 'offset', initial: zeros.initial(shape), incoming: [] }
  }
}

/** The steps of batch normalisation of [batch, 2, 3], each of which may be another. */
interface Steps {
  readonly present: (present: Expr) => Expr
  readonly mean: (x: Expr, rows: Expr, count: Expr) => Expr
  readonly spread: (squares: Expr, count: Expr) => Expr
  readonly centre: (mean: Expr) => Expr
  readonly moved: (before: Expr, now: Expr) => Expr
  readonly inference: 'running' | 'batch'
}

const over = [0, 1]
const wide = (e: Expr): Expr => reshape(e, [1, 1, 3])

const batchNorm = (edit: Partial<Steps>): Layer => {
  const steps: Steps = {
    present: (p) => p, mean: (x, rows, count) => div(sum(mul(x, rows), over), count), spread: div, centre: (m) => m,
    moved: (before, now) => add(mul(0.9, before), mul(0.1, now)), inference: 'running', ...edit
  }
  return layer({
    spec: spec('batchNorm'),
    rule: { check: (s) => (s.join() === '2,3' ? undefined : misfit('an example is [2, 3]', s)) },
    parameters: learned,
    state: () => ({ movingMean: { shape: [3], initial: zeros.initial([3]) }, movingVariance: { shape: [3], initial: ones.initial([3]) } }),
    apply: ({ gamma, beta }, { mode, state }) => (x) => {
      const normal = (m: Expr, v: Expr) => add(mul(gamma, div(sub(x, wide(m)), sqrt(add(wide(v), 1e-3)))), beta)
      const awake = mode._tag === 'Train' || steps.inference === 'batch'
      if (!awake) return { y: normal(state.movingMean, state.movingVariance), state }
      const rows = reshape(steps.present(mode._tag === 'Train' ? mode.present : add(mul(0, sum(x, [1, 2])), 1)), [x.shape[0], 1, 1])
      const count = mul(2, sum(rows))
      const m = steps.mean(x, rows, count)
      const centred = mul(sub(x, wide(steps.centre(m))), rows)
      const v = steps.spread(sum(mul(centred, centred), over), count)
      const next = { movingMean: steps.moved(state.movingMean, m), movingVariance: steps.moved(state.movingVariance, v) }
      return { y: normal(m, v), state: mode._tag === 'Train' ? next : state }
    }
  })
}

const asBatch = (name: string, law: string, edit: Partial<Steps>, origin = oneEdit): Mutant =>
  ({ name, origin, law, suite: () => batchNormalizationLaws(batchNorm(edit), { input: [2, 3], momentum: 0.9 }) })

const pairs = { check: ofRank(2, 'an example has rank 2') }

/** Normalisation within the last axis of [2, 3], from what it is made of. */
const within = (of: (x: Expr, centred: Expr, spread: Expr) => Expr): Layer =>
  layer({
    spec: spec('within'), rule: pairs, parameters: learned,
    apply: ({ gamma, beta }) => (x) => {
      const kept = (e: Expr) => keepAxes(e, x.shape, [2])
      return add(mul(gamma, of(x, sub(x, kept(mean(x, [2]))), kept(variance(x, [2])))), beta)
    }
  })

const asWithin = (name: string, law: string, subject: Layer, origin = oneEdit): Mutant =>
  ({ name, origin, law, suite: () => layerNormalizationLaws(subject, { input: [2, 3] }) })

export const mutants: readonly Mutant[] = [
  asBatch('the unbiased variance divides', 'the batch has the learned mean and variance',
    { spread: (squares, count) => div(squares, sub(count, 1)) }),
  asBatch('padding counts', 'padding changes nothing', { present: (p) => add(mul(0, p), 1) }),
  asBatch('padding is in the mean only', 'padding changes nothing', { mean: (x) => mean(x, over) }),
  asBatch('momentum means what is taken', 'running statistics move by 1 − momentum',
    { moved: (before, now) => add(mul(0.1, before), mul(0.9, now)) }, 'PyTorch’s momentum, read as Keras’s'),
  asBatch('a tenth too much is taken', 'running statistics move by 1 − momentum',
    { moved: (before, now) => add(mul(0.9, before), mul(0.11, now)) }),
  asBatch('inference uses the batch', 'inference knows running statistics only', { inference: 'batch' }, 'one edit'),
  asBatch('the variance is about 0', 'units of measurement do not matter', { centre: (m) => mul(0, m) }),
  asWithin('divides by the variance', 'a group has mean 0 and variance 1', within((_, centred, v) => div(centred, add(v, 1e-3)))),
  asWithin('β is scaled too', 'γ scales and β shifts', layer({
    spec: spec('scaled'), rule: pairs, parameters: learned,
    apply: ({ gamma, beta }) => (x) => {
      const kept = (e: Expr) => keepAxes(e, x.shape, [2])
      return mul(gamma, add(div(sub(x, kept(mean(x, [2]))), sqrt(add(kept(variance(x, [2])), 1e-3))), beta))
    }
  })),
  asWithin('the root mean square for the deviation', 'a group’s shift and scale do not matter',
    within((x) => div(x, sqrt(add(keepAxes(mean(mul(x, x), [2]), x.shape, [2]), 1e-3))))),
  asWithin('the example as a whole', 'a group’s shift and scale do not matter', layerNormalization({ axis: [1, 2] }))
]

export const suites = [
  batchNormalizationLaws(batchNorm({}), { input: [2, 3], momentum: 0.9 }),
  batchNormalizationLaws(batchNormalization(), { input: [3] }),
  batchNormalizationLaws(batchNormalization({ momentum: 0.5, epsilon: 0.25 }), { input: [2, 2, 2], momentum: 0.5, epsilon: 0.25 }),
  layerNormalizationLaws(layerNormalization(), { input: [2, 3] }),
  layerNormalizationLaws(layerNormalization({ axis: [1, 2] }), { input: [2, 3], group: () => 0 }),
  layerNormalizationLaws(groupNormalization({ groups: 2 }), { input: [3, 4], group: (unit) => Math.floor((unit % 4) / 2) })
]
