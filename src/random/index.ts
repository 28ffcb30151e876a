/** Randomness as a function of its address. */
export { bits, type Address, type Draw } from './bits.js'
export { draws, truncatedDeviation, type Draws } from './draws.js'
export { pairedDraws } from './paired.js'
export { permutation, type PermutationAddress } from './permutation.js'
export { threefry2x32 } from './threefry.js'
export { word } from './word.js'
// What the types of these exports name, so that a user can name them from here.
export type { Expr } from '../expr/node.js'
export type { Shape } from '../expr/shape.js'
