/** Optimizers, transformations and their combinators that are wrong, each with the law that says so. */
import { abs, add, div, greater, max, min, mul, select, sqrt, sub, sum, tanh, type Expr, type Scalar } from 'tikhonov/expr'
import { spec } from 'tikhonov/layer'
import {
  chainLaws, clipLaws, decayLaws, descentLaws, firstStepLaws, freezeLaws, maskLaws, optimizerLaws, penaltyDecayLaws, scaleInvariantLaws,
  trajectoryLaws, transformLaws, type ByRate, type ByRateAndDecay, type ClipBy, type Suite
} from 'tikhonov/laws'
import {
  adagrad, adam, adamw, addDecay, after, before, byPath, byRole, chain, clipByGlobalNorm, clipByNorm, clipByValue, decoupledDecay,
  descend, everything, freeze, globalNorm, gradientTransform, masked, momentum, nesterov, not, optimizer, remember, rmsprop,
  scaleByAdagrad, scaleByAdam, scaleByRms, sgd, slot, stateless, torchAdagrad, torchAdam, torchAdamW, torchRmsprop, torchSgd, where,
  type GradientTransform, type Optimizer, type Where
} from 'tikhonov/optimizers'
import { golden, setting } from '../golden/golden.js'
import { bowl } from '../optimizers/bowl.js'
import type { Mutant } from './harness.js'

const negligible = { epsilon: 1e-30 }

const byRate: Readonly<Record<string, ByRate>> = {
  sgd,
  momentum: (rate) => sgd(rate, { momentum: 0.9 }),
  nesterov: (rate) => sgd(rate, { momentum: 0.9, nesterov: true }),
  torchSgd: (rate) => torchSgd(rate, { momentum: 0.9 }),
  torchNesterov: (rate) => torchSgd(rate, { momentum: 0.9, nesterov: true }),
  rmsprop,
  rmspropMomentum: (rate) => rmsprop(rate, { momentum: 0.5 }),
  torchRmsprop,
  adagrad,
  torchAdagrad,
  adam,
  torchAdam,
  clipped: (rate) => before(clipByGlobalNorm(1), adam(rate))
}

const decayed: readonly ByRateAndDecay[] = [
  (rate, weightDecay) => adamw(rate, { weightDecay }),
  (rate, weightDecay) => torchAdamW(rate, { weightDecay }),
  (rate, lambda) => after(decoupledDecay(lambda), sgd(rate, { momentum: 0.9 })),
  (rate, lambda) => before(addDecay(lambda), sgd(rate))
]

const adamFile = golden('opt_adam_keras')
const adamRate = setting(adamFile, 'lr')
const adamOptions = { beta1: setting(adamFile, 'beta1'), beta2: setting(adamFile, 'beta2'), epsilon: setting(adamFile, 'eps') }

export const suites: readonly Suite[] = [
  ...[
    descend, momentum(0.9), nesterov(0.9), scaleByRms(), scaleByRms({ form: 'torch' }), scaleByAdagrad(),
    scaleByAdagrad({ initialAccumulator: 0, form: 'torch' }), scaleByAdam(), scaleByAdam({ form: 'torch' }), clipByValue(1), clipByNorm(1),
    clipByGlobalNorm(1), addDecay(0.1), decoupledDecay(0.1), masked(byRole('kernel'), scaleByAdam()), freeze('a'),
    freeze(not(byPath('ab'))), chain(), chain(clipByNorm(1), momentum(0.9), scaleByAdam(), addDecay(0.1), descend, momentum(0.5))
  ].map((transform) => transformLaws(transform)),
  chainLaws(chain),
  maskLaws(masked),
  freezeLaws(freeze),
  freezeLaws((path) => freeze(where('by predicate', (each) => each.startsWith(`${path}/`)))),
  clipLaws('value', clipByValue),
  clipLaws('norm', clipByNorm),
  clipLaws('globalNorm', clipByGlobalNorm),
  ...Object.values(byRate).map(descentLaws),
  ...decayed.map(decayLaws),
  optimizerLaws((rate) => before(freeze('a'), adamw(rate, { where: everything }))),
  penaltyDecayLaws(sgd, (rate, lambda) => before(addDecay(lambda), sgd(rate))),
  // Decay before momentum is the penalty too.
  ...[sgd, torchSgd].map((form) => {
    const fast: ByRate = (rate) => form(rate, { momentum: 0.9 })
    return penaltyDecayLaws(fast, (rate, lambda) => before(addDecay(lambda), fast(rate)))
  }),
  ...[
    (rate: Scalar) => adam(rate, negligible), (rate: Scalar) => torchAdam(rate, negligible),
    (rate: Scalar) => torchAdagrad(rate, negligible)
  ].flatMap((make) => [scaleInvariantLaws(make), firstStepLaws(make)]),
  scaleInvariantLaws((rate) => rmsprop(rate, negligible)),
  scaleInvariantLaws((rate) => torchRmsprop(rate, negligible)),
  trajectoryLaws(adam(adamRate, adamOptions), bowl('opt_adam_keras'))
]

