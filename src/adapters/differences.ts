/** What of a model would not be the same in another library. */
import { layerPaths } from '../layer/run.js'
import type { Loss } from '../losses/loss.js'
import type { Model } from '../model/model.js'
import type { Optimizer } from '../optimizers/optimizer.js'
import { joinPath, type Path } from '../part/path.js'
import type { Spec, SpecValue } from '../part/spec.js'
import { absent, isPart, type Difference, type Rules } from './difference.js'
import { kerasRules } from './kerasRules.js'
import { torchRules } from './torchRules.js'

/** A model, and what trains it: a trainer is both. */
export interface Compared {
  readonly model: Model
  readonly optimizer?: Optimizer
  readonly loss?: Loss
}

interface Library {
  readonly name: string
  readonly rules: Rules
}

const partsOf = (value: SpecValue): readonly Spec[] => (Array.isArray(value) ? value.flatMap(partsOf) : isPart(value) ? [value] : [])

/** First values are carried over with the weights, and are a matter of the layer's own rule; so is what a part is told of where it acts. */
const isOwn = (name: string): boolean => name.endsWith('Initializer') || name === 'where'

/** A part and all that it is made of; a part that is the only one of its option stands under the option's name. */
const found = (library: Library, path: Path, { kind, options }: Spec): readonly Difference[] => {
  const rule = Object.hasOwn(library.rules, kind) ? library.rules[kind] : absent(library.name)(kind)
  return [
    ...rule(options).map((words): Difference => ({ _tag: 'Difference', path, ...words })),
    ...Object.entries(options).filter(([name]) => !isOwn(name)).flatMap(([name, value]) => {
      const parts = partsOf(value)
      return parts.flatMap((part, i) => found(library, joinPath(path, name, parts.length === 1 ? '' : i), part))
    })
  ]
}

const libraries = { keras: { name: 'Keras', rules: kerasRules }, torch: { name: 'PyTorch', rules: torchRules } } as const

/**
 * What of a model, and of what trains it, is not in Keras 3 or in PyTorch as it is here: conventions (a factor of 2, what ε is added to,
 * what momentum means), formulas, layouts of weights, first values, masks, and what is not there at all; each with the path of its layer
 * and option and what to write to have it as it is there. A part of a kind that is not known to be there, such as one of your own, is told
 * as absent. A pure function of specs. None: the model is the same there, but for rounding.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { differences } from 'tikhonov/adapters'
 * import { maxNorm } from 'tikhonov/constraints'
 * import { dense } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * import { ridge } from 'tikhonov/regularizers'
 * F.pipe(
 *   sequential([4], dense(3, { kernelConstraint: maxNorm(2) }), dense(1, { kernelRegularizer: ridge(0.01) })),
 *   E.map((model) => differences({ model }, 'keras').map(({ path, remedy }) => `${path}: ${remedy}`))
 * ) // => E.right(['dense/0/kernelConstraint: keras.maxNorm', 'dense/1/kernelRegularizer: l2(λ/2)'])
 * ```
 */
export const differences = ({ model: { layers }, optimizer, loss }: Compared, library: keyof typeof libraries): readonly Difference[] => {
  const paths = layerPaths(layers)
  const of = (path: Path, part: { readonly spec: Spec } | undefined) =>
    (part === undefined ? [] : found(libraries[library], path, part.spec))
  return [...layers.flatMap((layer, i) => of(paths[i], layer)), ...of('optimizer', optimizer), ...of('loss', loss)]
}
