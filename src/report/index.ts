/** Runs told: summed up, as a table, as a picture. */
export { degreesOfFreedom } from './degreesOfFreedom.js'
export { reportSvg, type Run } from './reportSvg.js'
export { showTally } from './showTally.js'
export { tally, tallyMonoid, tallyOf, type Stat, type Tally } from './tally.js'
// What the types of these exports name, so that a user can name them from here.
export type { Report } from '../engine/engine.js'
export type { Issue } from '../part/issue.js'
export type { Tensor } from '../tensor/tensor.js'
