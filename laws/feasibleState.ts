/** Whether the parameters of a state are where their constraints want them. */
import type { Constraint } from 'tikhonov/constraints'
import { constant, evaluate } from 'tikhonov/expr'
import { declarations } from 'tikhonov/model'
import { parametersOf, type Trainer, type TrainState } from 'tikhonov/training'
import { about, every, near, type Outcome, type Tolerance } from './kit/index.js'

/** Constraints by the path of their parameter, with the axes of one unit's incoming weights. */
export type Constrained = readonly (readonly [string, Constraint, readonly number[]])[]

/** The constraints that a trainer's model declares. */
export const constraintsOf = ({ model }: Trainer): Constrained =>
  Object.entries(declarations(model).parameters)
    .flatMap(([path, { constraint, incoming }]) => (constraint === undefined ? [] : [[path, constraint, incoming]]))

/** Whether each constrained parameter is where its projection leaves it, if its projection leaves anything where it put it. */
export const feasible = (t: Trainer, constraints: Constrained, state: TrainState, tolerance: Tolerance): Outcome => {
  const values = parametersOf(t, state)
  return every(...constraints.map(([path, constraint, incoming]) => {
    const project = (w: readonly number[]) => evaluate(constraint.project(incoming)(constant(w, values[path].shape)))
    const w = [...values[path].data]
    const once = project(w)
    return about(path, near(project(once), once, tolerance) === true ? near(w, once, tolerance) : true)
  }))
}
