/** The dropout family. */
export { dropout, type DropoutOptions } from './dropout.js'
