/** What all layers obey that decide at random when they are awake, whatever they do: laws that other suites have for parents. */
import fc from 'fast-check'
import { evaluate, topological, variable, type Expr, type Shape } from 'tikhonov/expr'
import { infer, modeAt, training, type ByPath, type Declaration, type Layer, type Output } from 'tikhonov/layer'
import { about, every, law, same, suite, type Outcome, type Suite } from './kit/index.js'
import { moment, numbers, ones, repeated, sizeOf, type Moment, type Perturbation } from './perturbation.js'
import { noIssues } from './sound.js'

/** How such layers are tried. */
export interface AwakeTrial {
  /** The shape of one example. */
  readonly input: Shape
  /** The values of one example; dyadic numbers unless told. */
  readonly example?: fc.Arbitrary<readonly number[]>
  /** Levels to accept, first a typical one. */
  readonly accepted: readonly number[]
  /** Levels to refuse. */
  readonly refused: readonly number[]
  /** Whether level 0 is to do nothing; yes unless told. */
  readonly zero?: boolean
  /** What a decision belongs to; an example unless told. */
  readonly by?: 'example' | 'step'
}

/** A layer at a path, on the variable `x`. */
export const awake = (layer: Layer, input: Shape, rows: number, mode: 'Train' | 'Infer' = 'Train', path = 'awake/0'): Output =>
  layer.apply({ path, mode: mode === 'Infer' ? infer : modeAt(training(ones(rows)), path) })(variable('x', [rows, ...input]))

/**
 * Values of parameters that depend on role and place only, so that a layer and what is wrapped around it have the same: i/8 + ½ and so on;
 * learned rates have their first value.
 */
export const givenTo = (parameters: ByPath<Declaration>): ByPath<readonly number[]> =>
  Object.fromEntries(Object.entries(parameters).map(([path, { role, shape, initial }]) => [
    path,
    role === 'rate' ? evaluate(initial(path))
      : Array.from({ length: sizeOf(shape) }, (_, i) => ((i % 7) - 3) / 8 + (i % 2 === 0 ? 0.5 : -0.5) + (role === 'bias' ? 4 : 0))
  ]))

/** What a layer makes of so many examples, with the parameters of `givenTo`: the graph is made once. */
export const makerOf = (layer: Layer, input: Shape, rows: number, mode: 'Train' | 'Infer' = 'Train', path?: string) => {
  const { y, parameters } = awake(layer, input, rows, mode, path)
  const given = givenTo(parameters)
  return (x: readonly number[], at: Partial<Moment> = {}): readonly number[] => evaluate(y, { ...given, x }, at)
}

/** The same of examples that are at hand. */
export const madeOf = (
  layer: Layer, input: Shape, x: readonly number[], at: Partial<Moment> = {}, mode: 'Train' | 'Infer' = 'Train', path?: string
): readonly number[] => makerOf(layer, input, x.length / sizeOf(input), mode, path)(x, at)

const drawn = (roots: readonly Expr[]): number => topological(roots).filter((e) => e.primitive.name === 'bits').length

const some = { mostRuns: 20 }

