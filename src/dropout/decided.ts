/** How a layer decides at random, said in its type. */

/**
 * What one random decision is about, and what it belongs to. A decision `by` an example is addressed by the example's position in the
 * stream and by the layer's path: no batch size, shard or other layer changes it. A decision `by` a step is addressed by the step and the
 * path: all examples of the step share it.
 */
export interface Decided<Of extends string, By extends 'example' | 'step'> {
  readonly decision: { readonly of: Of; readonly by: By }
}

/** A layer, with what one of its decisions is about and what that belongs to. */
export const decided = <const Of extends string, const By extends 'example' | 'step'>(of: Of, by: By) =>
  <L extends object>(layer: L): L & Decided<Of, By> => ({ ...layer, decision: { of, by } })
