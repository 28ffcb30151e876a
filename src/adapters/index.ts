/** Keras and PyTorch by name: their conventions, and what of a model would differ there. */
export { differences, type Compared } from './differences.js'
export type { Difference } from './difference.js'
export { keras } from './keras.js'
export { torch } from './torch.js'
