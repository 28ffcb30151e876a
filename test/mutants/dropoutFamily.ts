/** Mutants of the dropout family: channels, weights, blocks, branches, words, learned rates, pooling. */
import {
  add, broadcast, constant, div, gather, log, max, maxPool, mul, neg, pad, reshape, sigmoid,
  slice, stopGradient, sub, sum, variable, type Expr, type Shape
} from 'tikhonov/expr'
import {
  alphaDropoutWith, concreteDropout, concreteDropoutWith, dropBlock1d, dropBlock2d, dropBlockGamma, dropBlockWith, dropConnect, dropout,
  dropoutWith, featureAlphaDropout, maxPoolExpected, maxPoolingDropout1d, maxPoolingDropout2d, maxPoolKept, spatialDropout1d,
  spatialDropout2d, spatialDropout3d, stochasticDepth, tokenDropout, trainingOnly, wordDropout
} from 'tikhonov/dropout'
import {
  asleepLaws, awakeLaws, concreteDropoutLaws, dropBlockLaws, dropConnectLaws, featureAlphaDropoutLaws, maxPoolingDropoutLaws,
  spatialDropoutLaws, stochasticDepthLaws, tokenDropoutLaws, wordDropoutLaws,
  type ConcreteDropout, type DropBlock, type DropConnect, type Perturbation, type StochasticDepth, type WordDropout
} from 'tikhonov/laws'
import {
  count, joinPath, layer, ofRank, rate as rateCheck, reparametrised, run, same, spec, wrapper, type Layer, type Mode, type Scope
} from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { draws, type Draws } from 'tikhonov/random'
import type { Mutant } from './harness.js'

const oneEdit = 'one edit'
const runs = 10

/** A dropout that differs in the mask that it draws. */
const masked = (check: Layer['rule']['check'], mask: (of: Draws, rate: number, shape: Shape) => Expr): Perturbation => (rate) =>
  trainingOnly({
    spec: spec('masked', { rate }), level: rate, issues: rateCheck('rate', rate), rule: { check },
    perturb: (of, x) => dropoutWith(x, mask(of, rate, x.shape), rate)
  })

/** All decisions are drawn, those at the first place are used. */
const wasteful = (shape: (s: Shape) => Shape) => (of: Draws, rate: number, s: Shape): Expr =>
  slice(of.bernoulli('mask', rate, s), s.map(() => 0), shape(s))

const channels = (s: Shape): Shape => s.map((d, axis) => (axis === 0 || axis === s.length - 1 ? d : 1))
const positions = (s: Shape): Shape => [...s.slice(0, -1), 1]

const image = ofRank(3, 'wants an image')

const shared: readonly Mutant[] = [
  { name: 'channels: a mask of every place, of which one is used', origin: oneEdit, law: 'one draw a channel', runs,
    suite: () => spatialDropoutLaws(masked(image, wasteful(channels))) },
  { name: 'channels: any rank will do', origin: oneEdit, law: 'spatial dropout › another rank is refused', runs,
    suite: () => spatialDropoutLaws(masked(() => undefined, (of, rate, s) => of.bernoulli('mask', rate, channels(s)))) },
  { name: 'channels: single values are dropped', origin: oneEdit, law: 'shared axes share a decision', runs,
    suite: () => spatialDropoutLaws(masked(image, (of, rate, s) => of.bernoulli('mask', rate, s))) },
  { name: 'tokens: a mask of every feature, of which one is used', origin: oneEdit, law: 'one draw a position', runs,
    suite: () => tokenDropoutLaws(masked(ofRank(2, 'wants a sequence'), wasteful(positions))) },
  { name: 'tokens: any rank will do', origin: oneEdit, law: 'token dropout › another rank is refused', runs,
    suite: () => tokenDropoutLaws(masked(() => undefined, (of, rate, s) => of.bernoulli('mask', rate, positions(s)))) },
  { name: 'alpha: channels are dropped value by value', origin: oneEdit, law: 'shared axes share an alpha decision', runs,
    suite: () => featureAlphaDropoutLaws(alpha((of, rate, s) => of.bernoulli('mask', rate, s))) },
  { name: 'alpha: a mask of every place, of which one is used', origin: oneEdit, law: 'feature alpha dropout › one draw a channel', runs,
    suite: () => featureAlphaDropoutLaws(alpha(wasteful(channels))) }
]

