/** The values that a model needs: its parameters and its layers' state, by path. */
import { variable } from '../expr/leaf.js'
import { reference } from '../engine/reference/reference.js'
import { infer } from '../layer/scope.js'
import type { Declaration } from '../layer/layer.js'
import type { Cell } from '../part/cell.js'
import type { ByPath } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import { forward, type Model } from './model.js'

/** What a model declares, by path. */
export interface Declared {
  readonly parameters: ByPath<Declaration>
  readonly state: ByPath<Cell>
}

/**
 * The parameters and layer state that a model declares.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { declarations, sequential } from 'tikhonov/model'
 * F.pipe(sequential([2], dense(8)), E.map((m) => declarations(m).parameters['dense/0/kernel'].shape)) // => E.right([2, 8])
 * ```
 */
export const declarations = (model: Model): Declared => {
  const { parameters, state } = forward(model, infer)(variable('batch/x', [1, ...model.input]))
  return { parameters, state }
}

/** The first values of cells and parameters under a seed: a function of the seed and of each one's path. */
export const firstValues = (seed: number, initial: ByPath<Pick<Cell, 'shape' | 'initial'>>): ByPath<Tensor> => {
  const paths = Object.keys(initial)
  const values = reference().evaluate(paths.map((p) => initial[p].initial(p)))({ values: () => [], seed, step: 0, position: 0 })
  const first = (p: string, i: number): Tensor => ({ _tag: 'Tensor', shape: initial[p].shape, data: new Float64Array(values[i]) })
  return Object.fromEntries(paths.map((p, i) => [p, first(p, i)]))
}

/**
 * First parameters and layer state of a model under a seed, by path. A value depends on the seed and on its own path only.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { initialValues, sequential } from 'tikhonov/model'
 * F.pipe(sequential([2], dense(3)), E.map((m) => Object.keys(initialValues(m, 1)))) // => E.right(['dense/0/kernel', 'dense/0/bias'])
 * ```
 */
export const initialValues = (model: Model, seed = 0): ByPath<Tensor> => {
  const { parameters, state } = declarations(model)
  return firstValues(seed, { ...parameters, ...state })
}