const each = (delta: Readonly<Record<string, Expr>>, f: (d: Expr, path: string) => Expr): Readonly<Record<string, Expr>> =>
  Object.fromEntries(Object.entries(delta).map(([path, d]) => [path, f(d, path)]))

/** Adam whose direction is another function of its moments and bias corrections. */
const wrongAdam = (direction: (m: Expr, v: Expr, c1: Expr, c2: Expr) => Expr) => (rate: Scalar): Optimizer => {
  const [beta1, beta2] = [0.9, 0.999]
  const mean = (beta: number) => (before: Expr, x: Scalar): Expr => add(mul(beta, before), mul(1 - beta, x))
  return optimizer('wrongAdam', rate, {}, chain(gradientTransform(spec('wrongAdam'), (place) => (delta) => {
    const m = remember(place, 'm', delta, mean(beta1))
    const v = remember(place, 'v', delta, (before, d) => mean(beta2)(before, mul(d, d)))
    const c1 = slot(`${place}/c1`, [], (before) => mean(beta1)(before, 1))
    const c2 = slot(`${place}/c2`, [], (before) => mean(beta2)(before, 1))
    return {
      delta: each(m.now, (mean, path) => direction(mean, v.now[path], c1.now, c2.now)),
      slots: { ...m.slots, ...v.slots, ...c1.slots, ...c2.slots }
    }
  }), descend))
}

const uncorrected = wrongAdam((m, v) => div(m, add(sqrt(v), 1e-7)))
const multiplied = wrongAdam((m, v, c1, c2) => div(mul(m, c1), add(sqrt(mul(v, c2)), 1e-7)))

const mutant = (name: string, law: string, suite: () => Suite, origin = 'one edit'): Mutant => ({ name, origin, law, suite })

const oneOf = (name: string, law: string, transform: GradientTransform): Mutant => mutant(name, law, () => transformLaws(transform))

const clip = (name: string, law: string, by: ClipBy, wrong: (limit: Scalar) => GradientTransform, origin?: string): Mutant =>
  mutant(name, law, () => clipLaws(by, wrong), origin)

/** All directions times one factor. */
const shortening = (factor: (delta: Readonly<Record<string, Expr>>) => Expr): GradientTransform =>
  stateless(spec('shortening'), (delta) => each(delta, (d) => mul(factor(delta), d)))

/** Each direction by itself. */
const eachAlone = (f: (d: Expr) => Expr): GradientTransform => stateless(spec('eachAlone'), (delta) => each(delta, f))

const lengthOf = (d: Expr): Expr => sqrt(sum(mul(d, d)))

const goldenMutant = (name: string, file: string, wrong: Optimizer, origin?: string): Mutant =>
  mutant(name, 'golden trajectory', () => trajectoryLaws(wrong, bowl(file)), origin)

type Mask = (where: Where, transform: GradientTransform) => GradientTransform

const mask = (name: string, law: string, wrong: Mask): Mutant => mutant(name, law, () => maskLaws(wrong))

