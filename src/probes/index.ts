/** What a step tells of parameters. */
export { bites } from './bites.js'
export { gradientShare } from './gradientShare.js'
export { kkt } from './kkt.js'
export { norm } from './norm.js'
export { probe, type Probe, type Seen } from './probe.js'
export { zeros } from './zeros.js'
export { stationarity } from './stationarity.js'
// What the types of these exports name, so that a user can name them from here.
export type { Expr } from '../expr/node.js'
export type { SpecValue } from '../part/spec.js'
