/** Constraints. */
export type { Constraint } from './constraint.js'
