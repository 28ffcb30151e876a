/** What a step tells of parameters. */
export { kkt } from './kkt.js'
export { probe, type Probe, type Seen } from './probe.js'
export { zeros } from './zeros.js'
