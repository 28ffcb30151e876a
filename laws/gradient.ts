/** Laws of the derivatives of a layer: by its input, and by its parameters. */
import fc from 'fast-check'
import { reference } from 'tikhonov/engine'
import { abs, gradient, mul, sum, variable } from 'tikhonov/expr'
import type { ByPath, Layer } from 'tikhonov/layer'
import { tensor } from 'tikhonov/tensor'
import { slopeAlong } from './functional.js'
import { about, every, law, near, suite, type Outcome, type Suite } from './kit/index.js'
import { layerLaws } from './layer.js'
import { applied, moment, sizeOf, valuesOf, type LayerTrial, type Moment } from './layerTrial.js'
import { remembered } from './prepared.js'
import { sound } from './sound.js'

type Numbers = ArrayLike<number>

const x = 'batch/x'

/** A number of a list without end: the list again and again, from elsewhere for each place. */
const nth = (numbers: Numbers, i: number, place: number): number => numbers[(i + 7 * place) % numbers.length]

/** Where the directions, the parameters and dy begin: one list is drawn for all of them, so that a counterexample is short. */
const [directions, parametersFrom, dyFrom] = [0, 101, 202]

/** So many numbers of either sign, ⅛ to 1. */
const sizable = (count: number): fc.Arbitrary<readonly number[]> => fc.array(
  fc.tuple(fc.constantFrom(1, -1), fc.double({ min: 1 / 8, max: 1, noNaN: true })).map(([sign, size]) => sign * size),
  { minLength: count, maxLength: count }
)

/** Inputs within ± width that are neither near 0 nor near each other, where relu and max have their kinks: n numbers, moved apart. */
const inputs = (count: number, width: number): fc.Arbitrary<readonly number[]> =>
  sizable(count).map((drawn) => drawn.map((each, i) => width * ((7 / 8) * each + (((i + 1) * 0.618034) % 1) / 16)))

/** ⟨dy, f⟩ of two examples, the sum of its terms without their signs, and its derivatives by input and parameters. */
const differentiated = (layer: Layer, input: LayerTrial['input']) => {
  const { y, parameters } = applied(layer, input, 'Train', 2)
  const shapes = { [x]: [2, ...input], ...Object.fromEntries(Object.entries(parameters).map(([path, { shape }]) => [path, shape])) }
  const terms = mul(y, variable('dy', y.shape))
  const slopes = gradient(sum(terms), Object.entries(shapes).map(([path, shape]) => variable(path, shape)))
  return {
    y, shapes, parameters, first: valuesOf(layer, input),
    value: reference().evaluate([sum(terms)]), derived: reference().evaluate([sum(abs(terms)), ...slopes])
  }
}

/**
 * The derivatives of a layer in training, by its input and by its parameters, against central differences in a random direction: with dy
 * drawn, ⟨dy, f(x + hv) − f(x − hv)⟩/2h = ⟨Jᵀdy, v⟩, and so for the parameters, all of them at once. Inputs are within ± `width`
 * (default 1), parameters within ⅛ of their first values, learned rates at theirs. Points at a kink (of relu, of a maximum) are discarded,
 * and counted by the verdict. Parent: `layerLaws`.
 *
 * Not for a layer that by design holds something constant (`stopGradient`, as in `spectralNormalization`), nor for one that takes whole
 * numbers (`embedding`).
 *
 * @example
 * ```ts
 * import { check, gradientLaws } from 'tikhonov/laws'
 * import { dense, relu } from 'tikhonov/layers'
 * check(gradientLaws(dense(3, { activation: relu }), { input: [2] })).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const gradientLaws = (layer: Layer, { input, width = 1 }: LayerTrial & { readonly width?: number }): Suite => {
  const out = remembered(() => applied(layer, input, 'Train', 2))
  const made = remembered(() => differentiated(layer, input))

  /** Whether the derivative by what is at some paths is that of differences; undefined at a kink. */
  const agrees = (paths: readonly string[], values: ByPath<Numbers>, v: Numbers, when: Moment): Outcome | undefined => {
    const { shapes, value, derived } = made()
    const all = Object.keys(shapes)
    const at = (path: string, i: number) => nth(v, i, directions + all.indexOf(path))
    const reading = (given: ByPath<Numbers>) => ({ ...when, values: (path: string) => given[path] ?? [NaN] })
    const [[size], ...slopes] = derived(reading(values)).map((each) => Array.from(each))
    const found = paths.reduce((s, path) => s + slopes[all.indexOf(path)].reduce((t, d, i) => t + d * at(path, i), 0), 0)
    const moved = (t: number): ByPath<Numbers> =>
      ({ ...values, ...Object.fromEntries(paths.map((path) => [path, Array.from(values[path], (w, i) => w + t * at(path, i))])) })
    // Numbers on the way may be 64 times what comes out.
    const { slope, error, kink } = slopeAlong(({ data: [t] }) => value(reading(moved(t)))[0][0], tensor([0]), tensor([1]), 64 * (1 + size))
    return kink ? undefined : near(found, slope, { absolute: error })
  }

  /** At a drawn point, in the direction of all that is at some paths together, and where that is off, of each alone. */
  const checked = (of: (paths: readonly string[]) => readonly string[]) =>
    (from: Numbers, v: Numbers, when: Moment): Outcome => {
      const first = sound(out())
      if (first !== true) return first
      const { y, shapes, parameters, first: given } = made()
      const near0 = Object.entries(parameters).map(([path, { role }], k) =>
        [path, Array.from(given[path], (w, i) => (role === 'rate' ? w : w + nth(v, i, parametersFrom + k) / 8))] as const)
      const dy = Array.from({ length: sizeOf(y.shape) }, (_, i) => nth(v, i, dyFrom))
      const values = { ...given, ...Object.fromEntries(near0), [x]: from, dy }
      const paths = of(Object.keys(shapes))
      const said = paths.length === 0 || agrees(paths, values, v, when)
      fc.pre(said !== undefined)
      return said === true || every(...paths.map((path) => about(path, agrees([path], values, v, when) ?? true)), said)
    }

  const drawn = [inputs(2 * sizeOf(input), width), sizable(31), moment()] as const
  return suite('gradient', layer, [
    law('the gradient is the derivative', '⟨dy, f(x + hv) − f(x − hv)⟩/2h = ⟨Jᵀdy, v⟩', drawn, checked(() => [x])),
    law('the gradient by the parameters is the derivative', '⟨dy, f(w + hv) − f(w − hv)⟩/2h = ⟨Jᵀdy, v⟩', drawn,
      checked((paths) => paths.filter((path) => path !== x)))
  ], [layerLaws(layer, { input })], { input, width })
}
