/** Advice: what the literature has against a model. */
export { advice } from './advice.js'
export type { Described, Finding, Seen } from './finding.js'