/** A mask that transforms everything and then chooses. */
const maskedAfter: Mask = (chosen, transform) =>
  gradientTransform(spec('maskedAfter'), (place) => (delta, weights, rate) => {
    const changed = transform.update(place)(delta, weights, rate)
    return { delta: each(delta, (d, path) => (chosen.covers(path, weights[path]) ? changed.delta[path] : d)), slots: changed.slots }
  })

/** A chain that applies its parts at the places that it is told. */
const chainAt = (placeOf: (part: GradientTransform, i: number) => string) => (...parts: readonly GradientTransform[]): GradientTransform =>
  gradientTransform(spec('chain'), (place) => (delta, weights, rate) =>
    parts.reduce<ReturnType<ReturnType<GradientTransform['update']>>>((before, part, i) => {
      const after = part.update(`${place}/${placeOf(part, i)}`)(before.delta, weights, rate)
      return { delta: after.delta, slots: { ...before.slots, ...after.slots } }
    }, { delta, slots: {} }))

/** Descent by a multiple of the gradient that may depend on it and on the number of the step, from 1. */
const byStep = (factor: (step: Expr, d: Expr) => Expr): ByRate => (rate) => optimizer('byStep', rate, {}, chain(
  gradientTransform(spec('byStep'), (place) => (delta) => {
    const step = slot(`${place}/step`, [], (before) => add(before, 1))
    return { delta: each(delta, (d) => mul(factor(step.now, d), d)), slots: step.slots }
  }), descend))

/** Descent by the rate over the number of optimizers made so far. */
const counting = (): ByRate => {
  let made = 0
  return (rate) => sgd(div(rate, ++made))
}

/** Descent by a rate that changes with every build. */
const aging = (): GradientTransform => {
  let builds = 0
  return stateless(spec('aging'), (delta) => {
    builds++
    return each(delta, (d) => div(d, builds))
  })
}

