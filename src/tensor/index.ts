/** Values in and out. */
export { rows, take, tensor, toNested, type Nested, type Tensor } from './tensor.js'
// What the types of these exports name, so that a user can name them from here.
export type { Shape } from '../expr/shape.js'
