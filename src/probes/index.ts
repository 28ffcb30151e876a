/** What a step tells of parameters. */
export { bites } from './bites.js'
export { gradientShare } from './gradientShare.js'
export { kkt } from './kkt.js'
export { norm } from './norm.js'
export { probe, type Probe, type Seen } from './probe.js'
export { zeros } from './zeros.js'
export { stationarity } from './stationarity.js'
