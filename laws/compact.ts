/** Laws of making a model smaller. */
import { either as E, function as F } from 'fp-ts'
import fc from 'fast-check'
import { dropout } from 'tikhonov/dropout'
import { reference } from 'tikhonov/engine'
import { evaluate } from 'tikhonov/expr'
import { randomUniform } from 'tikhonov/initializers'
import { showIssue, type ByPath, type Declaration, type Layer } from 'tikhonov/layer'
import {
  activation, averagePooling2d, batchNormalization, conv2d, dense, depthwiseConv2d, flatten, globalMaxPooling2d, linear, maxPooling2d, relu,
  residual
} from 'tikhonov/layers'
import {
  declarations, predict, sequential, summary, type compact as correct, type Compacted, type CompactOptions, type Model
} from 'tikhonov/model'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { seed } from './arbitraries/index.js'
import { about, every, law, same, suite, type Outcome, type Suite } from './kit/index.js'
import { sizeOf } from './perturbation.js'

/** What makes a model smaller. */
export type Compacting = (model: Model, values: ByPath<Tensor>, options: CompactOptions) => ReturnType<typeof correct<readonly number[]>>

type Numbers = readonly number[]

/** Numbers of a purpose in quarters, 0 ≤ n/4 ≤ most: sums of products of a few of them are exact in float64. */
const quarters = (of: number, purpose: string, size: number, most: number): Numbers =>
  evaluate(randomUniform({ min: 0, max: 1 }).initial([size])(purpose), {}, { seed: of }).map((u) => Math.floor(u * (4 * most + 1)) / 4)

/** Which of so many are alive: three in four. */
const alive = (of: number, purpose: string, size: number): readonly boolean[] => quarters(of, purpose, size, 1).map((u) => u > 0.25)

/** Quarters between −1 and 1, of which whole units, whole inputs and single weights are zero. */
const sparse = (of: number) => ({ shape, role }: Declaration, path: string): Tensor => {
  const [inputs, units] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1]
  const [read, made] = [alive(of, `${path}/inputs`, inputs), alive(of, `${path}/units`, units)]
  const weights = quarters(of, path, sizeOf(shape), 2).map((u) => u - 1)
  const stays = (i: number): boolean => (shape.length === 1 || read[Math.floor(i / units) % inputs]) && (role === 'bias' || made[i % units])
  return tensor(Float64Array.from(weights, (w, i) => (stays(i) ? w : 0)), shape)
}

const full = ({ shape }: { readonly shape: Numbers }, path: string): Tensor =>
  tensor(Float64Array.from(quarters(1, path, sizeOf(shape), 2), (u) => u - 0.875), shape)

/** Variances that make √(variance + 1/4) a power of two, and means. */
const statistics = (of: number) => ({ shape }: { readonly shape: Numbers }, path: string): Tensor => tensor(
  Float64Array.from(quarters(of, path, sizeOf(shape), 2), (u) => (path.endsWith('Variance') ? [0, 0.75, 3.75][Math.floor(u * 4) % 3] : u)),
  shape)

const valuesOf = (model: Model, learned: (of: Declaration, path: string) => Tensor, of: number): ByPath<Tensor> => {
  const { parameters, state } = declarations(model)
  const moving = statistics(of)
  return {
    ...Object.fromEntries(Object.entries(parameters).map(([path, d]) => [path, learned(d, path)])),
    ...Object.fromEntries(Object.entries(state).map(([path, d]) => [path, moving(d, path)]))
  }
}

const activations = fc.constantFrom(relu, linear)
const options = fc.record({
  activation: activations, useBias: fc.constantFrom(true, true, false),
  padding: fc.constantFrom('valid' as const, 'same' as const)
})
const units = fc.integer({ min: 1, max: 4 })

