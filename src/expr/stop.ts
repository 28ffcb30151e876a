/** The end of a gradient. */
import { unary } from './arithmetic.js'

/** x, whose derivative is taken to be 0: what is behind it counts as constant. */
export const stopGradient = unary('stopGradient', (x) => x, () => undefined)
