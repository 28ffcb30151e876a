/** Placeholder until every primitive is here (another hand writes it now). */
import type { Emit } from './kernel.js'
import { matmul } from './product.js'

export const emitters: Readonly<Record<string, Emit>> = { matmul }