/** One to three layers that keep images 5 pixels high and wide wide enough for those after them. */
const image: fc.Arbitrary<readonly Layer[]> = fc.oneof(
  fc.tuple(units, options).map(([filters, o]) => [conv2d(filters, 2, o)]),
  fc.tuple(fc.integer({ min: 1, max: 2 }), options).map(([depthMultiplier, o]) => [depthwiseConv2d(2, { ...o, depthMultiplier })]),
  fc.tuple(units, options).map(([filters, o]) =>
    [conv2d(filters, 1, o), residual(conv2d(3, 1, { activation: relu }), conv2d(filters, 2, { padding: 'same' }))]),
  fc.constantFrom(
    [batchNormalization({ epsilon: 0.25 })], [activation(relu)], [dropout(0.5)],
    [maxPooling2d(2, { strides: 1, padding: 'same' })], [averagePooling2d(2, { strides: 1 })]
  )
)

const flat: fc.Arbitrary<readonly Layer[]> = fc.oneof(
  fc.tuple(units, options).map(([n, { activation: of, useBias }]) => [dense(n, { activation: of, useBias })]),
  fc.constantFrom([batchNormalization({ epsilon: 0.25 })], [activation(relu)], [dropout(0.5)])
)

const modelOf = (input: Numbers, layers: readonly Layer[]): readonly Model[] =>
  F.pipe(sequential(input, ...layers), E.match(() => [], (model) => [model]))

const chained = (input: Numbers, ...rows: readonly fc.Arbitrary<readonly (readonly Layer[])[]>[]): fc.Arbitrary<Model> =>
  fc.tuple(...rows).map((parts) => modelOf(input, parts.flat(2))).filter((made) => made.length === 1).map(([model]) => model)

/** Networks over images of two channels, and over four features. */
const networks = fc.oneof(
  chained([5, 5, 2], fc.array(image, { minLength: 1, maxLength: 3 }), fc.constantFrom([[flatten]], [[globalMaxPooling2d]]),
    fc.array(flat, { maxLength: 2 }), fc.constant([[dense(2)]])),
  chained([4], fc.array(flat, { maxLength: 4 }), fc.constant([[dense(2)]]))
)

/** Through what a dead unit is followed: layers between a convolution of images of two channels and the output. */
const ways: readonly (readonly [string, readonly Layer[]])[] = [
  ['into a bias', [flatten, dense(3, { activation: relu })]],
  ['where a convolution sees zeros', [conv2d(2, 2, { padding: 'same' }), flatten]],
  ['through batch normalisation', [batchNormalization({ epsilon: 0.25 }), globalMaxPooling2d]],
  ['through pooling and flatten', [maxPooling2d(2, { strides: 1 }), averagePooling2d(2, { strides: 1 }), dropout(0.5), flatten]],
  ['through depthwise convolution', [depthwiseConv2d(2, { depthMultiplier: 2, activation: relu }), flatten]],
  ['around a residual block', [residual(conv2d(3, 1, { activation: relu }), conv2d(4, 1)), activation(relu), globalMaxPooling2d]]
]

/** Dense networks of two to four layers, whose dead units can all go. */
const perceptrons = fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 1, maxLength: 3 }).chain((widths) =>
  chained([4], fc.constant(widths.map((n) => [dense(n, { activation: relu })])), fc.constant([[dense(2)]])))

const either = fc.oneof({ arbitrary: perceptrons, weight: 3 }, { arbitrary: networks, weight: 1 })

const parameters = (model: Model): number => summary(model).parameters

const predicted = (model: Model, values: ByPath<Tensor>, x: Tensor): Numbers | string => F.pipe(
  predict(model, values, reference())(x),
  E.match((issues): Numbers | string => issues.map(showIssue).join('; '), ({ data }) => Array.from(data))
)

const examples = (of: number, { input }: Model): Tensor =>
  tensor(Float64Array.from(quarters(of, 'x', 3 * sizeOf(input), 4), (u) => u - 2), [3, ...input])

/** The given places along the last axis. */
const places = ({ data, shape }: Tensor, kept: Numbers): Tensor => {
  const size = shape.at(-1) ?? 1
  return tensor(Float64Array.from(Array.from(data).filter((_, i) => kept.includes(i % size))), [...shape.slice(0, -1), kept.length])
}

const isZero = (x: number): boolean => x === 0

