/** Runs told: summed up, as a table, as a picture. */
export { degreesOfFreedom } from './degreesOfFreedom.js'
export { reportSvg, type Run } from './reportSvg.js'
export { showTally } from './showTally.js'
export { tally, tallyMonoid, tallyOf, type Stat, type Tally } from './tally.js'