export const mutants: readonly Mutant[] = [
  oneOf('decay of what is frozen', 'keeps to its parameters', stateless(spec('decay'), (delta, weights) =>
    Object.fromEntries(Object.entries(weights).map(([path, { value }]) => [path, add(delta[path] ?? 0, mul(0.1, value))])))),
  oneOf('a length for a direction', 'keeps to its parameters', stateless(spec('length'), (delta) => each(delta, lengthOf))),
  oneOf('velocity that is not declared', 'declares its memory',
    gradientTransform(spec('momentum'), (place) => (delta) => ({ delta: momentum(0.9).update(place)(delta, {}, 1).delta, slots: {} }))),
  oneOf('a slot of another shape', 'declares its memory', gradientTransform(spec('length'), (place) => (delta) => {
    const kept = remember(place, 'length', delta, (before, d) => add(before, lengthOf(d)))
    return { delta, slots: Object.fromEntries(Object.entries(kept.slots).map(([path, cell]) => [path, { ...cell, shape: [] }])) }
  })),
  oneOf('slots at one place for all', 'lives at its place',
    gradientTransform(spec('momentum'), () => (delta) => momentum(0.9).update('here')(delta, {}, 1))),
  oneOf('no ε', 'is finite', gradientTransform(spec('rms'), (place) => (delta) => {
    const v = remember(place, 'v', delta, (before, d) => add(mul(0.9, before), mul(0.1, d, d)))
    return { delta: each(delta, (d, path) => div(d, sqrt(v.now[path]))), slots: v.slots }
  })),

  oneOf('a division by 0 in the fifth step', 'is finite', byStep((step) => div(1, sub(step, 5)))(1).transform),
  oneOf('directions of chance', 'built twice', stateless(spec('chance'), (delta) => each(delta, (d) => mul(Math.random(), d)))),
  oneOf('directions that count their builds', 'built twice', aging()),

  mutant('a chain in a chain lives deeper', 'associative', () => chainLaws((...parts) => {
    const inner = chain(...parts)
    return { _tag: inner._tag, spec: inner.spec, issues: inner.issues, update: inner.update }
  })),
  mutant('a chain that begins from nothing', 'unit', () => chainLaws((...parts) =>
    (parts.length === 0 ? stateless(spec('zero'), (delta) => each(delta, (d) => mul(0, d))) : chain(...parts)))),
  mutant('a chain from the right', 'in order', () => chainLaws((...parts) => chain(...[...parts].reverse()))),
  mutant('parts of a kind share their slots', 'in order', () => chainLaws(chainAt((part) => part.spec.kind))),
  mutant('slots by the place in the chain', 'slots stay', () => chainLaws(chainAt((part, i) => `${part.spec.kind}/${i}`))),

  clip('1e-6 beside the norm', 'size', 'globalNorm', (limit) => shortening((delta) => min(div(limit, add(globalNorm(delta), 1e-6)), 1)),
    'PyTorch (clip_grad_norm_)'),
  clip('a clip by squares that overflow', 'size', 'norm', (limit) => eachAlone((d) => mul(d, min(div(limit, lengthOf(d)), 1)))),
  clip('each parameter for all', 'size', 'globalNorm', clipByNorm),
  clip('only what is too large and positive', 'size', 'value', (limit) => eachAlone((d) => min(d, limit))),
  clip('always as long as the limit', 'identity inside', 'globalNorm', (limit) =>
    shortening((delta) => div(limit, max(globalNorm(delta), 1e-300)))),
  clip('each always as long as the limit', 'identity inside', 'norm', (limit) =>
    eachAlone((d) => mul(d, div(limit, max(lengthOf(d), 1e-300))))),
  clip('tanh for a clip', 'identity inside', 'value', (limit) => eachAlone((d) => mul(limit, tanh(div(d, limit))))),
  clip('the sign is lost', 'direction', 'value', (limit) => chain(clipByValue(limit), eachAlone(abs))),
  clip('bent to the box', 'direction', 'norm', clipByValue),
  clip('bent to each ball', 'direction', 'globalNorm', clipByNorm),

  mask('the others', 'covers exactly what it names', (chosen, transform) => masked(not(chosen), transform)),
  mask('the rest becomes 0', 'covers exactly what it names', (chosen, transform) =>
    chain(masked(not(chosen), stateless(spec('zero'), (delta) => each(delta, (d) => mul(0, d)))), masked(chosen, transform))),
  mask('the rest counts in the norm', 'covers exactly what it names', maskedAfter),
  mask('the rest is remembered', 'no memory of the rest', maskedAfter),

  mutant('a gradient of 0 for frozen', 'frozen stays', () => freezeLaws((path) =>
    masked(byPath(path), stateless(spec('zero'), (delta) => each(delta, (d) => mul(0, d))))), 'PyTorch (zeroed gradients decay on)'),
  mutant('frozen by the first letters', 'the rest goes on', () => freezeLaws((first) =>
    freeze(where('prefix', (path) => path.startsWith(first))))),
  mutant('frozen and remembered', 'no memory of what is frozen', () => freezeLaws((path) =>
    gradientTransform(spec('late'), (place) => (delta, weights, rate) => {
      const moved = momentum(0.5).update(place)(delta, weights, rate)
      return { delta: freeze(path).update(place)(delta, weights, rate).delta, slots: moved.slots }
    }))),

  mutant('decay without the learning rate', 'learning rate 0', () => optimizerLaws((rate) => after(
    stateless(spec('decay'), (delta, weights) => each(delta, (d, path) => sub(d, mul(0.1, weights[path].value)))), sgd(rate)))),
  mutant('a rate that counts what was made', 'made twice', () => optimizerLaws(counting())),
  mutant('a rate of chance', 'made twice', () => optimizerLaws((rate) => sgd(mul(Math.random(), rate)))),
  mutant('a jump in the tenth step', 'fixed point', () => descentLaws((rate) => optimizer('jump', rate, {}, chain(
    gradientTransform(spec('jump'), (place) => (delta) => {
      const step = slot(`${place}/step`, [], (before) => add(before, 1))
      return { delta: each(delta, (d) => add(d, select(greater(step.now, 9), 1, 0))), slots: step.slots }
    }), descend)))),
  mutant('uphill from the fifth step on', 'downhill', () => descentLaws(byStep((step) => select(greater(step, 4), -1, 1)))),
  mutant('uphill where the slope is small', 'downhill', () => descentLaws(byStep((_, d) => select(greater(1e-4, abs(d)), -1, 1)))),
  mutant('velocity that begins at 1', 'fixed point', () => descentLaws((rate) => optimizer('momentum', rate, {}, chain(
    gradientTransform(spec('momentum'), (place) => (delta) => {
      const v = remember(place, 'v', delta, (before, d) => add(mul(0.9, before), d), 1)
      return { delta: v.now, slots: v.slots }
    }), descend)))),
  mutant('uphill', 'downhill', () => descentLaws((rate) => optimizer('ascend', rate, {}, stateless(spec('ascend'), (delta, _, eta) =>
    each(delta, (d) => mul(eta, d)))))),

  mutant('decay as a penalty of Adam', 'decays by ∏(1 − ηλ)', () => decayLaws((rate, lambda) => before(addDecay(lambda), adam(rate))),
    'PyTorch (weight_decay of Adam)'),
  mutant('decay inside momentum', 'decays by ∏(1 − ηλ)', () => decayLaws((rate, lambda) =>
    before(addDecay(lambda), sgd(rate, { momentum: 0.9 })))),
  mutant('AdamW decays biases', 'keeps biases', () => decayLaws((rate, weightDecay) =>
    torchAdamW(rate, { weightDecay, where: everything })),
    'PyTorch (weight_decay hits biases and BatchNorm)'),

  mutant('decay λ for the penalty λΣw²', 'penalty = decay', () => penaltyDecayLaws(sgd, (rate, lambda) =>
    before(addDecay(mul(0.5, lambda)), sgd(rate))), 'PyTorch and Keras differ by a factor of 2'),
  mutant('decay of biases for a penalty of kernels', 'penalty = decay', () => penaltyDecayLaws(sgd, (rate, lambda) =>
    before(addDecay(lambda, { where: everything }), sgd(rate))), 'PyTorch (weight_decay hits biases and BatchNorm)'),
  mutant('decay beside momentum', 'penalty = decay', () => penaltyDecayLaws(
    (rate) => sgd(rate, { momentum: 0.9 }), (rate, lambda) => after(decoupledDecay(lambda), sgd(rate, { momentum: 0.9 })))),

  mutant('no root of the second moment', 'scale invariant', () => scaleInvariantLaws(wrongAdam((m, v, c1, c2) =>
    div(div(m, c1), add(div(v, c2), 1e-30))))),
  mutant('Adam without bias correction steps too far', 'first step', () => firstStepLaws(uncorrected), 'js-pytorch'),
  mutant('Adam corrected the wrong way steps too far', 'first step', () => firstStepLaws(multiplied), 'toygrad'),

  goldenMutant('Adam without bias correction', 'opt_adam_keras', uncorrected(adamRate), 'js-pytorch'),
  goldenMutant('Adam that multiplies by the bias correction', 'opt_adam_keras', multiplied(adamRate), 'toygrad'),
  goldenMutant("PyTorch's ε for Keras's", 'opt_adam_keras', torchAdam(adamRate, adamOptions)),
  goldenMutant('ε outside the root of RMSprop', 'opt_rmsprop_keras', torchRmsprop(0.05, { rho: 0.9, epsilon: 1e-7 })),
  goldenMutant('Nesterov for Polyak', 'opt_momentum', sgd(0.03, { momentum: 0.9, nesterov: true })),
  goldenMutant('momentum 1 − μ', 'opt_momentum', sgd(0.03, { momentum: 1 - 0.9 })),
  goldenMutant('descent by η/2', 'opt_sgd', sgd(0.025)),
  goldenMutant('AdamW that decays after its step', 'opt_adamw_keras', optimizer('late', adamRate, {}, chain(
    scaleByAdam(adamOptions), descend, stateless(spec('decay'), (delta, weights, eta) =>
      each(delta, (d, path) => sub(d, mul(eta, 0.05, add(weights[path].value, d))))))))
]
