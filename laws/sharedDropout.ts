/** Laws of dropout that shares its decisions: over the places of a channel, over the features of a position. */
import { topological, type Shape } from 'tikhonov/expr'
import { awake } from './awake.js'
import { dropoutLaws } from './dropout.js'
import { every, law, same, suite, type Law, type Suite } from './kit/index.js'
import { alphaDropoutLaws } from './noise.js'
import { sizeOf, type Perturbation } from './perturbation.js'

/** The shape of one example that such dropout is tried on. */
export interface SharedTrial {
  readonly input?: Shape
}

/** How many draws a batch of 4 takes. */
const draws = (make: Perturbation, input: Shape): number =>
  topological([awake(make(0.5), input, 4).y]).filter((e) => e.primitive.name === 'bits').reduce((n, e) => n + sizeOf(e.shape), 0)

const oneEach = (make: Perturbation, input: Shape, what: string, count: number): Law =>
  law(`one draw a ${what}`, `as many draws as an example has ${what}s`, [], () => same(draws(make, input), 4 * count))

const rankLaw = (make: Perturbation, input: Shape): Law =>
  law('another rank is refused', 'rank(s) ≠ the rank stated ⇔ rule(s) ≠ undefined', [], () => {
    const { rule } = make(0.5)
    const misses = (shape: Shape) => rule.check(shape) !== undefined || `[${shape.join(', ')}] was not refused`
    return every(rule.check(input) === undefined || `[${input.join(', ')}] was refused`, misses(input.slice(1)), misses([2, ...input]))
  })

/**
 * What dropout of whole channels obeys: `dropoutLaws` with one decision for all places of a channel; one draw for each; its rank.
 *
 * @example
 * ```ts
 * import { spatialDropout2d } from 'tikhonov/dropout'
 * import { check, spatialDropoutLaws } from 'tikhonov/laws'
 * const laws = spatialDropoutLaws((rate) => spatialDropout2d(rate), { input: [2, 2, 3] })
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const spatialDropoutLaws = (make: Perturbation, { input = [2, 2, 3] }: SharedTrial = {}): Suite =>
  suite('spatial dropout', make, [oneEach(make, input, 'channel', input[input.length - 1]), rankLaw(make, input)], [
    dropoutLaws(make, { input, shared: input.map((_, axis) => axis).slice(0, -1) })
  ])

/**
 * What dropout of whole positions of a sequence obeys: `dropoutLaws` with one decision for all features of a position; one draw for each;
 * its rank.
 *
 * @example
 * ```ts
 * import { tokenDropout } from 'tikhonov/dropout'
 * import { check, tokenDropoutLaws } from 'tikhonov/laws'
 * check(tokenDropoutLaws((rate) => tokenDropout(rate))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const tokenDropoutLaws = (make: Perturbation, { input = [4, 2] }: SharedTrial = {}): Suite =>
  suite('token dropout', make, [oneEach(make, input, 'position', input[0]), rankLaw(make, input)], [
    dropoutLaws(make, { input, shared: [1] })
  ])

/**
 * What alpha dropout of whole channels obeys: `alphaDropoutLaws` with one decision for all places of a channel, and one draw for each.
 *
 * @example
 * ```ts
 * import { featureAlphaDropout } from 'tikhonov/dropout'
 * import { check, featureAlphaDropoutLaws } from 'tikhonov/laws'
 * check(featureAlphaDropoutLaws((rate) => featureAlphaDropout(rate))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const featureAlphaDropoutLaws = (make: Perturbation, { input = [2, 2, 3] }: SharedTrial = {}): Suite =>
  suite('feature alpha dropout', make, [oneEach(make, input, 'channel', input[input.length - 1])], [
    alphaDropoutLaws(make, { input, shared: input.map((_, axis) => axis).slice(0, -1) })
  ])