const alpha = (mask: (of: Draws, rate: number, shape: Shape) => Expr): Perturbation => (rate) =>
  trainingOnly({
    spec: spec('alpha', { rate }), level: rate, issues: rateCheck('rate', rate),
    perturb: (of, x) => alphaDropoutWith(x, mask(of, rate, x.shape), rate)
  })

/** What becomes of a weight. */
type Weigh = (w: Expr, rate: number, scope: Scope, path: string) => Expr

const drawnFor = (rate: number, { mode }: Scope, path: string, shape: Shape): Expr =>
  (mode._tag === 'Infer' ? broadcast(1, shape) : mode.random.perStep.bernoulli(path, rate, shape))

/** A dropConnect that differs in what becomes of a weight, in training unless it says otherwise. */
const connecting = (weigh: Weigh, { roles = ['kernel' as const], always = false, lax = false }: {
  readonly roles?: readonly ('kernel' | 'bias')[]; readonly always?: boolean; readonly lax?: boolean
} = {}): DropConnect => (rate, of) =>
  wrapper({
    spec: spec('connecting', { rate }), rule: of.rule, issues: rateCheck('rate', rate),
    apply: (scope) => (x) => {
      const asleep = (scope.mode._tag === 'Infer' || rate === 0) && !always
      const output = reparametrised(
        { roles, rewrite: (w, _, path) => ({ weight: asleep ? w : weigh(w, rate, scope, path) }) }, of)(scope)(x)
      return lax ? { ...output, issues: [] } : output
    }
  })

const usual: Weigh = (w, rate, scope, path) => dropoutWith(w, drawnFor(rate, scope, path, w.shape), rate)

const asConnect = (name: string, law: string, make: DropConnect, origin = oneEdit): Mutant =>
  ({ name: `weights: ${name}`, origin, law, runs, suite: () => dropConnectLaws(make) })

const connects: readonly Mutant[] = [
  asConnect('what is kept is not scaled', 'a weight is dropped or scaled',
    connecting((w, rate, scope, path) => mul(w, drawnFor(rate, scope, path, w.shape)))),
  asConnect('nothing is dropped', 'a weight is dropped or scaled', connecting((w) => w), 'grenade'),
  asConnect('biases are dropped too', 'a weight is dropped or scaled', connecting(usual, { roles: ['kernel', 'bias'] }),
    'PyTorch, where weight_decay hits biases'),
  asConnect('rate means keep', 'training is inference in the mean', connecting((w, rate, scope, path) =>
    dropoutWith(w, drawnFor(1 - rate, scope, path, w.shape), rate)), 'stax'),
  asConnect('half the rate is dropped', 'every weight is dropped at the rate', connecting((w, rate, scope, path) =>
    dropoutWith(w, drawnFor(rate / 2, scope, path, w.shape), rate))),
  asConnect('the gradient has a mask of its own', 'the pullback uses the forward’s mask', connecting((w, rate, scope, path) => {
    const backward = usual(w, rate, scope, `${path}/backward`)
    return add(stopGradient(sub(usual(w, rate, scope, path), backward)), backward)
  })),
  asConnect('inference multiplies by p', 'inference is what is wrapped', connecting((w, rate, scope, path) =>
    (scope.mode._tag === 'Infer' ? mul(w, rate) : usual(w, rate, scope, path)), { always: true }), 'ConvNetJS, toygrad, brain.js 2'),
  asConnect('rate 0 becomes a rate of its own', 'level 0 is what is wrapped', connecting((w, rate, scope, path) =>
    (scope.mode._tag === 'Infer' ? w : usual(w, rate === 0 ? 0.5 : rate, scope, path)), { always: true }), 'ml-fnn'),
  asConnect('a mask is drawn at rate 0', 'nothing is drawn in inference, nor at level 0', connecting((w, rate, scope, path) =>
    (scope.mode._tag === 'Infer' ? w : usual(w, rate, scope, path)), { always: true })),
  asConnect('rate 1 is the identity', 'only levels of the range are accepted', (rate, of) => dropConnect(rate === 1 ? 0 : rate, of),
    'TensorFlow.js; Keras, recurrent'),
  asConnect('a fixed seed repeats the mask', 'distinct moments are decided differently', connecting((w, rate, __, path) =>
    dropoutWith(w, draws('initial', path).bernoulli('mask', rate, w.shape), rate)), 'TensorFlow.js'),
  asConnect('a draw that does not know its layer', 'distinct paths are decided differently', connecting((w, rate) =>
    dropoutWith(w, draws('perStep', 'weights').bernoulli('mask', rate, w.shape), rate))),
  asConnect('outputs are dropped instead', 'the examples of a step share its decisions', (rate, of) => wrapper({
    spec: spec('outputs'), rule: of.rule, issues: rateCheck('rate', rate), apply: (scope) => run([of, dropout(rate)])(scope)
  })),
  asConnect('a layer without weights is let pass', 'a layer without weights is refused', connecting(usual, { lax: true }))
]

