/** The contract for people who write layers and other parts. */
export { axesOf, type Axes } from '../part/axes.js'
export { count, finite, fraction, issuesOf, nonNegative, positive, rate, seed, within, type Check } from '../part/checks.js'
export { infer, modeAt, sampling, training, type Mode, type Random, type Scope } from './scope.js'
export { issue, showIssue, under, type Issue } from '../part/issue.js'
export { joinPath, type ByPath, type Path } from '../part/path.js'
export { each, mixed, type Each, type Mixed, type Narrowing, type Rows } from './narrowing.js'
export { layer, type Definition, type StateDeclaration, type Stateful } from './build.js'
export { reparametrised, type Reparametrisation, type Rewritten } from './reparametrised.js'
export { penalised, type RowRule, type Work, type WorkPenalty } from './penalised.js'
export { run } from './run.js'
export { wrapper, type Wrapping } from './wrapper.js'
export type { Cell } from '../part/cell.js'
export {
  misfit, ofRank, ofRankAtLeast, same, type Apply, type Fits, type Given, type Known, type Misfit, type ReplaceLast, type SameRule,
  type ShapeRule, type Show, type SizeAt, type Unapplied
} from './rule.js'
export type { Fitting, OutputOf, RowOutput } from './row.js'
export { named, pureOutput, type Declaration, type Layer, type Output } from './layer.js'
export { showSpec, spec, type Spec, type SpecValue } from '../part/spec.js'
export { weightRoles, type Role } from '../part/role.js'
// What the types of these exports name, so that a user can name them from here.
export type { Range } from '../expr/leaf.js'
export type { Expr } from '../expr/node.js'
export type { Shape } from '../expr/shape.js'
