/** What the types of `sequential` and `andThen` promise, checked by tsc. The values are run too: types and run time say the same. */
import { either as E } from 'fp-ts'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { dropout } from 'tikhonov/dropout'
import { broadcast, type Shape } from 'tikhonov/expr'
import { layer, ofRank, showIssue, spec } from 'tikhonov/layer'
import type { Apply, Fits, Given, Known, Layer, RowOutput, SameRule, ShapeRule, Show, SizeAt, Unapplied } from 'tikhonov/layer'
import { activation, dense, flatten, relu as reluOf, reshape, type DenseRule } from 'tikhonov/layers'
import { andThen, sequential, type Model, type ModelError, type Part } from 'tikhonov/model'
import type { Product, Times } from '../../src/layer/product.js'

const relu = activation(reluOf)

// Sizes, shapes and rows that the compiler does not know.
const n: number = 5
const someShape: Shape = [60]
const someLayers: readonly Layer[] = [dense(7), relu]
const coin: boolean = Math.abs(1) > 0

/** The model of a composition that must succeed. */
const built = <A>(m: E.Either<readonly ModelError[], A>): A => {
  if (E.isLeft(m)) throw new Error(m.left.map(showIssue).join('; '))
  return m.right
}
/** The first message of a composition that must fail at run time as well. */
const refused = (m: E.Either<readonly ModelError[], unknown>): string | undefined => E.isLeft(m) ? m.left[0]?.allowed : undefined

/** A layer of zeros that has a rule and gives the shape it says: what matters here is what fits. */
const stub = <R extends ShapeRule>(kind: string, rule: R, output: (s: Shape) => Shape): Layer<R> =>
  layer({ spec: spec(kind), rule, apply: () => (x) => broadcast(0, [1, ...output(x.shape.slice(1))]) })

/** An input of one shape, which passes: `number` in S is any size. */
interface ExpectsRule<S extends Shape> extends ShapeRule {
  readonly output?: Given<this['input'], S, Known<this['input'], S>, `an input of shape ${Show<S>} is needed`>
}
const expects = <const S extends Shape>(s: S): Layer<ExpectsRule<S>> => stub('expects', {
  check: (found) => found.length === s.length && found.every((d, i) => d === s[i]) ? undefined
    : `an input of shape [${s.join(', ')}] is needed, found [${found.join(', ')}]`
}, () => s)

// Rules of a user's own layers, each in a few lines.
const conv2dNeeds = 'conv2d needs an input of rank 3 [height, width, channels]'
interface Conv2dRule<F extends number> extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number, number], readonly [number, number, F], typeof conv2dNeeds>
}
const conv2dRule = <F extends number>(): Conv2dRule<F> => ({ check: ofRank(3, conv2dNeeds) })
const conv2d = <const F extends number>(filters: F): Layer<Conv2dRule<F>> =>
  stub('conv2d', conv2dRule<F>(), ([h = 0, w = 0]) => [h - 2, w - 2, filters])

const lstmNeeds = 'lstm needs an input of rank 2 [time, features]'
interface LstmRule<U extends number> extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number], readonly [U], typeof lstmNeeds>
}
const lstmRule = <U extends number>(): LstmRule<U> => ({ check: ofRank(2, lstmNeeds) })
const lstm = <const U extends number>(units: U): Layer<LstmRule<U>> => stub('lstm', lstmRule<U>(), () => [units])

const meanNeeds = 'channelMean needs an input of rank 3 [height, width, channels]'
interface ChannelMeanRule extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number, number], readonly [SizeAt<this['input'], 2>], typeof meanNeeds>
}
const channelMeanRule: ChannelMeanRule = { check: ofRank(3, meanNeeds) }
const channelMean = stub('channelMean', channelMeanRule, ([, , c = 0]) => [c])

/** A layer that holds layers: they must give back the shape they are given. */
interface ResidualRule<L extends readonly unknown[]> extends ShapeRule {
  readonly output?: this['input'] extends Shape ? Kept<this['input'], RowOutput<this['input'], L>> : Unapplied<L>
}
type Kept<S extends Shape, O> =
  O extends Shape ? Fits<O, S> extends true ? S : `residual needs layers that keep the shape ${Show<S>}, found ${Show<O>}` : O
