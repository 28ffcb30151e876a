/** Which axes of a parameter lie where: what layers know, and what penalties and projections want to be told. */
import type { Shape } from '../expr/shape.js'

/** Axes of a parameter. The axes that remain count its units, or its inputs. */
export interface Axes {
  /** Over which the incoming weights of one unit lie: [0] of a dense kernel [in, out], [0, 1, 2] of a kernel [h, w, in, out]. */
  readonly incoming: readonly number[]
  /** Over which the outgoing weights of one input lie: [1] and [0, 1, 3] of the same. */
  readonly outgoing: readonly number[]
}

const allBut = (shape: Shape, axis: number): readonly number[] => shape.map((_, i) => i).filter((i) => i !== axis)

/**
 * The axes of a parameter of this shape. Where nothing is told, the last axis counts units; an input is numbered by the last axis of
 * `incoming`. A bias, each element of which is a unit of its own, has no incoming axes and so no outgoing ones.
 * @example
 * ```ts
 * import { axesOf } from 'tikhonov/layer'
 * axesOf([3, 3, 8, 16]) // => { incoming: [0, 1, 2], outgoing: [0, 1, 3] }
 * axesOf([16], { incoming: [] }) // => { incoming: [], outgoing: [] }
 * ```
 */
export const axesOf = (shape: Shape, { incoming = allBut(shape, shape.length - 1), outgoing }: Partial<Axes> = {}): Axes =>
  ({ incoming, outgoing: outgoing ?? (incoming.length === 0 ? [] : allBut(shape, incoming[incoming.length - 1])) })
