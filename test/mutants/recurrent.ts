/** Mutants of recurrent layers and of their dropout, the defects of published libraries among them. */
import {
  add, broadcast, concat, equal, keepAxes, mean, mul, reduceMax, reshape, reverse, select, slice, sub, variable, type Expr, type Scalar,
  type Shape
} from 'tikhonov/expr'
import {
  bidirectionalLaws, gatedDropoutLaws, recurrentDropoutLaws, recurrentLaws, type BothWays, type RecurrentChoice, type RecurrentFamily
} from 'tikhonov/laws'
import { joinPath, type Layer, type Mode, type Output, type Random, type Scope } from 'tikhonov/layer'
import {
  bidirectional, eachTimeStep, gru, gruCell, lstm, simpleRnn, simpleRnnCell, variational, withoutMemoryLoss, zoneout,
  type RecurrentDropout, type RecurrentWeights
} from 'tikhonov/layers'
import { draws, type Draws } from 'tikhonov/random'
import type { Mutant } from './harness.js'

const oneEdit = 'one edit'
const simple: RecurrentFamily = (options) => simpleRnn(3, options)
const long: RecurrentFamily<RecurrentDropout> = (options) => lstm(3, options)
const gated: RecurrentFamily<RecurrentDropout> = (options) => gru(3, options)

/** A layer whose input, output or scope is another. */
const before = (layer: Layer, of: (x: Expr) => Expr): Layer => ({ ...layer, apply: (scope) => (x) => layer.apply(scope)(of(x)) })
const after = (layer: Layer, of: (output: Output, scope: Scope, x: Expr) => Output): Layer =>
  ({ ...layer, apply: (scope) => (x) => of(layer.apply(scope)(x), scope, x) })
const within = (layer: Layer, of: (scope: Scope, x: Expr) => Scope): Layer =>
  ({ ...layer, apply: (scope) => (x) => layer.apply(of(scope, x))(x) })

const ones = (rows: number): Expr => broadcast(1, [rows])

/** A family whose draws are others. */
const drawing = <D extends RecurrentDropout>(make: RecurrentFamily<D>, of: (random: Random, path: string) => Random): RecurrentFamily<D> =>
  (options) => within(make(options), ({ path, mode }) =>
    ({ path, mode: mode._tag === 'Infer' ? mode : { ...mode, random: of(mode.random, path) } }))

/** Decisions that are others. */
const deciding = (of: Draws, bernoulli: Draws['bernoulli']): Draws => ({ ...of, bernoulli })

const fixed = (path: string): Random => ({ perExample: draws('initial', path), perStep: draws('initial', path) })

/** A scale in front of what is kept that undoes the division by 1 − rate. */
const unscaled = (of: Draws): Draws =>
  deciding(of, (name, rate: Scalar, shape: Shape) => mul(of.bernoulli(name, rate, shape), sub(1, rate)))

const isVariational = (dropout: RecurrentChoice<RecurrentDropout>['dropout' | 'recurrentDropout']) =>
  typeof dropout === 'object' && dropout._tag === 'Variational' && dropout.rate !== 0

/** The layer written out step by step, over its own weights, where its recurrent dropout is variational. */
const writtenOut = (
  make: RecurrentFamily, cellOf: (weights: RecurrentWeights, mask: Expr | undefined) => (state: { h: Expr }, x: Expr) => { h: Expr },
  mask: (random: Random, t: number, shape: Shape) => { readonly product?: Expr; readonly state?: Expr }
): RecurrentFamily => (options) => after(make(options), (output, { path, mode }, x) => {
  if (!isVariational(options.recurrentDropout)) return output
  const leaf = (name: string) => variable(joinPath(path, name), output.parameters[joinPath(path, name)].shape)
  const weights = { kernel: leaf('kernel'), recurrentKernel: leaf('recurrentKernel'), bias: leaf('bias') }
  const [rows, time, width] = x.shape
  const shape = [rows, weights.recurrentKernel.shape[0]]
  let h = broadcast(0, shape)
  const steps: Expr[] = []
  for (let t = 0; t < time; t++) {
    const { product, state } = mode._tag === 'Infer' ? {} : mask(mode.random, t, shape)
    const from = state === undefined ? h : mul(h, state)
    h = cellOf(weights, product)({ h: from }, reshape(slice(x, [0, t, 0], [rows, 1, width]), [rows, width])).h
    steps.push(reshape(h, [rows, 1, shape[1]]))
  }
  return { ...output, y: concat(steps, 1) }
})

const asRecurrent = (name: string, law: string, make: RecurrentFamily, origin = oneEdit): Mutant =>
  ({ name, origin, law, runs: 10, suite: () => recurrentLaws(make) })

