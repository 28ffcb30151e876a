/** The projection that `halfSpace`, `hyperplane` and `affine` share: onto the points that satisfy linear equations. */
import { add, mul, sub } from '../expr/arithmetic.js'
import { keepAxes, sum } from '../expr/broadcast.js'
import { abs, greater, select } from '../expr/compare.js'
import { evaluate } from '../expr/evaluate.js'
import { constant, lift } from '../expr/leaf.js'
import { matmul } from '../expr/matmul.js'
import { invalid, type Expr, type Scalar } from '../expr/node.js'
import { orthonormal } from '../expr/orthonormal.js'
import { reshape } from '../expr/reshape.js'
import { concat, transpose } from '../expr/view.js'
import { issue, type Issue } from '../part/issue.js'
import { leeway } from '../regularizers/rounding.js'
import { onRows, type PerUnit } from '../regularizers/units.js'

type Matrix = readonly (readonly number[])[]

/** Σ rows[j]·v = bounds[j] for each j. */
export interface Equations { readonly rows: Matrix; readonly bounds: readonly Scalar[] }

/** What is wrong with the rows of equations: their numbers, their lengths. */
export const rowIssues = (name: string, rows: Matrix): readonly Issue[] =>
  rows.some((row) => row.length === 0 || row.length !== rows[0].length) || rows.length === 0
    ? [issue(name, `rows of ${rows.map((row) => row.length).join(', ') || 'no'} numbers`, 'as many in each, at least 1')]
  : !rows.flat().every(Number.isFinite) ? [issue(name, 'numbers that are not finite', 'finite numbers')]
  : solved(rows) === undefined ? [issue(name, rows.length === 1 ? 'zeros' : 'rows that depend on each other', 'rows that are independent')]
  : []

/** Equations that each say what one weight, its pivot, is by the others: `rows`, the identity at the pivots, are `by` · the rows given. */
interface Solved { readonly rows: Matrix; readonly by: Matrix; readonly pivots: readonly number[] }

const largest = (row: readonly number[]): number => row.reduce((best, x, i) => (Math.abs(x) > Math.abs(row[best]) ? i : best), 0)

/** Gauss and Jordan's elimination, each row by its largest coefficient; `undefined` where nothing but rounding is left of one. */
const solved = (given: Matrix): Solved | undefined => {
  const [n, sizes] = [given[0].length, given.map((row) => Math.max(...row.map(Math.abs)))]
  const beside = given.map((row, i) => [...row, ...given.map((_, j) => (i === j ? 1 : 0))])
  const { rows, pivots } = given.reduce<{ readonly rows: Matrix; readonly pivots: readonly number[] }>((done, _, j) => {
    const at = largest(done.rows[j].slice(0, n))
    const pivot = done.rows[j].map((x) => x / done.rows[j][at])
    return Math.abs(done.rows[j][at]) <= 1e-12 * sizes[j] ? { ...done, pivots: [...done.pivots, -1] } : {
      rows: done.rows.map((row, i) => (i === j ? pivot : row.map((x, k) => (k === at ? 0 : x - row[at] * pivot[k])))),
      pivots: [...done.pivots, at]
    }
  }, { rows: beside, pivots: [] })
  return pivots.includes(-1) ? undefined : { rows: rows.map((row) => row.slice(0, n)), by: rows.map((row) => row.slice(n)), pivots }
}

const matrix = (rows: Matrix): Expr => constant(rows.flat(), [rows.length, rows[0].length])

/**
 * The nearest point that satisfies equations, for the incoming weights v of each unit: v − QQᵀ(v − x₀), Q an orthonormal basis of the rows
 * and x₀ a point. Its pivots are then what the equations make of the other weights, so that it satisfies them to the rounding of its own
 * terms, however far it came from. Points that do so already stay: where `sided`, those below the bound too.
 */
export const ontoFlat = (kind: string, { rows: given, bounds }: Equations, sided = false): PerUnit => onRows((x) => {
  const n = x.shape[1]
  if (rowIssues('', given).length > 0) return x
  const reduced = given[0].length === n ? solved(given) : undefined
  if (reduced === undefined) {
    const message = `coefficients for ${given[0].length} weights, where a unit has ${n}`
    return invalid({ _tag: 'ShapeProblem', operation: kind, shapes: [x.shape], message }, [x])
  }
  const { rows, by, pivots } = reduced
  const q = constant(evaluate(orthonormal(transpose(matrix(rows)))), [n, rows.length])
  const free = constant(rows[0].map((_, i) => (pivots.includes(i) ? 0 : 1)))
  const pick = matrix(pivots.map((p) => rows[0].map((_, i) => (i === p ? 1 : 0))))
  const others = matrix(rows.map((row) => row.map((c, i) => (pivots.includes(i) ? 0 : c))))
  const target = matmul(concat(bounds.map((b) => reshape(lift(b), [1, 1])), 1), matrix(by), { b: true })
  const through = (y: Expr): Expr => sub(target, matmul(y, others, { b: true }))
  const away = sub(x, matmul(target, pick))
  const near = mul(sub(x, matmul(matmul(away, q), q, { b: true })), free)
  const off = sub(matmul(x, pick, { b: true }), through(x))
  const terms = add(matmul(abs(x), abs(add(others, pick)), { b: true }), abs(target))
  const missed = sided ? mul(Math.sign(by[0][0]), off) : abs(off)
  const beyond = sum(greater(missed, mul(leeway(n, off), terms)), [1])
  return select(keepAxes(greater(beyond, 0), x.shape, [1]), add(near, matmul(through(near), pick)), x)
})