const residual = <L extends readonly Layer[]>(...layers: L): Layer<ResidualRule<L>> => stub('residual', {
  check: (s) => {
    const inner = sequential<Shape, readonly Part[]>(s, ...layers)
    return E.isLeft(inner) ? inner.left[0].allowed : inner.right.output.join() === s.join() ? undefined
      : `residual needs layers that keep the shape [${s.join(', ')}], found [${inner.right.output.join(', ')}]`
  }
}, (s) => s)

describe('what is inferred', () => {
  test('literal sizes flow without `as const`', () => {
    expectTypeOf(built(sequential([60], dense(60), dropout(.2), dense(1)))).toEqualTypeOf<Model<readonly [60], readonly [1]>>()
    expectTypeOf(built(sequential([60]))).toEqualTypeOf<Model<readonly [60], readonly [60]>>()
    expectTypeOf(built(sequential([8, 3], dense(4)))).toEqualTypeOf<Model<readonly [8, 3], readonly [8, 4]>>()
  })
  test('flatten multiplies literal sizes, reshape takes the shape it is given', () => {
    expectTypeOf(built(sequential([28, 28, 3], relu, flatten))).toEqualTypeOf<Model<readonly [28, 28, 3], readonly [2352]>>()
    expectTypeOf(built(sequential([784], reshape([28, 28, 1]), conv2d(8))))
      .toEqualTypeOf<Model<readonly [784], readonly [number, number, 8]>>()
    expectTypeOf<Product<readonly []>>().toEqualTypeOf<1>()
    expectTypeOf<Times<1024, 65536>>().toEqualTypeOf<67108864>()
    expectTypeOf<Times<98765, 43210798>>().toEqualTypeOf<4267714464470>()
    expectTypeOf<Times<0, 12>>().toEqualTypeOf<0>()
    expectTypeOf<Times<2.5, 4>>().toEqualTypeOf<number>()
    expectTypeOf<Times<9007199254740991, 3>>().toEqualTypeOf<number>()
  })
  test('sizes of type number flow as number', () => {
    expectTypeOf(built(sequential([n], dense(n)))).toEqualTypeOf<Model<readonly [number], readonly [number]>>()
    expectTypeOf(built(sequential([28, n], flatten))).toEqualTypeOf<Model<readonly [28, number], readonly [number]>>()
    expectTypeOf(built(sequential([28, 28, 1], conv2d(8), flatten, dense(10)))).toEqualTypeOf<Model<readonly [28, 28, 1], readonly [10]>>()
    expectTypeOf(built(sequential([5], expects([n])))).toEqualTypeOf<Model<readonly [5], readonly [5]>>()
    expectTypeOf(built(sequential([n], expects([5])))).toEqualTypeOf<Model<readonly [number], readonly [5]>>()
    expectTypeOf(built(sequential([n, 4], reshape([10, 2])))).toEqualTypeOf<Model<readonly [number, 4], readonly [10, 2]>>()
  })
  test('an input of unknown rank compiles, and what layers make certain is certain again', () => {
    expectTypeOf(built(sequential(someShape, relu))).toEqualTypeOf<Model<Shape, Shape>>()
    expectTypeOf(built(sequential(someShape, dense(3)))).toEqualTypeOf<Model<Shape, readonly [...number[], 3]>>()
    expectTypeOf(built(sequential(someShape, dense(3), dense(4)))).toEqualTypeOf<Model<Shape, readonly [...number[], 4]>>()
    expectTypeOf(built(sequential(someShape, flatten, dense(2)))).toEqualTypeOf<Model<Shape, readonly [2]>>()
    expectTypeOf(sequential(someShape, lstm(2))).extract<E.Right<unknown>>().toEqualTypeOf<E.Right<Model<Shape, readonly [2]>>>()
    expect(refused(sequential(someShape, lstm(2)))).toBe('lstm needs an input of rank 2 [time, features], found [60]')
  })
  test('layers as values: a spread array, alone, in front and in the middle', () => {
    expectTypeOf(built(sequential([60], ...someLayers))).toEqualTypeOf<Model<readonly [60], Shape>>()
    expectTypeOf(built(sequential([60], ...someLayers, dense(1)))).toEqualTypeOf<Model<readonly [60], readonly [...number[], 1]>>()
    expectTypeOf(built(sequential([60], dense(9), ...someLayers, flatten, relu))).toEqualTypeOf<Model<readonly [60], readonly [number]>>()
    const block = [dense(3), relu] as const
    expectTypeOf(built(sequential([60], ...block, dense(2)))).toEqualTypeOf<Model<readonly [60], readonly [2]>>()
    const loose = [dense(3), relu]
    expectTypeOf(built(sequential([60], ...loose))).toEqualTypeOf<Model<readonly [60], Shape>>()
  })
  test('a choice between two layers gives either shape; neither is lost', () => {
    expectTypeOf(built(sequential([60], coin ? dense(3) : relu))).toEqualTypeOf<Model<readonly [60], readonly [3] | readonly [60]>>()
    expectTypeOf(built(sequential([60], coin ? dense(3) : dense(4)))).toEqualTypeOf<Model<readonly [60], readonly [3] | readonly [4]>>()
    expectTypeOf(built(sequential([2, 3], coin ? flatten : relu))).toEqualTypeOf<Model<readonly [2, 3], readonly [6] | readonly [2, 3]>>()
    expectTypeOf(built(sequential([2, 3], coin ? flatten : relu, dense(1))))
      .toEqualTypeOf<Model<readonly [2, 3], readonly [1] | readonly [2, 1]>>()
  })
  test('sixty layers', () => {
    const m = built(sequential([60],
      dense(1), relu, dense(2), relu, dense(3), relu, dense(4), relu, dense(5), relu, dense(6), relu,
      dense(7), relu, dense(8), relu, dense(9), relu, dense(10), relu, dense(11), relu, dense(12), relu,
      dense(13), relu, dense(14), relu, dense(15), relu, dense(16), relu, dense(17), relu, dense(18), relu,
      dense(19), relu, dense(20), relu, dense(21), relu, dense(22), relu, dense(23), relu, dense(24), relu,
      dense(25), relu, dense(26), relu, dense(27), relu, dense(28), relu, dense(29), relu, dense(30), relu
    ))
    expectTypeOf(m).toEqualTypeOf<Model<readonly [60], readonly [30]>>()
    expect(m.layers.length).toBe(60)
  })
  test('functions over sizes and rows', () => {
    const head = (layers: readonly Layer[], units: number) => sequential([60], ...layers, dense(units))
    expectTypeOf(built(head(someLayers, 3))).toEqualTypeOf<Model<readonly [60], readonly [...number[], number]>>()
    // In a generic body a rule over a type parameter is not decided yet; naming the row `readonly Part[]` leaves it to the run-time check.
    const generic = <const I extends Shape>(input: I) => sequential<I, readonly Part[]>(input, dense(3), relu)
    expectTypeOf(built(generic([60]))).toEqualTypeOf<Model<readonly [60], Shape>>()
  })
  test('any layer is a Layer, any model a Model, any rule a ShapeRule', () => {
    expectTypeOf(dense(3)).toExtend<Layer>()
    expectTypeOf<Model<readonly [60], readonly [1]>>().toExtend<Model>()
    expectTypeOf<ResidualRule<[Layer<SameRule>]>>().toExtend<ShapeRule>()
    expectTypeOf<Apply<ShapeRule, readonly [3]>>().toEqualTypeOf<Shape>()
    expectTypeOf<Apply<DenseRule<3>, readonly []>>().toEqualTypeOf<'dense needs an input of rank 1 or more, found []'>()
  })
})