const recurrences: readonly Mutant[] = [
  asRecurrent('the first output instead of the last', 'the last output is the last of the sequence', (options) =>
    options.returnSequences === true ? simple(options)
      : after(simple({ ...options, returnSequences: true }), (output) => {
        const [rows, , units] = output.y.shape
        return { ...output, y: reshape(slice(output.y, [0, 0, 0], [rows, 1, units]), [rows, units]) }
      })),
  asRecurrent('an output that sees the whole sequence', 'an output knows what came before it', (options) =>
    after(simple(options), (output) =>
      options.returnSequences === true ? { ...output, y: add(output.y, keepAxes(mean(output.y, [1]), output.y.shape, [1])) } : output)),
  asRecurrent('goBackwards is ignored', 'backwards is forwards over the reversed sequence', (options) =>
    simple({ ...options, goBackwards: false })),
  asRecurrent('masked steps are steps of zeros', 'masked steps carry the state over', (options) => {
    const value = options.masking?.maskValue
    const { masking: _, ...others } = options
    return value === undefined ? simple(options) : before(simple(others), (x) => select(equal(x, value), 0, x))
  }),
  asRecurrent('one masked feature masks its step', 'a step that is masked in part is not masked', (options) =>
    options.masking === undefined ? simple(options) : before(simple(options), (x) => {
      const value = options.masking?.maskValue ?? 0
      return select(broadcast(keepAxes(reduceMax(equal(x, value), [2]), x.shape, [2]), x.shape), value, x)
    })),
  asRecurrent('the state is forgotten between batches', 'a run over the parts is the run over the whole', (options) =>
    after(simple(options), (output) => ({
      ...output, state: Object.fromEntries(Object.entries(output.state).map(([path, cell]) => [path, { ...cell, next: mul(0, cell.next) }]))
    }))),
  asRecurrent('padding moves the state', 'rows that are not there keep their state', (options) =>
    within(simple(options), ({ path, mode }, x) =>
      ({ path, mode: mode._tag === 'Train' ? { ...mode, present: ones(x.shape[0]) } : mode })))
]

const asBoth = (name: string, law: string, both: BothWays): Mutant =>
  ({ name, origin: oneEdit, law, runs: 10, suite: () => bidirectionalLaws(both, simple) })

const directions: readonly Mutant[] = [
  asBoth('outputs of the end stand at the beginning', 'each half is its layer', (forward, backward, mergeMode) =>
    bidirectional(forward, { backward: after(backward, (output) => ({ ...output, y: reverse(output.y, 1) })), mergeMode })),
  asBoth('both layers read forwards', 'turned round it is the same', (forward, backward, mergeMode) =>
    bidirectional(forward, { backward: before(backward, (x) => reverse(x, 1)), mergeMode })),
  asBoth('the mean instead of the sum', 'the sum of the halves is their sum', (forward, backward, mode) =>
    bidirectional(forward, { backward, mergeMode: mode === 'sum' ? 'ave' : mode }))
]

const asDropout = (name: string, law: string, make: RecurrentFamily, origin = oneEdit): Mutant =>
  ({ name, origin, law, runs: 3, suite: () => recurrentDropoutLaws(make) })

