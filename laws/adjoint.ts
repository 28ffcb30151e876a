/** Laws of two linear functions of which each is the transpose of the other: broadcast ⊣ sum, slice ⊣ pad, patches ⊣ foldPatches. */
import fc from 'fast-check'
import { add, constant, evaluate, mul, pullback, sum, variable, type Expr, type Shape } from 'tikhonov/expr'
import { dyadic } from './arbitraries/index.js'
import { about, every, law, near, suite, type Suite } from './kit/index.js'

/** A linear function of a tensor, and what is meant to be its transpose. */
export interface AdjointPair {
  readonly of: (x: Expr) => Expr
  readonly adjoint: (y: Expr) => Expr
}

const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

const tensors = (shape: Shape): fc.Arbitrary<Expr> =>
  fc.array(dyadic(), { minLength: sizeOf(shape), maxLength: sizeOf(shape) }).map((values) => constant(values, shape))

/** Sums of products of dyadic numbers: what is not exact is a rounding. */
const exact = { relative: 1e-12, absolute: 1e-12 }

/**
 * A pair of functions, on inputs of one shape: the first is linear, the second is its transpose, and each is what the other's derivative
 * comes to, so that derivatives of any order are right.
 *
 * @example
 * ```ts
 * import { foldPatches, patches } from 'tikhonov/expr'
 * import { adjointLaws, check } from 'tikhonov/laws'
 * const window = { size: [3], strides: [2], padding: 'same' } as const
 * const pair = { of: (x) => patches(x, window), adjoint: (p) => foldPatches(p, window, [6]) } satisfies Parameters<typeof adjointLaws>[0]
 * check(adjointLaws(pair, [2, 6, 1])).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const adjointLaws = (pair: AdjointPair, input: Shape): Suite => {
  const { of, adjoint } = pair
  const output = of(variable('x', input)).shape
  const inner = (a: Expr, b: Expr) => evaluate(sum(mul(a, b)))
  return suite('adjoint', pair, [
    law('is linear', 'f(αx + z) = α·f(x) + f(z)', [tensors(input), tensors(input), dyadic()], (x, z, alpha) =>
      near(evaluate(of(add(mul(alpha, x), z))), evaluate(add(mul(alpha, of(x)), of(z))), exact)),
    law('is the transpose', '⟨f(x), y⟩ = ⟨x, fᵀ(y)⟩', [tensors(input), tensors(output)], (x, y) =>
      near(inner(of(x), y), inner(x, adjoint(y)), exact)),
    law('each is the pullback of the other', 'Jᵀy = fᵀ(y), and J = f', [tensors(input), tensors(output)], (x, y) => {
      const [a, b] = [variable('a', input), variable('b', output)]
      const given = { a: evaluate(x), b: evaluate(y) }
      return every(
        about('of the first', near(evaluate(pullback(of(a), y, [a])[0], given), evaluate(adjoint(y)), exact)),
        about('of the second', near(evaluate(pullback(adjoint(b), x, [b])[0], given), evaluate(of(x)), exact))
      )
    })
  ])
}
