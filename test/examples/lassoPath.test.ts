import { either as E } from 'fp-ts'
import { expect, it } from 'vitest'
import { lassoOfDiabetes } from '../../examples/lasso-path/diabetes.js'
import { fatOfMeats } from '../../examples/lasso-path/meats.js'

it('the lasso path of diabetes is that of coordinate descent, and is validated', () => {
  const told = lassoOfDiabetes(5, 2)
  const { rows, validation } = E.isRight(told) ? told.right : expect.fail(told.left)
  expect(rows.map(({ converged, difference }) => converged && difference < 1e-6)).toEqual([true, true, true, true, true])
  expect(rows[0].zeros).toBe(10)
  expect(validation.oneStandardError.lambda).toBeGreaterThanOrEqual(validation.best.lambda)
})

it('a path of meats that runs out of steps says so', () => {
  const told = fatOfMeats(3, 40)
  const rows = E.isRight(told) ? told.right : expect.fail(told.left)
  expect(rows.map(({ penalty }) => penalty)).toEqual(['lasso', 'elastic net', 'ridge'])
  expect(rows[0].unfinished).toBeGreaterThan(0)
})
