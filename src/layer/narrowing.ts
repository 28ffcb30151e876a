/** What a layer says of its units, the places along an example's last axis, so that a model can be made narrower. */
import { isElementwise } from '../expr/elementwise.js'
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import type { ByPath } from '../part/path.js'
import type { Layer } from './layer.js'

/** How a layer's output hangs on its input, unit by unit. */
export type Narrowing = Each | Mixed | Rows

/**
 * Each unit of the output is made of one unit of the input alone, numbered `source(unit, inputs)`, and by its parameters: a parameter of
 * role `kernel` or `scale` multiplies. The layer takes any number of units as it is: activations, dropout, pooling, batch normalisation.
 */
export interface Each {
  readonly _tag: 'Each'
  readonly source: (unit: number, inputs: number) => number
}

/**
 * y = activation(W·x + b): each unit of the output is made of all units of the input by weights whose axes are declared, and by one number
 * of each parameter without incoming axes. `units` makes the layer with another number of them; there is none where the activation is not
 * element by element (softmax). `padded` layers see zeros beyond the edge, so that what is constant inside is not at the border.
 */
export interface Mixed {
  readonly _tag: 'Mixed'
  readonly units: ((count: number) => Layer) | undefined
  readonly padded: boolean
}

/** Layers in rows within a layer, by what stands between its path and theirs; `of` makes it of other rows, whose ends are as they were. */
export interface Rows {
  readonly _tag: 'Rows'
  readonly rows: ByPath<readonly Layer[]>
  readonly of: (rows: ByPath<readonly Layer[]>) => Layer
}

/**
 * Unit `unit` of the output is made of unit `source(unit, inputs)` of the input, the same unit unless told.
 * @example
 * ```ts
 * import { each } from 'tikhonov/layer'
 * import { flatten } from 'tikhonov/layers'
 * each().source(3, 8) // => 3
 * flatten.narrowing?._tag // => 'Each'
 * ```
 */
export const each = (source: Each['source'] = (unit) => unit): Each => ({ _tag: 'Each', source })

/** Whether a function of a tensor treats each element by itself. */
export const actsAlone = (of: (x: Expr) => Expr): boolean => {
  const x = variable('x', [2, 3])
  return isElementwise(of(x), x)
}

/**
 * y = activation(W·x + b) with so many units as `units` is told; `padded` unless the layer stays inside its input.
 * @example
 * ```ts
 * import { dense, relu, softmax } from 'tikhonov/layers'
 * const known = [relu, softmax].map((activation) => dense(10, { activation }).narrowing)
 * known.map((n) => n?._tag === 'Mixed' && n.units !== undefined) // => [true, false]
 * ```
 */
export const mixed = (
  units: (count: number) => Layer, activation: { readonly of: (x: Expr) => Expr }, { padded = false }: { readonly padded?: boolean } = {}
): Mixed => ({ _tag: 'Mixed', units: actsAlone(activation.of) ? units : undefined, padded })
