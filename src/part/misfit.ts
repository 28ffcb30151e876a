/** Misfits of expressions as findings. */
import { problems } from '../expr/graph.js'
import { showShapeProblem, type Expr } from '../expr/node.js'
import { issue, type Issue } from './issue.js'
import type { Path } from './path.js'

/** What does not fit in these graphs, found at a path: the operation and the shapes that it met. */
export const misfits = (path: Path, roots: readonly Expr[]): readonly Issue[] =>
  problems(roots).map((p) => issue(path, showShapeProblem(p), `shapes that fit ${p.operation}`))
