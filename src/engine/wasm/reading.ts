/** How a pass reads what it does not compute itself: where it lies, or through a view of it. */
import { constantValues } from '../../expr/leaf.js'
import type { Expr } from '../../expr/node.js'
import { sizeOf } from '../../expr/shape.js'

/** How a view reads its source: one number, the same row each time, one number a row, or the same columns of each row. */
export type Reading =
  | { readonly _tag: 'Scalar' }
  | { readonly _tag: 'Row'; readonly width: number }
  | { readonly _tag: 'Column'; readonly width: number }
  | { readonly _tag: 'Window'; readonly width: number; readonly whole: number; readonly first: number }

/** Where a slice begins, axis by axis. */
export const startOf = (e: Expr): readonly number[] => (e as Expr<{ readonly start: readonly number[] }>).attributes.start

/** The one number that a constant leaf holds, else `undefined`. */
export const numberOf = (e: Expr): number | undefined => {
  const values = constantValues(e)
  return values?.length === 1 ? values[0] : undefined
}

/** Columns of a matrix, whatever is before them: `undefined` where other axes are cut too. */
const windowOf = (e: Expr): Reading | undefined => {
  const [x] = e.args
  const last = e.shape.length - 1
  return e.shape.every((d, a) => a === last || d === x.shape[a])
    ? { _tag: 'Window', width: e.shape[last], whole: x.shape[last], first: startOf(e)[last] } : undefined
}

/** How a view can be read where it is used; `undefined` where it has to be written out. */
const readingOf = (e: Expr): Reading | undefined => {
  if (e.primitive.name === 'slice') return windowOf(e)
  if (e.primitive.name !== 'broadcast') return undefined
  const padded = [...Array.from({ length: e.shape.length - e.args[0].shape.length }, () => 1), ...e.args[0].shape]
  const axes = e.shape.map((size, a) => ({ size, kept: padded[a] === size, a })).filter(({ size }) => size !== 1)
  if (axes.every((x) => !x.kept)) return { _tag: 'Scalar' }
  const turns = axes.filter((x, i) => i > 0 && x.kept !== axes[i - 1].kept).length
  if (turns !== 1) return undefined
  const kept = sizeOf(axes.filter((x) => x.kept).map((x) => x.size))
  return axes[0].kept ? { _tag: 'Column', width: sizeOf(e.shape) / kept } : { _tag: 'Row', width: kept }
}

/** An input of a pass and how it is read. */
export interface Input { readonly node: Expr; readonly source: Expr; readonly reading: Reading | { readonly _tag: 'Whole' } }

/** How a pass reads an argument from outside: whole, or through a view whose rows agree with `width`. */
const inputOf = (node: Expr, width: number | undefined): Input => {
  const reading = readingOf(node)
  return reading === undefined || (reading._tag !== 'Scalar' && reading.width !== width)
    ? { node, source: node, reading: { _tag: 'Whole' } }
    : { node, source: node.args[0], reading }
}

/** The width of the rows of a pass: that of its first view by rows or columns. */
export const widthOf = (outside: readonly Expr[]): number | undefined =>
  outside.flatMap((e) => {
    const reading = readingOf(e)
    return reading === undefined || reading._tag === 'Scalar' ? [] : [reading.width]
  })[0]

/** Arguments of a pass that it does not compute itself. */
export const outsideOf = (nodes: readonly Expr[]): readonly Expr[] => {
  const own = new Set(nodes)
  return [...new Set(nodes.flatMap((e) => e.args.filter((a) => !own.has(a))))]
}

/** What a pass reads, and how. */
export const inputsOf = (nodes: readonly Expr[]): readonly Input[] => {
  const outside = outsideOf(nodes)
  const width = widthOf(outside)
  return outside.map((e) => inputOf(e, width))
}

/** Whether an input is read where it lies at each step of a loop; one that is not has a copy that stays. */
export const movesAlong = ({ reading }: Input): boolean => reading._tag === 'Whole' || reading._tag === 'Window'
