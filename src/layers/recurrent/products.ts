/** What the weights of a recurrence do: x·W + b and h·U, gate beside gate. */
import { add, mul } from '../../expr/arithmetic.js'
import { matmul } from '../../expr/matmul.js'
import { isInvalid, type Expr } from '../../expr/node.js'
import { reshape } from '../../expr/reshape.js'
import { axisSize, sizeOf } from '../../expr/shape.js'
import { concat, slice, transpose } from '../../expr/view.js'
import type { RecurrentMasks } from './masks.js'

/** The weights of a recurrence with g gates: [features, g·units], [units, g·units], [g·units] or [2, g·units]. */
export interface RecurrentWeights {
  readonly kernel: Expr
  readonly recurrentKernel: Expr
  /** One row is added to x·W; of two rows the second is added to h·U. */
  readonly bias?: Expr | undefined
}

/** The columns of n gates, side by side in the last axis. */
export const columns = (x: Expr, n: number): readonly Expr[] => {
  const each = isInvalid(x) ? 0 : axisSize(x.shape, -1) / n
  return Array.from({ length: n }, (_, g) => slice(x, [...x.shape.slice(1).map(() => 0), g * each], [...x.shape.slice(0, -1), each]))
}

const isList = (m: Expr | readonly Expr[]): m is readonly Expr[] => Array.isArray(m)

/** [batch, time, n] ↔ [time, batch, n]; anything else as it is. */
export const timeMajor = (e: Expr): Expr => (e.shape.length === 3 ? transpose(e, [1, 0, 2]) : e)

/** v·W over the last axis. */
const product = (v: Expr, w: Expr): Expr => {
  if (isInvalid(v) || isInvalid(w) || v.shape.length === 2) return matmul(v, w)
  const [lead, width] = [v.shape.slice(0, -1), axisSize(v.shape, -1)]
  return reshape(matmul(reshape(v, [sizeOf(lead), width]), w), [...lead, axisSize(w.shape, -1)])
}

/** (v·m)·W, with one mask or with one for each gate. */
const weighed = (v: Expr, kernel: Expr, mask: Expr | readonly Expr[] | undefined, from: number, to: number, gates: number): Expr => {
  if (mask !== undefined && isList(mask)) {
    const each = columns(kernel, gates)
    return concat(each.slice(from, to).map((w, g) => product(mul(v, mask[from + g]), w)))
  }
  const all = from === 0 && to === gates ? kernel : concat(columns(kernel, gates).slice(from, to))
  return product(mask === undefined ? v : mul(v, mask), all)
}

/** A row of a bias, of the gates asked for. */
const biasOf = (bias: Expr | undefined, row: 0 | 1, from: number, to: number, gates: number): Expr | undefined => {
  if (bias === undefined || isInvalid(bias)) return bias
  const rows = bias.shape.length === 2 ? axisSize(bias.shape, 0) : 1
  if (row >= rows) return undefined
  const width = axisSize(bias.shape, -1) / gates
  const flat = rows === 1 ? bias : reshape(slice(bias, [row, 0], [1, gates * width]), [gates * width])
  return from === 0 && to === gates ? flat : slice(flat, [from * width], [(to - from) * width])
}

const plus = (x: Expr, b: Expr | undefined): Expr => (b === undefined ? x : add(x, b))

/** x·W + b for all time steps at once, or for one. */
export const projected = (gates: number, { kernel, bias }: RecurrentWeights, { input }: RecurrentMasks, x: Expr): Expr => {
  const mask = input === undefined ? undefined : isList(input) ? input.map(timeMajor) : timeMajor(input)
  return plus(weighed(x, kernel, mask, 0, gates, gates), biasOf(bias, 0, 0, gates, gates))
}

/** h·U, with the second row of the bias where there is one; of some of the gates where they are told. */
export const recurrent = (gates: number, { recurrentKernel, bias }: RecurrentWeights, { recurrent: mask, weights }: RecurrentMasks) => {
  const kernel = weights === undefined ? recurrentKernel : mul(recurrentKernel, weights)
  return (h: Expr, from = 0, to = gates): Expr => plus(weighed(h, kernel, mask, from, to, gates), biasOf(bias, 1, from, to, gates))
}
