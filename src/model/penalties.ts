/** The penalties of a model's parameters, term by term. */
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { termPaths } from '../layer/build.js'
import type { Declaration } from '../layer/layer.js'
import { axesOf } from '../part/axes.js'
import type { ByPath } from '../part/path.js'
import type { Term } from '../regularizers/regularizer.js'

/** Each penalty by the path of its parameter and its kind: `dense/0/kernel/l2`; of the terms that are meant, all unless told. */
export const penaltiesOf = (parameters: ByPath<Declaration>, meant: (term: Term) => boolean = () => true): ByPath<Expr> =>
  Object.fromEntries(Object.entries(parameters).flatMap(([path, { shape, regularizer, ...axes }]) =>
    termPaths(path, regularizer?.terms ?? []).flatMap(([at, term]) =>
      (meant(term) ? [[at, term.penalty(variable(path, shape), axesOf(shape, axes))]] : []))))
