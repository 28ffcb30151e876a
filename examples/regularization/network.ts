/** From a row of the table to a model and its optimizer. */
import { type either as E, monoid as M, type nonEmptyArray as N } from 'fp-ts'
import { type Model, type ModelError, sequential } from 'tikhonov'
import { type Constraint, maxNorm, unitNorm } from 'tikhonov/constraints'
import { dropout } from 'tikhonov/dropout'
import { dense, relu, sigmoid } from 'tikhonov/layers'
import { adam, type Optimizer, sgd } from 'tikhonov/optimizers'
import { l1, l2, type Regularizer, regularizerMonoid } from 'tikhonov/regularizers'
import type { Case, CaseConstraint, CaseOptimizer, Experiment } from '../cases.js'

/** The penalty of a hidden kernel; nothing where the case has none. */
export const penaltyOfCase = (row: Case): Regularizer => M.concatAll(regularizerMonoid)([
  ...(row.l1 === undefined ? [] : [l1(row.l1)]),
  ...(row.l2 === undefined ? [] : [l2(row.l2)])
])

const constraintOf = (constraint: CaseConstraint): Constraint =>
  constraint._tag === 'maxNorm' ? maxNorm(constraint.cap) : unitNorm

/** Hidden layers of dense, relu and, where the case says so, dropout; then one unit whose sigmoid is the probability of class 1. */
export const networkOf = ({ features, hidden }: Experiment, row: Case): E.Either<N.NonEmptyArray<ModelError>, Model> => {
  const kernel = {
    kernelRegularizer: penaltyOfCase(row),
    ...(row.constraint === undefined ? {} : { kernelConstraint: constraintOf(row.constraint) })
  }
  const layers = hidden.flatMap((units) => [
    dense(units, { activation: relu, ...kernel }),
    ...(row.dropout === undefined ? [] : [dropout(row.dropout)])
  ])
  return sequential([features], ...layers, dense(1, { activation: sigmoid }))
}

export const optimizerOf = (optimizer: CaseOptimizer): Optimizer => {
  if (optimizer._tag === 'momentum') return sgd(optimizer.learningRate, { momentum: optimizer.momentum })
  const { learningRate, ...options } = optimizer
  return adam(learningRate, options)
}
