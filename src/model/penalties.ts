/** The penalties of a model's parameters, term by term. */
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { termPaths } from '../layer/build.js'
import type { Declaration } from '../layer/layer.js'
import type { ByPath } from '../part/path.js'

/** Each penalty by the path of its parameter and its kind: `dense/0/kernel/l2`. */
export const penaltiesOf = (parameters: ByPath<Declaration>): ByPath<Expr> =>
  Object.fromEntries(Object.entries(parameters).flatMap(([path, { shape, regularizer }]) =>
    termPaths(path, regularizer?.terms ?? []).map(([at, term]) => [at, term.penalty(variable(path, shape))])))
