/** A fused pass: all element-wise nodes of one shape and level in one loop, each value in a register, each input read once. */
import type { Expr } from '../../expr/node.js'
import { sizeOf, type Shape } from '../../expr/shape.js'
import { f32, f4, i32, v, write, type I, type V, type Writer } from './assemble.js'
import type { FunctionCode } from './encode.js'
import { operations } from './operations.js'
import { numberOf, readingOf, type Reading } from './stages.js'

/** Where values lie, in bytes. */
export type AddressOf = (e: Expr) => number

/** An input of a pass and how it is read. */
interface Input { readonly node: Expr; readonly source: Expr; readonly reading: Reading | { readonly _tag: 'Whole' } }

/** How a pass reads an argument from outside: whole, or through a broadcast whose rows agree with `width`. */
const inputOf = (node: Expr, width: number | undefined): Input => {
  const reading = readingOf(node)
  return reading === undefined || (reading._tag !== 'Scalar' && reading.width !== width)
    ? { node, source: node, reading: { _tag: 'Whole' } }
    : { node, source: node.args[0], reading }
}

/** The width of the rows of a pass: that of its first broadcast by rows or columns. */
const widthOf = (outside: readonly Expr[]): number | undefined =>
  outside.flatMap((e) => {
    const reading = readingOf(e)
    return reading === undefined || reading._tag === 'Scalar' ? [] : [reading.width]
  })[0]

/** Arguments of a pass that it does not compute itself. */
export const outsideOf = (nodes: readonly Expr[]): readonly Expr[] => {
  const own = new Set(nodes)
  return [...new Set(nodes.flatMap((e) => e.args.filter((a) => !own.has(a))))]
}

/** Broadcasts that a pass cannot read in place and that have to be written out for it. */
export const writtenOut = (nodes: readonly Expr[]): readonly Expr[] => {
  const outside = outsideOf(nodes)
  const width = widthOf(outside)
  return outside.filter((e) => e.primitive.name === 'broadcast' && inputOf(e, width).reading._tag === 'Whole')
}

/** Subnormal numbers as 0: they would make every later step many times slower. */
const flushed = (w: Writer, x: V): V => v.and(x, f4.greater(f4.abs(x), w.all(1.17549435e-38)))

/** What happens to the values of a pass beside their computation. */
export interface Keeping {
  /** Nodes that others read. */
  readonly stored: readonly Expr[]
  /** Nodes whose subnormals become 0. */
  readonly decaying: ReadonlySet<Expr>
  /** Nodes that must be finite: where one is not, the float32 at `flag` becomes NaN. */
  readonly checked: ReadonlySet<Expr>
  readonly flag: number
}

/** Whether a pass can check what it stores: lanes past the end of a row mean nothing. */
export const checksItself = (nodes: readonly Expr[], shape: Shape): boolean => (widthOf(outsideOf(nodes)) ?? sizeOf(shape)) % 4 === 0

/** The function that runs a pass. */
export const passFunction = (name: string, nodes: readonly Expr[], shape: Shape, address: AddressOf, keeping: Keeping): FunctionCode =>
  write(name, [], (w) => {
    const { stored, decaying, checked, flag } = keeping
    const watch = checksItself(nodes, shape) ? stored.filter((e) => checked.has(e)) : []
    const seen = watch.length === 0 ? undefined : w.keep(w.all(0))
    const outside = outsideOf(nodes)
    const width = widthOf(outside)
    const inputs = outside.map((e) => inputOf(e, width))
    const values = new Map<Expr, V>()
    const zero = i32.of(0)
    for (const { node, source, reading } of inputs) {
      if (reading._tag !== 'Scalar') continue
      const number = numberOf(source)
      values.set(node, number === undefined ? w.keep(f4.loadSplat(zero, address(source))) : w.all(number))
    }
    const body = (at: I, column: I) => {
      for (const { node, source, reading } of inputs) {
        const number = source.shape.length === 0 ? numberOf(source) : undefined
        if (reading._tag === 'Whole') values.set(node, number === undefined ? w.keep(f4.load(at, address(source))) : w.all(number))
        else if (reading._tag === 'Row') values.set(node, w.keep(f4.load(column, address(source))))
      }
      for (const e of nodes) {
        const made = w.keep(operations[e.primitive.name](w, e.args.map((a) => values.get(a) ?? w.all(Number.NaN))))
        const kept = decaying.has(e) ? w.keep(flushed(w, made)) : made
        values.set(e, kept)
        if (stored.includes(e)) w.store(at, address(e), kept)
        if (seen !== undefined && watch.includes(e)) seen.set(f4.add(seen, f4.mul(kept, w.all(0))))
      }
    }
    const size = sizeOf(shape)
    const tell = () => { if (seen !== undefined) raiseFlag(w, flag, seen) }
    if (width === undefined) {
      w.range(0, size * 4, 16, (at) => { body(at, at) })
      tell()
      return
    }
    // A row may write past its end: the next row puts that right, the last one has slack behind it.
    const at = w.local('i')
    const start = w.keep(i32.of(0))
    w.range(0, (size / width) * 4, 4, (row) => {
      for (const { node, source, reading } of inputs) {
        if (reading._tag === 'Column') values.set(node, w.keep(f4.loadSplat(row, address(source))))
      }
      w.range(0, width * 4, 16, (column) => {
        at.set(i32.add(start, column))
        body(at, column)
      })
      start.set(i32.add(start, i32.of(width * 4)))
    })
    tell()
  })

/** Adds four numbers, each 0 or NaN, to the flag. */
const raiseFlag = (w: Writer, flag: number, seen: V): void => {
  const lanes = [0, 1, 2, 3].map((lane) => f4.lane(seen, lane))
  w.storeFloat(i32.of(0), flag, lanes.reduce((sum, x) => f32.add(sum, x), f32.load(i32.of(0), flag)))
}

/** Raises the flag where one of `size` numbers from `at` on is not finite. */
export const checkFunction = (name: string, at: number, size: number, flag: number): FunctionCode =>
  write(name, [], (w) => {
    const seen = w.keep(w.all(0))
    const whole = size - (size % 4)
    const look = (x: V) => { seen.set(f4.add(seen, f4.mul(x, w.all(0)))) }
    w.range(0, whole * 4, 16, (i) => { look(f4.load(i, at)) })
    if (size > whole) {
      const live = v.constant([0, 1, 2, 3].map((lane) => (lane < size - whole ? -1 : 0)) as [number, number, number, number])
      look(v.and(f4.load(i32.of(whole * 4), at), live))
    }
    raiseFlag(w, flag, seen)
  })

/** Copies `size` numbers. */
export const copyFunction = (name: string, from: number, to: number, size: number): FunctionCode =>
  write(name, [], (w) => { w.range(0, size * 4, 16, (at) => { w.store(at, to, f4.load(at, from)) }) })