const dropouts: readonly Mutant[] = [
  asDropout('rate 0 of the recurrence becomes a rate of its own', 'rate 0 is the layer itself', (options) =>
    simple(options.recurrentDropout === 0 ? { ...options, recurrentDropout: 0.5 } : options), 'ml-fnn, where regularization: 0 is .01'),
  asDropout('the mask is never reset: inference uses one', 'inference is the layer itself', (options) =>
    within(simple(options), ({ path, mode }, x) =>
      ({ path, mode: mode._tag === 'Infer' ? { _tag: 'Train', present: ones(x.shape[0]), random: fixed(path) } satisfies Mode : mode })),
  'TensorFlow.js, rnn(lstmCell)'),
  asDropout('recurrent dropout with rate 1 means none', 'rates out of range are issues', (options) =>
    simple(options.recurrentDropout === 1 ? { ...options, recurrentDropout: 0 } : options), 'Keras, TensorFlow.js'),
  asDropout('a fixed seed repeats the masks of a recurrence', 'masks are not repeated',
    drawing(simple, (_, path) => fixed(path)), 'TensorFlow.js'),
  asDropout('one mask for all sequences of a batch', 'examples have masks of their own, weights one',
    drawing(simple, ({ perExample, perStep }) => ({
      perStep, perExample: deciding(perExample, (name, rate, shape) => perStep.bernoulli(name, rate, [1, ...shape.slice(1)]))
    }))),
  asDropout('a bare rate gives each gate a mask', 'a bare rate is variational, one mask for all gates', (options) =>
    long(typeof options.recurrentDropout === 'number'
      ? { ...options, recurrentDropout: variational(options.recurrentDropout, { gates: 'each' }) } : options),
  'Keras 3, where recurrent dropout turns to implementation 1'),
  asDropout('what is kept of a sequence is not scaled', 'dropping the input is zeroing it',
    drawing(simple, ({ perExample, perStep }) => ({ perStep, perExample: unscaled(perExample) }))),
  asDropout('variational dropout draws at each time step', 'a variational mask of the input serves the sequence', (options) =>
    simple(typeof options.dropout === 'object' ? { ...options, dropout: eachTimeStep(options.dropout.rate) } : options)),
  asDropout('dropout at each time step draws once', 'each time step has a mask of its own', (options) =>
    simple(typeof options.dropout === 'object' ? { ...options, dropout: variational(options.dropout.rate) } : options)),
  asDropout('the state has a new mask at each time step', 'a variational mask of the state serves the sequence',
    writtenOut(simple, (weights, recurrent) => simpleRnnCell(weights, { masks: { recurrent } }), ({ perExample }, t, shape) =>
      ({ product: mul(2, perExample.bernoulli(`step/${t}`, 0.5, shape)) }))),
  asDropout('the mask is on the state that a GRU carries over', 'dropping the state is zeroing rows of the recurrent kernel',
    writtenOut((options) => gru(3, options), (weights) => gruCell(weights), ({ perExample }, _, shape) =>
      ({ state: mul(2, perExample.bernoulli('state', 0.5, shape)) })), 'Keras 2, implementation 2'),
  asDropout('gates share a mask where each was to have one', 'gates share a mask, or each has its own', (options) =>
    long(typeof options.recurrentDropout === 'object' && options.recurrentDropout._tag === 'Variational'
      ? { ...options, recurrentDropout: variational(options.recurrentDropout.rate) } : options)),
  asDropout('weight drop drops rows of the recurrent kernel', 'weights are dropped one by one', (options) =>
    simple(typeof options.recurrentDropout === 'object' && options.recurrentDropout._tag === 'WeightDrop'
      ? { ...options, recurrentDropout: variational(options.recurrentDropout.rate) } : options)),
  asDropout('zoneout of h and of c are exchanged', 'zoneout keeps old states at its rates', (options) =>
    long(typeof options.recurrentDropout === 'object' && options.recurrentDropout._tag === 'Zoneout'
      ? { ...options, recurrentDropout: zoneout({ h: options.recurrentDropout.c, c: options.recurrentDropout.h }) } : options)),
  asDropout('zoneout drops states to zero', 'zoneout keeps old states at its rates', (options) =>
    (typeof options.recurrentDropout === 'object' && options.recurrentDropout._tag === 'Zoneout'
      ? after(simple({ ...options, recurrentDropout: 0 }), (output, { mode }) => ({
        ...output,
        state: Object.fromEntries(Object.entries(output.state).map(([path, cell]) => [path, {
          ...cell, next: mode._tag === 'Infer' ? cell.next : mul(cell.next, mode.random.perExample.bernoulli('h', 0.2, cell.shape))
        }]))
      }))
      : simple(options))),
  asDropout('inference after zoneout takes the new state', 'zoneout takes its expectation in inference', (options) => ({
    ...simple(options),
    apply: (scope) => simple(scope.mode._tag === 'Infer' ? { ...options, recurrentDropout: 0 } : options).apply(scope)
  }))
]

const asGated = (name: string, law: string, make: RecurrentFamily<RecurrentDropout>): Mutant =>
  ({ name, origin: oneEdit, law, runs: 3, suite: () => gatedDropoutLaws(make) })

const candidates: readonly Mutant[] = [
  asGated('what is remembered is dropped too', 'what is remembered is not erased', (options) =>
    (typeof options.recurrentDropout === 'object' && options.recurrentDropout._tag === 'WithoutMemoryLoss'
      ? after(gated({ ...options, recurrentDropout: 0 }), (output, { mode }) => ({
        ...output,
        state: Object.fromEntries(Object.entries(output.state).map(([path, cell]) => [path, {
          ...cell, next: mode._tag === 'Infer' ? cell.next : mul(cell.next, mode.random.perExample.bernoulli('h', 0.5, cell.shape))
        }]))
      }))
      : gated(options))),
  asGated('kept candidates are not scaled', 'a candidate is dropped or scaled',
    drawing(gated, ({ perExample, perStep }) => ({ perStep, perExample: unscaled(perExample) }))),
  asGated('candidates are dropped once for the sequence, always', 'candidates are dropped anew, or once for the sequence', (options) => {
    const { recurrentDropout: given } = options
    if (typeof given !== 'object' || given._tag !== 'WithoutMemoryLoss') return gated(options)
    return gated({ ...options, recurrentDropout: withoutMemoryLoss(given.rate, { each: 'sequence' }) })
  })
]

export const mutants: readonly Mutant[] = [...recurrences, ...directions, ...dropouts, ...candidates]

export const suites = [
  recurrentLaws((options) => lstm(3, options)),
  recurrentLaws((options) => gru(2, { ...options, resetAfter: false })),
  recurrentDropoutLaws((options) => simpleRnn(4, options)),
  gatedDropoutLaws((options) => lstm(2, options)),
  gatedDropoutLaws((options) => gru(3, options)),
  bidirectionalLaws((forward, backward, mergeMode) => bidirectional(forward, { backward, mergeMode }), (options) => gru(2, options))
]
