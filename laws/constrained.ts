/** Laws of training under constraints. */
import fc from 'fast-check'
import { maxNorm, minMaxNorm, nonNegative, unitNorm, type Constraint } from 'tikhonov/constraints'
import type { Tensor } from 'tikhonov/tensor'
import { positive, seed } from './arbitraries/index.js'
import { ball, orthant, shell, sphere, type FeasibleSet } from './feasible.js'
import { about, atMost, every, law, suite, type Suite } from './kit/index.js'

/** A run of a few steps under a constraint: a kernel [inputs, units] after each step, its units' incoming weights along axis 0. */
export type ConstrainedRun = (constraint: Constraint, seed: number) => readonly Tensor[]

interface Constrained {
  readonly constraint: Constraint
  readonly set: FeasibleSet
}

const constrained = (): fc.Arbitrary<Constrained> => fc.oneof(
  fc.constantFrom<Constrained>({ constraint: unitNorm, set: sphere }, { constraint: nonNegative, set: orthant }),
  positive({ smallest: 2 ** -6, largest: 4 }).map((cap) => ({ constraint: maxNorm(cap), set: ball(cap) })),
  positive({ smallest: 2 ** -6, largest: 4 }).map((min) => ({ constraint: minMaxNorm({ min, max: 2 * min }), set: shell(min, 2 * min) }))
)

/** The distance from 1 to the next number that these can be. */
const roundingOf = ({ data }: Tensor): number => (data instanceof Float32Array ? 2 ** -23 : Number.EPSILON)

/**
 * What a trainer owes to the constraints it is given: after every step, of every seed, each unit's incoming weights are allowed. The
 * steps of the run should be large enough to leave what is allowed by far.
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
    law('the constraint holds after every step', 'wₜ ∈ C for t ≥ 1', [constrained(), seed()], ({ constraint, set }, of) => {
      const kernels = run(constraint, of)
      return every(
        about('the run has no steps', kernels.length > 0),
        ...kernels.flatMap((kernel, t) => columns(kernel).map((v, unit) =>
          about(`step ${t + 1}, unit ${unit}: the excess`, atMost(set.excess(v), 4 * v.length * roundingOf(kernel)))))
      )
    }, { mostRuns: 10 })
  ])
}
