/** A training step over some rows of a kernel: the ordinary program of a model with so many features, whose rows first catch up. */
import { greater, select } from '../expr/compare.js'
import { add } from '../expr/arithmetic.js'
import { broadcast } from '../expr/broadcast.js'
import { substitute } from '../expr/graph.js'
import { constant, variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { sizeOf, type Shape } from '../expr/shape.js'
import type { Place, Program, Reported } from '../engine/engine.js'
import type { Idle } from '../optimizers/idle.js'
import { mapByPath, type ByPath, type Path } from '../part/path.js'
import { programOf, type Made, type Parts } from '../training/program.js'

/** How long rows have waited, and how much time a step takes: places of the program beside those of the trainer. */
export const elapsedPath = 'sparse/elapsed'
const passPath = 'sparse/pass'

/** The parts for a model of another number of features. */
export const ofFeatures = ({ model, ...parts }: Parts, features: number, batch: number): Made =>
  programOf({ ...parts, model: { ...model, input: [features] } }, batch)

/** What steps without a gradient make of the kernel: of the optimizer, or of a penalty that training treats exactly. */
export const idleOf = ({ updated: { idle = {}, pace = {} }, objective: { output } }: Made, kernel: Path): Idle | undefined => {
  const { shape, regularizer } = output.parameters[kernel]
  const [exact] = regularizer?.exact ?? []
  return exact === undefined ? idle[kernel]
    : { pass: pace[kernel], after: (elapsed) => ({ value: exact.proximal(elapsed)(variable(kernel, shape)) }) }
}

/** The kernel and its slots as dense steps would have left them, by path, where rows have waited for `elapsed`. */
export const settledRows = ({ after }: Idle, kernel: Path, shape: Shape): ByPath<Expr> => {
  const elapsed = variable(elapsedPath, [shape[0], 1])
  const { value, slots = {} } = after(elapsed)
  return mapByPath({ [kernel]: value, ...slots }, (e, path) => select(greater(elapsed, 0), e, variable(path, shape)))
}

const withoutKernel = (kernel: Path, by: ByPath<Expr>): ByPath<Expr> =>
  Object.fromEntries(Object.entries(by).filter(([path]) => !path.startsWith(`${kernel}/`)))

/** What can be told without all rows: nothing of the kernel's own penalty, nor of what probes see in it. */
const told = (report: Reported<Expr>, kernel: Path): Reported<Expr> => {
  const penalties = withoutKernel(kernel, report.penalties)
  return {
    ...report,
    penalties,
    total: Object.values(penalties).reduce((sum, penalty) => add(sum, penalty), report.data),
    probes: withoutKernel(kernel, report.probes)
  }
}

/** The program with some variables replaced wherever they are read. */
const reading = (by: ByPath<Expr>, { next, report, ...rest }: Program): Program => {
  const { penalties, metrics, probes, data, total } = report
  const roots = [...[next, penalties, metrics, probes].flatMap((each) => Object.values(each)), data, total]
  const made = new Map(substitute(roots, by).map((e, i) => [roots[i], e]))
  const of = (e: Expr): Expr => made.get(e) ?? e
  return {
    ...rest,
    next: mapByPath(next, of),
    report: {
      data: of(data), total: of(total), penalties: mapByPath(penalties, of), metrics: mapByPath(metrics, of), probes: mapByPath(probes, of)
    }
  }
}

const placed = (layout: readonly Place[], path: Path, shape: Shape): readonly Place[] => {
  const { offset, size } = layout[layout.length - 1]
  return [...layout, { path, shape, holds: 'slot', size: sizeOf(shape), offset: offset + size }]
}

/** The step for so many rows and a batch of so many examples. */
export const rowsProgram = (parts: Parts, kernel: Path, rows: number, batch: number): Program => {
  const made = ofFeatures(parts, rows, batch)
  const program = { ...made.program, report: told(made.program.report, kernel) }
  const idle = idleOf(made, kernel)
  if (idle === undefined) return program
  const { next, ...rest } = reading(settledRows(idle, kernel, made.objective.output.parameters[kernel].shape), program)
  return {
    ...rest,
    layout: placed(placed(program.layout, elapsedPath, [rows, 1]), passPath, []),
    next: { ...next, [elapsedPath]: broadcast(0, [rows, 1]), [passPath]: idle.pass ?? constant(1) }
  }
}