/** Whether a hidden unit of a dense network has no outgoing weight, or no incoming one. */
const dead = ({ model, values }: Compacted): readonly string[] => model.layers.slice(1).flatMap((_, k) => {
  const [into, out] = [values[`dense/${k}/kernel`], values[`dense/${k + 1}/kernel`]]
  const [width, next] = [into.shape[1], out.shape[1]]
  const incoming = (unit: number) => into.data.filter((__, i) => i % width === unit)
  const outgoing = (unit: number) => out.data.subarray(unit * next, (unit + 1) * next)
  return width === 1 ? [] : Array.from({ length: width }, (__, unit) => unit)
    .filter((unit) => incoming(unit).every(isZero) || outgoing(unit).every(isZero)).map((unit) => `unit ${unit} of dense/${k}`)
})

/**
 * What making a model smaller obeys, tried on networks with units, filters and inputs whose weights are zero, in numbers whose sums are
 * exact: predictions stay bit for bit; no dense unit without incoming or outgoing weights is left; what is gone is told; what was made
 * smaller cannot be made smaller again, and what has no zeros stays the very same; inputs that are not told to be read are not read.
 *
 * @example
 * ```ts
 * import { check, compactLaws } from 'tikhonov/laws'
 * import { compact } from 'tikhonov/model'
 * check(compactLaws(compact), { runs: 20 }).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const compactLaws = (compact: Compacting): Suite => {
  const of = (model: Model, values: ByPath<Tensor>, said: (c: Compacted) => Outcome, told: CompactOptions = {}): Outcome =>
    F.pipe(compact(model, values, told), E.match((issues) => `refused: ${issues.map(showIssue).join('; ')}`, said))
  const zeros = (model: Model, at: number): ByPath<Tensor> => valuesOf(model, sparse(at), at)
  const kept = (model: Model, at: number): Outcome => {
    const [values, x] = [zeros(model, at), examples(at, model)]
    return of(model, values, (c) => same(predicted(c.model, c.values, x), predicted(model, values, x)))
  }
  const few = { mostRuns: 30 }
  return suite('compact', compact, [
    ...ways.map(([name, layers]) => law(`keeps its predictions ${name}`, 'f′(x) = f(x)', [activations, seed()], (how, at) =>
      every(...modelOf([4, 4, 2], [conv2d(4, 2, { activation: how }), ...layers, dense(2)]).map((model) => kept(model, at))), few)),
    law('keeps its predictions in any order of layers', 'f′(x) = f(x)', [networks, seed()], kept, few),
    law('removes what is dead', 'no hidden unit has incoming or outgoing weights that are all 0, but for the last of a layer',
      [perceptrons, seed()], (model, at) => of(model, zeros(model, at), (c) => same(dead(c), [])), few),
    law('tells what is gone', 'fewer parameters if and only if units are told to be gone; never more', [perceptrons, seed()], (model, at) =>
      of(model, zeros(model, at), (c) =>
        same(Math.sign(parameters(model) - parameters(c.model)), Object.keys(c.removed).length > 0 ? 1 : 0)), few),
    law('is idempotent', 'f″ is f′', [either, seed()], (model, at) => of(model, zeros(model, at), (c) =>
      of(c.model, c.values, (again) => same([again.removed, again.model === c.model], [{}, true]))), few),
    law('leaves a model without zeros', 'no weight is 0 ⇒ f′ is f', [networks], (model) => {
      const values = valuesOf(model, full, 1)
      return of(model, values, (c) => same([c.model === model, c.values === values], [true, true]))
    }, few),
    law('knows the inputs that are read', 'f(x) = f(y) where x and y agree on them; removed, f′(x on them) = f(x)', [perceptrons, seed()],
      (model, at) => {
        const [values, x] = [zeros(model, at), examples(at, model)]
        const size = model.input.at(-1) ?? 1
        return of(model, values, (c) => {
          const other = { ...x, data: x.data.map((v, i) => (c.inputs.includes(i % size) ? v : v + 1)) }
          return every(
            about('not read', same(predicted(model, values, other), predicted(model, values, x))),
            about('removed', same(predicted(c.model, c.values, places(x, c.inputs)), predicted(model, values, x)))
          )
        }, { inputs: 'remove' })
      }, few)
  ])
}
