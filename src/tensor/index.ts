/** Values in and out. */
export { rows, take, tensor, toNested, type Nested, type Tensor } from './tensor.js'
