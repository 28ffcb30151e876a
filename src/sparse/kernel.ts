/** The kernel whose rows are features: that of a dense first layer. */
import { showShape } from '../expr/shape.js'
import { layerPaths } from '../layer/run.js'
import type { Model } from '../model/model.js'
import { issue, type Issue } from '../part/issue.js'
import { joinPath, type Path } from '../part/path.js'
import { showSpec } from '../part/spec.js'

/** Where the kernel of the first layer is. */
export const kernelOf = ({ layers }: Model): Path => joinPath(layerPaths(layers)[0] ?? '', 'kernel')

/** What is wrong with a model for sparse rows. */
export const kernelIssues = ({ layers: [first], input }: Model): readonly Issue[] =>
  first?.spec.kind === 'dense' && input.length === 1 ? []
    : [issue('model', `${first === undefined ? 'no layer' : showSpec(first.spec)} on ${showShape(input)}`,
      'dense on [features] as the first layer, whose kernel has a row for each feature')]

/** Programs are made for so many rows; what a batch has less is filled up with rows that have no input. */
export const roomFor = (rows: number): number => 8 ** Math.max(3, Math.ceil(Math.log2(rows) / 3))
