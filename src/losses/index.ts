/** Losses. */
export { mse } from './mse.js'
export type { Loss, Wanted } from './loss.js'