// Each directive stands right above the offending argument: an error anywhere else would fail the compilation.
describe('what does not compile, and is refused at run time with the same sentence', () => {
  test('a rank that a layer cannot take', () => {
    expect(refused(sequential([60],
      dense(60),
      // @ts-expect-error conv2d takes rank 3; dense gave [60]
      conv2d(8),
      dropout(.1),
      dense(1)
    ))).toBe('conv2d needs an input of rank 3 [height, width, channels], found [60]' satisfies Apply<Conv2dRule<8>, readonly [60]>)
    expect(refused(sequential([28, n, 3],
      // @ts-expect-error lstm takes rank 2, whatever the sizes are
      lstm(4)
    ))).toBe('lstm needs an input of rank 2 [time, features], found [28, 5, 3]')
    expect(refused(sequential([],
      // @ts-expect-error dense has no last axis to replace
      dense(1)
    ))).toBe('dense needs an input of rank 1 or more, found []')
    expect(refused(sequential([9, 9, 4], channelMean,
      // @ts-expect-error channelMean gives rank 1
      channelMean
    ))).toBe('channelMean needs an input of rank 3 [height, width, channels], found [4]')
  })
  test('a literal size that contradicts', () => {
    expect(refused(sequential([60], dense(60),
      // @ts-expect-error 30 is expected, 60 comes
      expects([30]),
      dense(1)
    ))).toBe('an input of shape [30] is needed, found [60]')
    expect(refused(sequential([60], dense(n),
      // @ts-expect-error the size is not known but the rank is
      expects([30, 2])
    ))).toBe('an input of shape [30, 2] is needed, found [5]')
  })
  test('a reshape to another number of values', () => {
    expect(refused(sequential([28, 28],
      // @ts-expect-error 784 values do not fill 7·7·32
      reshape([7, 7, 32])
    ))).toBe('reshape to [7, 7, 32] needs 1568 values, found 784 in [28, 28]')
  })
  test('a choice of which one cannot stand there', () => {
    // @ts-expect-error [28, 28] is not of rank 3
    expect(refused(sequential([28, 28], coin ? conv2d(3) : flatten))).toMatch(/^conv2d needs/)
    expect(refused(sequential([28, 28], coin ? relu : dense(3),
      // @ts-expect-error only one of the two gives 84 values
      reshape([84])
    ))).toBe('reshape to [84] needs 84 values, found 784 in [28, 28]')
  })
  test('a layer in a layer: the inner sentence stands at the outer layer', () => {
    expectTypeOf(built(sequential([8], residual(dense(4), relu, dense(8)), dense(1)))).toEqualTypeOf<Model<readonly [8], readonly [1]>>()
    expect(refused(sequential([8],
      // @ts-expect-error the branch does not keep the shape
      residual(dense(4))
    ))).toBe('residual needs layers that keep the shape [8], found [4]')
    expect(refused(sequential([8],
      // @ts-expect-error the branch itself is wrong
      residual(dense(4), lstm(8))
    ))).toBe('lstm needs an input of rank 2 [time, features], found [4]')
  })
  test('what is no layer, no shape', () => {
    const uncalled = () => [
      // @ts-expect-error dropout is a function to a layer; its rate is missing
      sequential([60], dropout),
      // @ts-expect-error a shape is an array
      sequential(60, dense(1))
    ]
    expect(uncalled).toBeTypeOf('function')
  })
})

