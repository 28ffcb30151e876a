/** Laws of what makes transformations of transformations: chains, masks, freezing. */
import {
  adamw, before, byPath, byRole, chain, clipByGlobalNorm, clipByValue, everything, momentum, type GradientTransform, type Where
} from 'tikhonov/optimizers'
import { about, every, law, same, suite, type Suite } from './kit/index.js'
import { along, applied, fewCourses, fewParameters, gradients, moments, points, trajectory, type Point } from './trajectory.js'

const slotsOf = (transform: GradientTransform): readonly string[] => Object.keys(applied(transform, fewParameters, 1, 'here').slots)

const only = (point: Point, holds: (path: string) => boolean): Point =>
  Object.fromEntries(Object.entries(point).filter(([path]) => holds(path)))

/**
 * The laws of composition: it is a monoid, bit for bit, slots and their places included; the second sees what the first gives; each
 * remembers for itself, and where it did without the others.
 * @example
 * ```ts
 * import { chainLaws, check } from 'tikhonov/laws'
 * import { chain } from 'tikhonov/optimizers'
 * check(chainLaws(chain)).map((verdict) => verdict._tag) // => ['Passed', 'Passed', 'Passed', 'Passed']
 * const backwards = chainLaws((...parts) => chain(...[...parts].reverse()))
 * check(backwards).flatMap((verdict) => (verdict._tag === 'Failed' ? [verdict.law] : [])) // => ['chain › in order']
 * ```
 */
export const chainLaws = (compose: (...parts: readonly GradientTransform[]) => GradientTransform): Suite => {
  const [a, b, c] = [momentum(0.5), clipByValue(1), momentum(0.75)]
  const [flat, left, right] = [compose(a, b, c), compose(compose(a, b), c), compose(a, compose(b, c))].map((t) => moments(t))
  const [alone, after, first] = [compose(a), compose(compose(), a), compose(a, compose())].map((t) => moments(t))
  const [together, one, other] = [compose(a, c, b), a, chain(c, b)].map((t) => moments(t))
  return suite('chain', compose, [
    law('associative', '(a b) c = a b c = a (b c)', [gradients(), points()], (given, from) => {
      const expected = flat(along(given, from))
      return every(about('(a b) c', same(left(along(given, from)), expected)), about('a (b c)', same(right(along(given, from)), expected)))
    }, { mostRuns: fewCourses }),
    law('unit', '() a = a = a ()', [gradients(), points()], (given, from) => {
      const expected = alone(along(given, from))
      return every(about('() a', same(after(along(given, from)), expected)), about('a ()', same(first(along(given, from)), expected)))
    }, { mostRuns: fewCourses }),
    law('in order', '(a b)(g) = b(a(g))', [gradients(), points()], (given, from) => {
      const middle = one(along(given, from)).slice(1).map(({ delta }) => delta)
      return same(together(along(given, from)).map(({ delta }) => delta), other(along(middle, from)).map(({ delta }) => delta))
    }, { mostRuns: fewCourses }),
    law('slots stay', 'slots(a) ⊆ slots(b a)', [], () => {
      const later = new Set(slotsOf(compose(b, clipByGlobalNorm(1), a)))
      return same(slotsOf(compose(a)).filter((path) => !later.has(path)), [])
    })
  ])
}

/**
 * The laws of masking: what is covered is transformed as if there were nothing else, the rest passes bit for bit, and nothing is
 * remembered of it.
 * @example
 * ```ts
 * import { check, maskLaws } from 'tikhonov/laws'
 * import { masked } from 'tikhonov/optimizers'
 * check(maskLaws(masked)).map((verdict) => verdict._tag) // => ['Passed', 'Passed']
 * ```
 */
export const maskLaws = (mask: (where: Where, transform: GradientTransform) => GradientTransform): Suite => {
  const transform = chain(clipByGlobalNorm(1), momentum(0.5))
  const choices: readonly (readonly [Where, readonly string[]])[] =
    [[byRole('kernel'), ['a/kernel', 'ab/kernel']], [byPath('a'), ['a/kernel', 'a/bias']]]
  const cases = choices.map(([where, covered]) => {
    const part = Object.fromEntries(covered.map((path) => [path, fewParameters[path]]))
    const whole = mask(where, transform)
    return {
      covered: (path: string) => covered.includes(path),
      ofAll: moments(whole),
      ofPart: moments(transform, part),
      slots: [slotsOf(whole).length, Object.keys(applied(transform, part, 1, 'here').slots).length]
    }
  })
  return suite('mask', mask, [
    law('covers exactly what it names', 'mask(t)(g) = t(g where covered), g elsewhere', [gradients(), points()], (given, from) =>
      every(...cases.map(({ covered, ofAll, ofPart }) => {
        const found = ofAll(along(given, from))
        const expected = ofPart(along(given.map((g) => only(g, covered)), only(from, covered)))
        return every(...found.slice(1).map(({ delta }, i) => every(
          about('covered', same(only(delta, covered), expected[i + 1].delta)),
          about('the rest', same(only(delta, (path) => !covered(path)), only(given[i], (path) => !covered(path))))
        )))
      })), { mostRuns: fewCourses }),
    law('no memory of the rest', '#slots(mask(t)) = #slots(t where covered)', [], () =>
      every(...cases.map(({ slots: [found, expected] }) => same(found, expected))))
  ])
}

/**
 * The laws of freezing by path: what is frozen has no direction and stays bit for bit under an optimizer that decays everything; the rest
 * goes on as it would, `ab` when `a` is frozen too; no slots are kept for what is frozen.
 * @example
 * ```ts
 * import { check, freezeLaws } from 'tikhonov/laws'
 * import { freeze } from 'tikhonov/optimizers'
 * check(freezeLaws(freeze)).map((verdict) => verdict._tag) // => ['Passed', 'Passed', 'Passed']
 * ```
 */
export const freezeLaws = (freeze: (path: string) => GradientTransform): Suite => {
  const optimizer = adamw(0.1, { weightDecay: 0.5, where: everything })
  const frozen = (path: string): boolean => path.startsWith('a/')
  const moving = (path: string): boolean => !frozen(path)
  const withIt = before(freeze('a'), optimizer)
  const [course, free, steps] = [trajectory(withIt), trajectory(optimizer), moments(withIt.transform)]
  return suite('freeze', freeze, [
    law('frozen stays', 'w ← w, bit for bit', [gradients(), points()], (given, from) =>
      every(
        ...course(along(given, from)).map((at) => same(only(at, frozen), only(from, frozen))),
        ...steps(along(given, from)).map(({ delta }) => about('a direction', same(Object.keys(delta).filter(frozen), [])))
      ), { mostRuns: fewCourses }),
    law('the rest goes on', 'w ← w + delta, as without it', [gradients(), points()], (given, from) => {
      const expected = free(along(given, from))
      return every(...course(along(given, from)).map((at, i) => same(only(at, moving), only(expected[i], moving))))
    }, { mostRuns: fewCourses }),
    law('no memory of what is frozen', 'no slot for it', [], () =>
      same(slotsOf(withIt.transform).filter((path) => path.includes('/a/')), []))
  ])
}
