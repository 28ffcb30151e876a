/** What the types of penalties promise: which readings there are. */
import { expect, test } from 'vitest'
import { constant, evaluate } from 'tikhonov/expr'
import {
  exact, groupLasso, l1, logDet, orthogonal, plus, separable, softThreshold, sparseGroupLasso, spectralNorm, towards
} from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'

test('only a penalty with a proximal operator is exact', () => {
  expect([groupLasso(0.1), towards(tensor([1]), 0.1)].map((r) => exact(r).exact.length)).toEqual([1, 1])
  // @ts-expect-error orthogonality has a gradient only
  const one = () => exact(orthogonal(0.1))
  // @ts-expect-error so has the spectral norm
  const two = () => exact(spectralNorm(0.1))
  // @ts-expect-error and the logarithm of a determinant
  const three = () => exact(logDet(0.1))
  // @ts-expect-error the operator of a sum is not the sum of operators
  const four = () => exact(plus(groupLasso(0.1), l1(0.1)))
  expect([one, two, three, four].map((f) => typeof f)).toEqual(['function', 'function', 'function', 'function'])
})

test('only a penalty with a projection is a bound', () => {
  const point = constant([3, 4], [2, 1])
  expect(evaluate(groupLasso(1).onto(2.5)(point))).toEqual([1.5, 2])
  // @ts-expect-error orthogonality has a gradient only
  const one = () => { void orthogonal(0.1).onto(1) }
  // @ts-expect-error the sparse group lasso has no projection in closed form
  const two = () => { void sparseGroupLasso({ l1: 1, group: 1 }).onto(1) }
  expect([one, two].map((f) => typeof f)).toEqual(['function', 'function'])
})

test('groups have a name', () => {
  // @ts-expect-error columns are the incoming weights of units
  const named = groupLasso(0.1, { groups: 'columns' })
  expect(named.issues).toEqual([])
  expect(typeof separable(l1(1), (t) => softThreshold(t)).proximal(constant([1, 2]))).toBe('function')
})