describe('andThen', () => {
  const encoder = built(sequential([60], dense(30), relu))
  const decoder = built(sequential([30], dense(60)))
  test('layers follow a model', () => {
    expectTypeOf(built(andThen(encoder, dense(2), relu))).toEqualTypeOf<Model<readonly [60], readonly [2]>>()
    expectTypeOf(built(andThen(encoder, ...someLayers))).toEqualTypeOf<Model<readonly [60], Shape>>()
    expect(refused(andThen(encoder,
      dense(3),
      // @ts-expect-error [3] has rank 1
      conv2d(1)
    ))).toBe('conv2d needs an input of rank 3 [height, width, channels], found [3]')
  })
  test('a model follows a model', () => {
    expectTypeOf(built(andThen(encoder, decoder))).toEqualTypeOf<Model<readonly [60], readonly [60]>>()
    expectTypeOf(built(andThen(encoder, decoder, dense(5)))).toEqualTypeOf<Model<readonly [60], readonly [5]>>()
    expectTypeOf(built(sequential([60], encoder, decoder))).toEqualTypeOf<Model<readonly [60], readonly [60]>>()
    const unknown: Model = encoder
    expectTypeOf(built(andThen(unknown, decoder))).toEqualTypeOf<Model<Shape, readonly [60]>>()
  })
  test('a model that cannot take what the first gives', () => {
    // @ts-expect-error the encoder gives [30] and takes [60]
    expect(refused(andThen(encoder, encoder))).toBe('the model needs an input of shape [60], found [30]')
    // @ts-expect-error ranks differ even where sizes are not known
    expect(refused(andThen(encoder, built(sequential([n, n], dense(1)))))).toBe('the model needs an input of shape [5, 5], found [30]')
    expectTypeOf<Parameters<typeof andThen<readonly [60], readonly [30], [typeof encoder]>>[1]>()
      .toEqualTypeOf<'the model needs an input of shape [60], found [30]'>()
  })
})
