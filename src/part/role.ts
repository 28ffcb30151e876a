/** What a parameter is to its layer: penalties, decay and masks go by it. */

/** Kernels weigh inputs, recurrent kernels weigh states; the rest is not regularised unless asked. */
export type Role = 'kernel' | 'recurrent' | 'embedding' | 'bias' | 'scale' | 'offset' | 'rate'

/**
 * The roles that decay and penalties mean by default.
 * @example
 * ```ts
 * import { weightRoles } from 'tikhonov/layer'
 * weightRoles.includes('bias') // => false
 * ```
 */
export const weightRoles: readonly Role[] = ['kernel', 'recurrent', 'embedding']
