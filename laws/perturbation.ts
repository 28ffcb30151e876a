/** Laws of layers that perturb their input in training, and how such layers are tried. */
import fc from 'fast-check'
import { constant, evaluate, pullback, topological, variable, type Expr, type Shape } from 'tikhonov/expr'
import { infer, modeAt, training, type Layer, type Output } from 'tikhonov/layer'
import { dyadic, position, seed as seeds } from './arbitraries/index.js'
import { about, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'
import { rowLaws } from './layer.js'
import { noIssues } from './sound.js'

/** A family of layers by how much they perturb: by rate, by standard deviation. At 0 they are to do nothing. */
export type Perturbation = (level: number) => Layer

/** How a family is tried: the shape of one example (default [6]), levels that it is to accept, first a typical one, and to refuse. */
export interface PerturbationTrial {
  readonly input?: Shape
  readonly accepted: readonly number[]
  readonly refused: readonly number[]
}

/** An address of a draw. */
export interface Moment { readonly seed: number; readonly step: number; readonly position: number }

export const moment = (): fc.Arbitrary<Moment> =>
  fc.record({ seed: seeds(), step: fc.nat(1000), position: position({ room: 10_000 }) })

export const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

export const ones = (count: number): Expr => constant(Array.from({ length: count }, () => 1), [count])

/** A layer at a path, on the variable `x`. */
const applied = (layer: Layer, input: Shape, rows: number, mode: 'Train' | 'Infer', path = 'perturbation/0'): Output =>
  layer.apply({ path, mode: mode === 'Infer' ? infer : modeAt(training(ones(rows)), path) })(variable('x', [rows, ...input]))

/** What a layer makes of examples in training. */
export const trained = (layer: Layer, input: Shape, x: readonly number[], at: Moment, path?: string): readonly number[] =>
  evaluate(applied(layer, input, x.length / sizeOf(input), 'Train', path).y, { x }, at)

/** What a layer makes of examples in inference. */
export const inferred = (layer: Layer, input: Shape, x: readonly number[], at: Partial<Moment> = {}): readonly number[] =>
  evaluate(applied(layer, input, x.length / sizeOf(input), 'Infer').y, { x }, at)

export const numbers = (count: number): fc.Arbitrary<readonly number[]> => fc.array(dyadic(), { minLength: count, maxLength: count })

/** Values that are far enough from 0 to be told from what was dropped. */
export const values = (count: number): fc.Arbitrary<readonly number[]> =>
  fc.array(dyadic({ min: 0.5, max: 4 }), { minLength: count, maxLength: count })

export const repeated = <A>(row: readonly A[], rows: number): readonly A[] => Array.from({ length: rows }, () => row).flat()

export const column = (y: readonly number[], unit: number, size: number): readonly number[] => y.filter((_, i) => i % size === unit)

export const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length

export const eachUnit = (size: number, said: (unit: number) => Outcome): Outcome =>
  every(...Array.from({ length: size }, (_, unit) => about(`unit ${unit}`, said(unit))))

/** Statistical laws look at this many examples, in at most three runs; a correct subject fails one with this probability. */
export const sample = { examples: 1024, chance: 1e-12, options: { mostRuns: 3 } } as const

/** Laws that look at a hundred examples in each run need few runs. */
const some = { mostRuns: 20 }

/**
 * What every layer obeys that perturbs each example on its own, in training only: level 0 and inference are the identity and draw nothing;
 * levels outside the range are issues; examples, positions and paths that differ are perturbed differently; the gradient is that of the
 * perturbed values, with the same mask. The perturbation of a value is to be affine in that value.
 *
 * @example
 * ```ts
 * import { gaussianNoise } from 'tikhonov/dropout'
 * import { check, perturbationLaws } from 'tikhonov/laws'
 * const laws = perturbationLaws((stddev) => gaussianNoise(stddev), { accepted: [0.5, 0, 3], refused: [-1, NaN] })
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const perturbationLaws = (make: Perturbation, { input = [6], accepted, refused }: PerturbationTrial): Suite => {
  const size = sizeOf(input)
  const typical = make(accepted[0])
  const drawn = ({ y }: Output) => topological([y]).filter((e) => e.primitive.name === 'bits').length
  const issues = (level: number) => applied(make(level), input, 4, 'Train').issues
  const differ = (what: string, a: readonly number[], b: readonly number[]): Outcome =>
    a.join() !== b.join() || `${what} are perturbed alike`
  return suite('perturbation', make, [
    law('level 0 is the identity', 'train(x; level 0) = x', [numbers(4 * size), moment()], (x, at) =>
      same(trained(make(0), input, x, at), x)),
    law('inference is the identity', 'infer(x) = x', [numbers(4 * size), fc.constantFrom(...accepted), moment()], (x, level, at) =>
      same(inferred(make(level), input, x, at), x)),
    law('nothing is drawn for nothing', 'the graphs of level 0 and of inference hold no draw', [], () => every(
      about('level 0', same(drawn(applied(make(0), input, 4, 'Train')), 0)),
      ...accepted.map((level) => about(`inference at ${level}`, same(drawn(applied(make(level), input, 4, 'Infer')), 0)))
    )),
    law('levels out of range are issues', 'level ∉ range ⇔ an issue', [], () => every(
      ...accepted.map((level) => about(`accepted ${level}`, noIssues(issues(level)))),
      ...refused.map((level) => issues(level).length > 0 || `${level} was not refused`)
    )),
    law('distinct examples are perturbed differently', 'rows of equal x differ', [values(size), moment()], (x, at) => {
      const y = trained(typical, input, repeated(x, 128), at)
      const rows = Array.from({ length: 128 }, (_, r) => y.slice(r * size, (r + 1) * size).join())
      return new Set(rows).size > 1 || 'all examples are perturbed alike'
    }, some),
    law('distinct positions are perturbed differently', 'train(x; p, step) ≠ train(x; p + n, step + 1)', [values(size), moment()],
      (row, at) => {
        const x = repeated(row, 128)
        const next = { ...at, position: at.position + 128, step: at.step + 1 }
        return differ('batches that follow each other', trained(typical, input, x, at), trained(typical, input, x, next))
      }, some),
    law('distinct paths are perturbed differently', 'train(x; path) ≠ train(x; path′)', [values(size), moment()], (row, at) => {
      const x = repeated(row, 128)
      return differ('layers at different paths', trained(typical, input, x, at, 'first'), trained(typical, input, x, at, 'second'))
    }, some),
    law('the pullback uses the forward’s mask', 'Jᵀ·dy = train(dy) − train(0)', [numbers(4 * size), numbers(4 * size), moment()],
      (x, dy, at) => {
        const [dx] = pullback(applied(typical, input, 4, 'Train').y, variable('dy', [4, ...input]), [variable('x', [4, ...input])])
        const zero = trained(typical, input, x.map(() => 0), at)
        const wanted = trained(typical, input, dy, at).map((v, i) => v - zero[i])
        return near(evaluate(dx, { x, dy }, at), wanted, { absolute: 1e-12, relative: 1e-12 })
      }, some)
  ], [rowLaws(typical, { input })], { input, accepted, refused })
}
