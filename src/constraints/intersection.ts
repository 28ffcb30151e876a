/** Constraints that hold together. */
import { add, sub } from '../expr/arithmetic.js'
import { zerosLike } from '../expr/broadcast.js'
import { equal, select } from '../expr/compare.js'
import { isInvalid, type Expr } from '../expr/node.js'
import { scan } from '../expr/scan.js'
import { count } from '../part/checks.js'
import { under } from '../part/issue.js'
import { constraint, type Constraint } from './constraint.js'

type Set = Pick<Constraint, 'project' | 'traits'>

const has = ({ traits }: Set, ...wanted: Constraint['traits']): boolean => wanted.every((t) => traits.includes(t))

const then = (first: Set, second: Set, traits: Constraint['traits']): Set =>
  ({ traits, project: (incoming) => (w) => second.project(incoming)(first.project(incoming)(w)) })

/** The projection onto both, where it is known in closed form. */
const both = (a: Set, b: Set): Set | undefined =>
  has(a, 'elementwise') && has(b, 'elementwise') ? then(a, b, a.traits.filter((t) => has(b, t)))
  : has(a, 'orthant') && has(b, 'positive') ? b
  : has(a, 'orthant') && has(b, 'solid') ? then(a, b, ['positive'])
  : has(a, 'cone') && has(b, 'round') ? then(a, b, [])
  : undefined

/** Members with those taken together whose projection onto both is known. */
const merged = (members: readonly Set[]): readonly Set[] => members.reduce<readonly Set[]>((sets, next) => {
  const [at, one] = sets.flatMap((s, i) => {
    const known = both(s, next) ?? both(next, s)
    return known === undefined ? [] : [[i, known] as const]
  })[0] ?? [-1, next]
  return [...sets.filter((_, i) => i !== at), one]
}, [])

/**
 * Dykstra's algorithm: projections in turn, each of what is there plus what that projection took away the time before, which makes
 * the limit the nearest point and not just a common one. A point of all members stays as it is: what is taken away is 0.
 */
const alternating = (members: readonly Set[], cycles: number, incoming: readonly number[], w: Expr): Expr => {
  if (isInvalid(w)) return w
  const initial = [w, ...members.map(() => zerosLike(w))]
  const { final: [found] } = scan({ sequences: [], initial, length: cycles }, ([from, ...taken]) => {
    const states = members.reduce<readonly Expr[]>(([x, ...rest], { project }, i) => {
      const moved = add(x, taken[i])
      const next = project(incoming)(moved)
      return [next, ...rest, sub(moved, next)]
    }, [from])
    return { states, outputs: [] }
  })
  // What is equal is the same, but for the sign of 0.
  return select(equal(found, w), w, found)
}

/**
 * `intersection` with another number of cycles: `dykstra(1000)(symmetric, spectralNormBall(1))`. Errors: a number that is no whole number
 * ≥ 1, and those of the members. Dykstra 1983; Boyle & Dykstra 1986. Laws: `intersectionLaws`.
 * @example
 * ```ts
 * import { dykstra, halfSpace, maxNorm } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(dykstra(200)(halfSpace([1, 0], 0.6), maxNorm(1)).project([0])(constant([2, 2]))) // => [0.6, 0.8]
 * ```
 */
export const dykstra = (cycles: number) => (first: Constraint, second: Constraint, ...more: readonly Constraint[]): Constraint => {
  const members = [first, second, ...more]
  const sets = merged(members)
  return constraint('intersection', { of: members.map((m) => m.spec), cycles },
    (incoming) => (w) => (sets.length === 1 ? sets[0].project(incoming)(w) : alternating(sets, cycles, incoming, w)),
    [...count('cycles', cycles), ...members.flatMap((m, i) => under(String(i), m.issues))],
    members.some((m) => m.traits.includes('whole')) ? ['whole'] : sets.length === 1 ? sets[0].traits : [])
}

/**
 * All of these constraints: the nearest point that every one allows. What all allow stays as it is, bit for bit.
 *
 * In closed form, exact, where it is known: `nonNegative` with a set that holds v with all smaller u (`maxNorm`, `l1Ball`, `topK`, …):
 * onto the orthant first, then onto the set; with what lies in the orthant (`simplex`): that alone; boxes with boxes: one clip after
 * the other; a cone of each unit (`monotone` without an axis, planes through 0) with `maxNorm` or `l2Ball`: onto the cone first, then
 * onto the ball (Bauschke, Bui & Wang 2018). Else by 100 cycles of Dykstra's algorithm (`dykstra` takes another number), each as dear as
 * all members together: the last member holds as exactly as it does alone, the others to 1e-6 of the size of the weights where the members
 * meet at 21° or more: a cycle leaves cos²θ of the distance between two planes at an angle θ. Members that are not convex have a nearest
 * point nearby at best, and where no point is common to all, the result is one of the last member's. Boyle & Dykstra 1986; Bauschke &
 * Combettes 2017, §30.2. Laws: `intersectionLaws`, and `convexProjectionLaws` where the form is closed.
 * @example
 * ```ts
 * import { intersection, maxNorm, nonNegative, hyperplane } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(intersection(nonNegative, maxNorm(1)).project([0])(constant([3, -2, 4]))) // => [0.6, 0, 0.8]
 * evaluate(intersection(hyperplane([1, 1, 1], 1), nonNegative).project([0])(constant([0.5, 1, -1]))) // => [0.25, 0.75, 0]
 * ```
 */
export const intersection: ReturnType<typeof dykstra> = /*#__PURE__*/ dykstra(100)