/** Blocks from the places where they begin, in one dimension. */
type Blocks = (of: Draws, rate: number, b: number, x: Expr) => Expr

const stretch = (starts: Expr, by: number, length: number): Expr =>
  Array.from({ length: by }, (_, i) => pad(starts, [0, i, 0], [starts.shape[0], length, starts.shape[2]])).reduce((a, c) => max(a, c))

const begun = (of: Draws, gamma: number, b: number, [batch, length, width]: Shape): Expr =>
  sub(1, of.bernoulli('blocks', gamma, [batch, length - b + 1, width]))

const gammaOf = (rate: number, b: number, { shape }: Expr): number => Number(dropBlockGamma(rate, b, [shape[1]]))

const keptBy = (of: Draws, rate: number, b: number, x: Expr, gamma = gammaOf(rate, b, x)): Expr =>
  sub(1, stretch(begun(of, gamma, b, x.shape), b, x.shape[1]))

const blocking = (perturb: Blocks, lax: 'size' | 'room' | 'neither' = 'neither'): DropBlock => (rate, b) =>
  trainingOnly({
    spec: spec('blocks', { rate, b }), level: rate, issues: [...rateCheck('rate', rate), ...(lax === 'size' ? [] : count('b', b))],
    rule: lax === 'room' ? same : dropBlock1d(rate, { blockSize: b }).rule, perturb: (of, x) => perturb(of, rate, b, x)
  })

const asBlock = (name: string, law: string, perturb: Blocks, lax?: 'size' | 'room'): Mutant =>
  ({
    name: `blocks: ${name}`, origin: oneEdit, law, runs,
    suite: () => dropBlockLaws(blocking(perturb, lax), { input: [4, 2], blockSize: 3 })
  })

const blocks: readonly Mutant[] = [
  asBlock('single values are dropped', 'what is dropped is made of whole blocks',
    (of, rate, _, x) => dropBlockWith(x, of.bernoulli('mask', rate, x.shape))),
  asBlock('a block is short by one', 'what is dropped is made of whole blocks', (of, rate, b, x) =>
    dropBlockWith(x, sub(1, stretch(begun(of, gammaOf(rate, b, x), Math.max(b - 1, 1), x.shape), Math.max(b - 1, 1), x.shape[1])))),
  asBlock('what is kept is scaled by the rate', 'what is kept is scaled by how much is kept',
    (of, rate, b, x) => dropoutWith(x, keptBy(of, rate, b, x), rate)),
  asBlock('a block begins at the rate', 'a block begins with probability γ',
    (of, rate, b, x) => dropBlockWith(x, keptBy(of, rate, b, x, rate))),
  asBlock('γ without the places where no block fits', 'a block begins with probability γ',
    (of, rate, b, x) => dropBlockWith(x, keptBy(of, rate, b, x, rate / b))),
  asBlock('a block that does not fit is let pass', 'a block larger than a side is refused', (of, rate, b, x) =>
    dropBlockWith(x, keptBy(of, rate, b, x)), 'room'),
  asBlock('a block of half a place is let pass', 'a block is a whole number of places', (of, rate, b, x) =>
    dropBlockWith(x, keptBy(of, rate, b, x)), 'size')
]

/** A branch that differs in what it adds. */
type Branch = (f: Expr, rate: number, mode: Mode) => Expr

const branching = (branch: Branch, lax = false): StochasticDepth => (rate, ...layers) =>
  wrapper({
    spec: spec('branching', { rate }), rule: lax ? same : stochasticDepth(0, ...layers).rule, issues: rateCheck('rate', rate),
    apply: (scope) => (x) => {
      const output = lax ? run(layers)(scope)(x) : stochasticDepth(0, ...layers).apply(scope)(x)
      const f = lax ? output.y : sub(output.y, x)
      return { ...output, y: add(x, scope.mode._tag === 'Infer' || rate === 0 ? f : branch(f, rate, scope.mode)) }
    }
  })

