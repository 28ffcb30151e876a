/** Advice on a model. */
import { variable } from '../expr/leaf.js'
import { sizeOf, type Shape } from '../expr/shape.js'
import type { Layer } from '../layer/layer.js'
import { layerPaths } from '../layer/run.js'
import { infer } from '../layer/scope.js'
import type { ByPath, Path } from '../part/path.js'
import { droppedPredictions, tooNarrow, varianceShift } from './dropoutRules.js'
import type { Described, Finding, Place, Rule, Seen } from './finding.js'
import { decayedBias, idleCap, noZeros, notStandardised, recurrentAlone, scaleFree } from './penaltyRules.js'

const rules: readonly Rule[] = [
  varianceShift, droppedPredictions, tooNarrow, notStandardised, scaleFree, noZeros, idleCap, decayedBias, recurrentAlone
]

const placesOf = (input: Shape, [layer, ...layers]: readonly Layer[], [path, ...paths]: readonly Path[]): readonly Place[] => {
  if (layer === undefined) return []
  const { y, parameters } = layer.apply({ path, mode: infer })(variable('batch/x', [1, ...input]))
  const rest = placesOf(y.shape.slice(1), layers, paths)
  return [{ path, layer, size: sizeOf(input), parameters, rest }, ...rest]
}

/**
 * What the literature has against a model, each finding with its reason, its paper and a remedy; none where nothing is found.
 *
 * From the layers of its row: dropout that feeds batch normalisation; dropout of the output itself; a dropout that leaves fewer values in
 * the mean than there are outputs, n·(1 − rate); L2 on a kernel whose length batch normalisation undoes; a penalised bias; a penalty on
 * a recurrent kernel alone. From its optimizer: decay of biases. From its probes: L1 by its gradient where zeros are counted. From inputs:
 * a penalty on inputs that spread by more than 10 to 1. From values after training: a max-norm of which no weight reaches half.
 *
 * A pure function of descriptions: nothing is trained, nothing changes. What is not told is not judged; layers within layers are seen by
 * what they declare.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { advice } from 'tikhonov/advice'
 * import { dropout } from 'tikhonov/dropout'
 * import { batchNormalization, dense } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(
 *   sequential([8], dense(30), dropout(0.2), batchNormalization(), dense(1)),
 *   E.map((model) => advice({ model }).map(({ path, finding, paper }) => `${path}: ${finding} (${paper})`))
 * ) // => E.right(['dropout/0: dropout feeds the batch normalisation batchNormalization/0 (Li, Chen, Hu & Yang 2018)'])
 * ```
 */
export const advice = (described: Described, seen: Seen = {}): readonly Finding[] => {
  const { input, layers } = described.model
  const places = placesOf(input, layers, layerPaths(layers))
  const parameters = Object.assign({}, ...places.map((place) => place.parameters)) as ByPath<Place['parameters'][string]>
  return rules.flatMap(({ hits, ...words }) =>
    hits({ ...described, ...seen, places, parameters }).map((hit): Finding => ({ _tag: 'Finding', ...hit, ...words })))
}
