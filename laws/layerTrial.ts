/** How laws of layers try a layer: what they draw, and the layer as a model has it. */
import fc from 'fast-check'
import { constant, evaluate, variable, type Expr, type Shape } from 'tikhonov/expr'
import { infer, run, training, type ByPath, type Layer, type Mode, type Output } from 'tikhonov/layer'
import { dyadic, position, seed as seeds } from './arbitraries/index.js'

/** How a layer is tried: the shape of one example, and how many examples a batch has at most (default 4). */
export interface LayerTrial {
  readonly input: Shape
  readonly most?: number
}

/** An address of a draw: the seed of a run, a step of it and a position in its stream. */
export interface Moment { readonly seed: number; readonly step: number; readonly position: number }

export const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

const numbers = (count: number): fc.Arbitrary<readonly number[]> => fc.array(dyadic(), { minLength: count, maxLength: count })

/** A batch of examples: rows of dyadic numbers. */
export const examples = ({ input, most = 4 }: LayerTrial): fc.Arbitrary<readonly (readonly number[])[]> =>
  fc.array(numbers(sizeOf(input)), { minLength: 1, maxLength: most })

export const moment = (): fc.Arbitrary<Moment> => fc.record({ seed: seeds(), step: fc.nat(1000), position: position() })

const trainingOf = (count: number): Mode => training(constant(Array.from({ length: count }, () => 1), [count]))

export const at = (mode: 'Train' | 'Infer', count: number): Mode => (mode === 'Infer' ? infer : trainingOf(count))

/** A layer under its own path, as a model has it. */
export const applied = (layer: Layer, input: Shape, mode: 'Train' | 'Infer', count: number): Output =>
  run([layer])({ path: '', mode: at(mode, count) })(variable('batch/x', [count, ...input]))

/** First values of what the layer declares, the same for every law, from the seed 7. */
export const valuesOf = (layer: Layer, input: Shape): ByPath<ArrayLike<number>> => {
  const made = applied(layer, input, 'Infer', 1)
  return Object.fromEntries(
    Object.entries<{ readonly initial: (path: string) => Expr }>({ ...made.parameters, ...made.state })
      .map(([path, d]) => [path, evaluate(d.initial(path), {}, { seed: 7 })])
  )
}
