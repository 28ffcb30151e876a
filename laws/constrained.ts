/** Laws of training under constraints. */
import fc from 'fast-check'
import {
  box, halfSpace, intersection, l1Ball, maxNorm, minMaxNorm, monotone, nonNegative, simplex, topK, unitNorm, type Constraint
} from 'tikhonov/constraints'
import type { Tensor } from 'tikhonov/tensor'
import { positive, seed } from './arbitraries/index.js'
import {
  ball, box as inBox, flat, l1Ball as diamond, monotone as rising, orthant, shell, simplex as shares, sparse, sphere, type FeasibleSet
} from './feasible.js'
import { about, atMost, every, law, suite, type Suite } from './kit/index.js'

/** A run of a few steps under a constraint: a kernel [inputs, units] after each step, its units' incoming weights along axis 0. */
export type ConstrainedRun = (constraint: Constraint, seed: number) => readonly Tensor[]

interface Constrained {
  readonly constraint: Constraint
  readonly sets: readonly FeasibleSet[]
  /** Relative to the bounds; 4·n·ε unless told. */
  readonly tolerance?: number
}

const slope = { row: [1, -2], bound: 1, pivot: 1 }

const constrained = (): fc.Arbitrary<Constrained> => fc.oneof(
  fc.constantFrom<Constrained>(
    { constraint: unitNorm, sets: [sphere] }, { constraint: nonNegative, sets: [orthant] },
    { constraint: box(-0.5, 1), sets: [inBox(-0.5, 1)] }, { constraint: simplex(), sets: [shares(1)] },
    { constraint: l1Ball(0.5), sets: [diamond(0.5)] }, { constraint: topK(1), sets: [sparse(1)] },
    { constraint: monotone('increasing'), sets: [rising('increasing')] },
    { constraint: halfSpace(slope.row, slope.bound), sets: [flat([slope], true)] },
    { constraint: intersection(nonNegative, maxNorm(3)), sets: [orthant, ball(3)] },
    { constraint: intersection(monotone('increasing'), box(-1, 1)), sets: [rising('increasing'), inBox(-1, 1)], tolerance: 1e-6 },
    { constraint: intersection(halfSpace(slope.row, slope.bound), maxNorm(3)), sets: [flat([slope], true), ball(3)], tolerance: 1e-6 }
  ),
  positive({ smallest: 2 ** -6, largest: 4 }).map((cap) => ({ constraint: maxNorm(cap), sets: [ball(cap)] })),
  positive({ smallest: 2 ** -6, largest: 4 }).map((min) => ({ constraint: minMaxNorm({ min, max: 2 * min }), sets: [shell(min, 2 * min)] }))
)

/** The distance from 1 to the next number that these can be. */
const roundingOf = ({ data }: Tensor): number => (data instanceof Float32Array ? 2 ** -23 : Number.EPSILON)

/**
 * What a trainer owes to the constraints it is given: after every step, of every seed, each unit's incoming weights are allowed, by every
 * member of an intersection (to 1e-6, or to float32, where its form is not closed). The steps of the run should be large enough to leave
 * what is allowed by far. The kernel has two inputs.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { check, constrainedLaws, type ConstrainedRun } from 'tikhonov/laws'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { tensor } from 'tikhonov/tensor'
 * import { parametersOf, start, step, trainer } from 'tikhonov/training'
 * const batch = { x: tensor([[3, -2], [1, 4]]), y: tensor([[9, -9], [-7, 8]]) }
 * const oneStep: ConstrainedRun = (constraint, seed) => F.pipe(
 *   sequential([2], dense(2, { kernelConstraint: constraint })),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(1) })),
 *   E.map((t) => F.pipe(step(t)(start(t, seed), batch), E.map((state) => parametersOf(t, state)['dense/0/kernel']))),
 *   E.match(() => [], E.match(() => [], (kernel) => [kernel]))
 * )
 * check(constrainedLaws(oneStep)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const constrainedLaws = (run: ConstrainedRun): Suite => {
  const columns = ({ shape: [n, units], data }: Tensor) =>
    Array.from({ length: units }, (_, j) => Array.from({ length: n }, (_unused, i) => data[i * units + j]))
  return suite('constrained training', run, [
    law('the constraint holds after every step', 'wₜ ∈ C for t ≥ 1', [constrained(), seed()], ({ constraint, sets, tolerance = 0 }, of) => {
      const kernels = run(constraint, of)
      return every(
        about('the run has no steps', kernels.length > 0),
        ...kernels.flatMap((kernel, t) => columns(kernel).flatMap((v, unit) => sets.map((set) =>
          about(`step ${t + 1}, unit ${unit}: the excess`, atMost(set.excess(v), Math.max(tolerance, 4 * v.length * roundingOf(kernel)))))))
      )
    }, { mostRuns: 20 })
  ])
}