const each = ({ shape }: Expr): Shape => [shape[0], ...shape.slice(1).map(() => 1)]
const decision = (f: Expr, rate: number, mode: Mode, name = 'mask', shape = each(f)): Expr =>
  (mode._tag === 'Infer' ? constant(1) : mode.random.perExample.bernoulli(name, rate, shape))

const asDepth = (name: string, law: string, make: StochasticDepth, origin = oneEdit): Mutant =>
  ({ name: `depth: ${name}`, origin, law, runs, suite: () => stochasticDepthLaws(make) })

const depths: readonly Mutant[] = [
  asDepth('values are dropped one by one', 'all or nothing',
    branching((f, rate, mode) => dropoutWith(f, decision(f, rate, mode, 'mask', f.shape), rate))),
  asDepth('no branch is dropped', 'all or nothing', branching((f) => f), 'grenade'),
  asDepth('rate means keep', 'an example skips at the rate',
    branching((f, rate, mode) => dropoutWith(f, decision(f, 1 - rate, mode), 1 - rate)), 'stax'),
  asDepth('neither training nor inference is scaled', 'training is inference in the mean',
    branching((f, rate, mode) => mul(f, decision(f, rate, mode)))),
  asDepth('the gradient has a decision of its own', 'the pullback uses the forward’s decision', branching((f, rate, mode) => {
    const backward = dropoutWith(f, decision(f, rate, mode, 'backward'), rate)
    return add(stopGradient(sub(dropoutWith(f, decision(f, rate, mode), rate), backward)), backward)
  })),
  asDepth('one decision for a batch', 'each example is decided by itself', branching((f, rate, mode) =>
    (mode._tag === 'Infer' ? f : dropoutWith(f, mode.random.perStep.bernoulli('mask', rate, []), rate)))),
  asDepth('an example’s fate hangs on its neighbours', 'an example depends on itself alone', branching((f, rate, mode) =>
    (mode._tag === 'Infer' ? f : mul(f, div(decision(f, rate, mode), max(div(sum(decision(f, rate, mode)), f.shape[0]), 0.1)))))),
  asDepth('a branch of one value is stretched', 'layers that change the shape are refused',
    branching((f, rate, mode) => dropoutWith(f, decision(f, rate, mode), rate), true))
]

/** A word dropout that differs in its mask, of [batch, positions], given the numbers of words. */
type Fates = (of: Draws, rate: number, numbers: Expr) => Expr

const perWord = (of: Draws, rate: number, numbers: Expr, name = 'mask'): Expr => {
  const [batch, time] = numbers.shape
  const words = 5
  const rows = constant(Array.from({ length: batch }, (_, r) => r * words), [batch, 1])
  return reshape(gather(reshape(of.bernoulli(name, rate, [batch, words]), [batch * words]), add(numbers, rows)), [batch, time, 1])
}

const wording = (fates: Fates, scale: (y: Expr, keep: Expr, rate: number) => Expr = dropoutWith): WordDropout => (rate, of) =>
  wrapper({
    spec: spec('wording', { rate }), rule: of.rule, issues: rateCheck('rate', rate),
    apply: (scope) => (x) => {
      const output = wordDropout(0, of).apply(scope)(x)
      return scope.mode._tag === 'Infer' || rate === 0 || output.issues.length > 0 ? output
        : { ...output, y: scale(output.y, fates(scope.mode.random.perExample, rate, x), rate) }
    }
  })

const asWord = (name: string, law: string, make: WordDropout, origin = oneEdit): Mutant =>
  ({ name: `words: ${name}`, origin, law, runs, suite: () => wordDropoutLaws(make) })