/**
 * What a family of layers obeys that decides at random in training: inference and level 0 draw nothing; levels outside the range are
 * issues; moments and paths that differ are decided differently, examples too (or alike, where decisions belong to the step); an example
 * depends on itself and on its position alone.
 *
 * @example
 * ```ts
 * import { dropConnect } from 'tikhonov/dropout'
 * import { awakeLaws, check } from 'tikhonov/laws'
 * import { dense } from 'tikhonov/layers'
 * const laws = awakeLaws((rate) => dropConnect(rate, dense(5)), { input: [4], accepted: [0.5, 0], refused: [1], by: 'step' })
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const awakeLaws = (make: Perturbation, trial: AwakeTrial): Suite => {
  const { input, accepted, refused, zero = true, by = 'example', example = numbers(sizeOf(input)) } = trial
  const typical = make(accepted[0])
  const issues = (level: number) => awake(make(level), input, 4).issues
  const y = (x: readonly number[], at: Moment) => madeOf(typical, input, x, at)
  const rowsOf = (out: readonly number[], rows: number) =>
    Array.from({ length: rows }, (_, r) => out.slice((r * out.length) / rows, ((r + 1) * out.length) / rows))
  /** Examples that are far enough from 0 to show what is decided. */
  const telling = example.map((x) => x.map((v) => (trial.example === undefined ? v + Math.sign(v || 1) : v)))
  /** 64 decisions about one example: 64 rows of it, or 64 steps. */
  const several = (row: readonly number[], at: Moment, path?: string): readonly number[] => {
    const [rows, steps] = by === 'example' ? [64, 1] : [1, 64]
    const made = makerOf(typical, input, rows, 'Train', path)
    return Array.from({ length: steps }, (_, i) => made(repeated(row, rows), { ...at, step: at.step + i })).flat()
  }
  const differ = (what: string, a: readonly number[], b: readonly number[]): Outcome => a.join() !== b.join() || `${what} are decided alike`
  return suite('awake', make, [
    law('nothing is drawn in inference, nor at level 0', 'the graphs of inference and of level 0 hold no draw', [], () => every(
      ...accepted.map((level) => about(`inference at ${level}`, same(drawn([awake(make(level), input, 4, 'Infer').y]), 0))),
      zero ? about('level 0', same(drawn([awake(make(0), input, 4).y]), 0)) : true
    )),
    law('only levels of the range are accepted', 'level ∉ range ⇔ an issue', [], () => every(
      ...accepted.map((level) => about(`accepted ${level}`, noIssues(issues(level)))),
      ...refused.map((level) => issues(level).length > 0 || `${level} was not refused`)
    )),
    law('distinct moments are decided differently', 'train(x; p, step) ≠ train(x; p + n, step + n)', [telling, moment()], (row, at) => {
      const over = (from: number) => several(row, { ...at, step: at.step + from, position: at.position + from })
      return differ('moments that follow each other', over(0), over(64))
    }, some),
    law('distinct paths are decided differently', 'train(x; path) ≠ train(x; path′)', [telling, moment()], (row, at) => {
      return differ('layers at different paths', several(row, at, 'first'), several(row, at, 'second'))
    }, some),
    by === 'example'
      ? law('each example is decided by itself', 'rows of equal x differ', [telling, moment()], (row, at) =>
        new Set(rowsOf(y(repeated(row, 128), at), 128).map((r) => r.join())).size > 1 || 'all examples are decided alike', some)
      : law('the examples of a step share its decisions', 'rows of equal x are equal', [telling, moment()], (row, at) =>
        same(new Set(rowsOf(y(repeated(row, 16), at), 16).map((r) => r.join())).size, 1), some),
    law('an example depends on itself alone', 'f([x₁; x₂; …]; p) = [f(x₁; p); f(x₂; p + 1); …]',
      [fc.array(example, { minLength: 1, maxLength: 4 }), moment()], (rows, at) => {
        const together = rowsOf(y(rows.flat(), at), rows.length)
        return every(...rows.map((row, i) => about(`row ${i}`, same(together[i], y(row, { ...at, position: at.position + i })))))
      }, some)
  ], [], { trial })
}

/**
 * What a family of layers obeys that rests in inference and at level 0: it then is the layer `plain`, bit for bit.
 *
 * @example
 * ```ts
 * import { dropConnect } from 'tikhonov/dropout'
 * import { asleepLaws, check } from 'tikhonov/laws'
 * import { dense } from 'tikhonov/layers'
 * const laws = asleepLaws((rate) => dropConnect(rate, dense(5)), dense(5), { input: [4], accepted: [0.5, 0], refused: [1], by: 'step' })
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const asleepLaws = (make: Perturbation, plain: Layer, trial: AwakeTrial): Suite => {
  const { input, accepted, zero = true, example = numbers(sizeOf(input)) } = trial
  const rows = fc.array(example, { minLength: 1, maxLength: 4 }).map((all) => all.flat())
  return suite('asleep', make, [
    law('inference is what is wrapped', 'infer(x) = plain(x)', [rows, fc.constantFrom(...accepted), moment()], (x, level, at) =>
      same(madeOf(make(level), input, x, at, 'Infer'), madeOf(plain, input, x, at, 'Infer'))),
    ...(zero ? [law('level 0 is what is wrapped', 'train(x; level 0) = plain(x)', [rows, moment()], (x, at) =>
      same(madeOf(make(0), input, x, at), madeOf(plain, input, x, at)))] : [])
  ], [awakeLaws(make, trial)], { plain, trial })
}