const wordMutants: readonly Mutant[] = [
  asWord('tokens are dropped one by one', 'a word has one fate in an example',
    wording((of, rate, numbers) => of.bernoulli('mask', rate, [...numbers.shape, 1]))),
  asWord('nothing is dropped', 'a word is dropped or scaled', wording((_, __, numbers) => broadcast(1, [...numbers.shape, 1])), 'grenade'),
  asWord('half the rate is dropped', 'every word is dropped at the rate', wording((of, rate, numbers) => perWord(of, rate / 2, numbers))),
  asWord('one decision for all words', 'words are decided independently', wording((of, rate, numbers) =>
    reshape(broadcast(of.bernoulli('mask', rate, [numbers.shape[0], 1]), numbers.shape), [...numbers.shape, 1]))),
  asWord('what is kept is not scaled', 'training is inference in the mean', wording(perWord, (y, keep) => mul(y, keep))),
  asWord('the gradient has a mask of its own', 'the pullback uses the forward’s mask',
    (rate, of) => wrapper({
      spec: spec('two masks'), rule: of.rule, issues: rateCheck('rate', rate),
      apply: (scope) => (x) => {
        const output = wordDropout(0, of).apply(scope)(x)
        if (scope.mode._tag === 'Infer' || rate === 0 || output.issues.length > 0) return output
        const { perExample } = scope.mode.random
        const backward = dropoutWith(output.y, perWord(perExample, rate, x, 'backward'), rate)
        return { ...output, y: add(stopGradient(sub(dropoutWith(output.y, perWord(perExample, rate, x), rate), backward)), backward) }
      }
    })),
  asWord('a layer that looks nothing up is dropped as if it did', 'a layer that looks nothing up is refused', (rate, of) => wrapper({
    spec: spec('lax'), rule: of.rule, issues: rateCheck('rate', rate),
    apply: (scope) => (x) => ({ ...wordDropout(rate, of).apply(scope)(x), issues: [] })
  }))
]

type Options = Parameters<ConcreteDropout>[1]

/** What concrete dropout makes of an input. */
type Relaxed = (x: Expr, u: Expr, logit: Expr, temperature: number) => Expr

/** A concrete dropout that differs in its mask. */
const relaxing = (seen: Relaxed): ConcreteDropout => (of, options) => {
  const right = concreteDropout(of, options)
  return {
    ...right,
    apply: (scope) => (x) => {
      const output = right.apply(scope)(x)
      if (scope.mode._tag === 'Infer') return output
      const u = scope.mode.random.perExample.uniform('noise', x.shape)
      const inner = run([of])(scope)(seen(x, u, variable(joinPath(scope.path, 'logit'), []), options.temperature ?? 0.1))
      return { ...output, y: inner.y }
    }
  }
}

const optioned = (change: (options: Options) => Options): ConcreteDropout => (of, options) => concreteDropout(of, change(options))

const asConcrete = (name: string, law: string, make: ConcreteDropout): Mutant =>
  ({ name: `concrete: ${name}`, origin: oneEdit, law, runs, suite: () => concreteDropoutLaws(make) })

const concretes: readonly Mutant[] = [
  asConcrete('p is the probability to keep', 'a mask is below ½ with probability p', relaxing((x, u, logit, t) =>
    mul(x, sigmoid(div(add(logit, sub(log(u), log(sub(1, u)))), t)), div(1, sigmoid(neg(logit)))))),
  asConcrete('the temperature is a constant', 'a mask is as soft as its temperature', optioned((o) => ({ ...o, temperature: 0.5 }))),
  asConcrete('the mask is hard', 'a mask is as soft as its temperature', optioned((o) => ({ ...o, temperature: 1e-4 }))),
  asConcrete('the kept are scaled by 1/p', 'as p → 0 nothing is dropped', relaxing((x, u, logit, t) =>
    mul(concreteDropoutWith(x, u, logit, t), div(sigmoid(neg(logit)), sigmoid(logit))))),
  asConcrete('the rate is not learned through the mask', 'the gradient by the rate is the derivative',
    relaxing((x, u, logit, t) => concreteDropoutWith(x, u, stopGradient(logit), t))),
  asConcrete('the gradient has noise of its own', 'the pullback uses the forward’s mask', relaxing((x, u, logit, t) => {
    const backward = concreteDropoutWith(x, sub(1, u), logit, t)
    return add(stopGradient(sub(concreteDropoutWith(x, u, logit, t), backward)), backward)
  })),
  asConcrete('the entropy with the wrong sign', 'the penalties are those of the paper', (of, o) => {
    const right = concreteDropout(of, o)
    return {
      ...right,
      apply: (scope) => (x) => {
        const output = right.apply(scope)(x)
        const { [joinPath(scope.path, 'entropy')]: entropy, ...others } = output.penalties
        return entropy === undefined ? output : { ...output, penalties: { ...others, entropy: neg(entropy) } }
      }
    }
  }),
  asConcrete('a temperature of 0 becomes one of its own', 'temperatures and strengths out of range are issues',
    optioned((o) => (o.temperature === 0 ? { ...o, temperature: 0.1 } : o)))
]

/** What training makes of a mask, and inference of a rate. */
type Pooled = (x: Expr, keep: Expr) => Expr
type Rest = (x: Expr, rate: number) => Expr

/** A max-pooling dropout of one region that differs in training and in inference. */
const pooling = (train: Pooled, rest: Rest): Perturbation => (rate) => {
  const right = maxPoolingDropout1d(rate, { poolSize: 3 })
  return layer({
    spec: right.spec, rule: right.rule, issues: rateCheck('rate', rate),
    apply: (_, { mode }) => (x) =>
      x.shape.length !== 3 ? right.apply({ path: '', mode })(x).y
      : mode._tag === 'Infer' ? rest(x, rate) : rate === 0 ? rest(x, 0) : train(x, mode.random.perExample.bernoulli('mask', rate, x.shape))
  })
}

const region = { size: [3], strides: [3] }
const asPool = (name: string, law: string, train: Pooled, rest: Rest, origin = oneEdit): Mutant =>
  ({ name: `pooling: ${name}`, origin, law, runs, suite: () => maxPoolingDropoutLaws(pooling(train, rest), { input: [3, 1] }) })

const kept: Pooled = (x, keep) => maxPoolKept(x, keep, region)
const expected: Rest = (x, rate) => (rate === 0 ? maxPool(x, region) : maxPoolExpected(x, region, rate))

const pools: readonly Mutant[] = [
  asPool('what is dropped counts as 0', 'training is the largest value that is kept',
    (x, keep) => maxPool(mul(x, keep), region), expected),
  asPool('pooling before dropout', 'training is the largest value that is kept',
    (x, keep) => mul(maxPool(x, region), maxPool(keep, region)), expected),
  asPool('inference is max pooling, scaled', 'inference is the mean over all masks', kept,
    (x, rate) => mul(maxPool(x, region), 1 - rate), 'max pooling after dropout, as most do it'),
  asPool('inference multiplies by p where it should by 1 − p', 'inference is the mean over all masks', kept,
    (x, rate) => (rate === 0 ? maxPool(x, region) : maxPoolExpected(x, region, 1 - rate)), 'ConvNetJS, toygrad, brain.js 2'),
  asPool('rate 0 pools the mean', 'rate 0 is max pooling', kept,
    (x, rate) => (rate === 0 ? div(sum(x, [1]), 3) : expected(x, rate))),
  asPool('the gradient goes to the largest of all', 'the gradient goes to the largest that is kept', (x, keep) => {
    const all = maxPool(x, region)
    return add(all, stopGradient(sub(kept(x, keep), all)))
  }, expected)
]

export const mutants: readonly Mutant[] = [...shared, ...connects, ...blocks, ...depths, ...wordMutants, ...concretes, ...pools]

export const suites = [
  spatialDropoutLaws((rate) => spatialDropout1d(rate), { input: [4, 3] }),
  spatialDropoutLaws((rate) => spatialDropout2d(rate)),
  spatialDropoutLaws((rate) => spatialDropout3d(rate), { input: [2, 1, 2, 3] }),
  tokenDropoutLaws((rate) => tokenDropout(rate)),
  featureAlphaDropoutLaws((rate) => featureAlphaDropout(rate)),
  awakeLaws((rate) => dropConnect(rate, dense(2)), { input: [4], accepted: [0.5, 0], refused: [1], by: 'step' }),
  asleepLaws((rate) => dropConnect(rate, dense(2)), dense(2), { input: [4], accepted: [0.5, 0], refused: [1], by: 'step' }),
  dropConnectLaws((rate, of) => dropConnect(rate, of)),
  dropBlockLaws((rate, blockSize) => dropBlock1d(rate, { blockSize }), { input: [8, 2], blockSize: 3 }),
  dropBlockLaws((rate, blockSize) => dropBlock2d(rate, { blockSize }), { input: [4, 5, 2], blockSize: 2 }),
  stochasticDepthLaws((rate, ...layers) => stochasticDepth(rate, ...layers)),
  wordDropoutLaws((rate, of) => wordDropout(rate, of)),
  concreteDropoutLaws((of, options) => concreteDropout(of, options)),
  maxPoolingDropoutLaws((rate) => maxPoolingDropout1d(rate, { poolSize: 3 }), { input: [3, 1] }),
  maxPoolingDropoutLaws((rate) => maxPoolingDropout2d(rate), { input: [2, 2, 1] })
]
