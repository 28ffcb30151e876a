/** What a model consists of, as data and as a table. */
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { showShape, sizeOf, type Shape } from '../expr/shape.js'
import type { Declaration } from '../layer/layer.js'
import { layerPaths } from '../layer/run.js'
import { infer } from '../layer/scope.js'
import type { ByPath, Path } from '../part/path.js'
import { showSpec, type Spec } from '../part/spec.js'
import type { Model } from './model.js'

/** One layer of a summary. */
export interface SummaryRow {
  readonly path: Path
  readonly spec: Spec
  /** The shape of one example after the layer. */
  readonly output: Shape
  /** How many numbers the layer learns. */
  readonly parameters: number
  /** Penalties as `parameter: l2(lambda 0.001)`. */
  readonly penalties: readonly string[]
  readonly constraints: readonly string[]
}

/** The layers of a model and how many numbers it learns in all. */
export interface Summary {
  readonly input: Shape
  readonly rows: readonly SummaryRow[]
  readonly parameters: number
}

const local = (path: Path, layer: Path): Path => path.slice(layer.length + 1)

const activityOf = ({ activityRegularizer: of }: Spec['options']): readonly string[] =>
  typeof of === 'object' && of !== null && 'kind' in of ? [`activity: ${showSpec(of)}`] : []

const penaltiesOf = (at: Path, declared: ByPath<Declaration>): readonly string[] =>
  Object.entries(declared).flatMap(([path, { regularizer }]) =>
    (regularizer?.terms ?? []).map((t) => `${local(path, at)}: ${showSpec(t.spec)}`))

const constraintsOf = (at: Path, declared: ByPath<Declaration>): readonly string[] =>
  Object.entries(declared).flatMap(([path, { constraint }]) =>
    (constraint === undefined ? [] : [`${local(path, at)}: ${showSpec(constraint.spec)}`]))

const rowOf = (path: Path, spec: Spec, output: Shape, declared: ByPath<Declaration>): SummaryRow => ({
  path, spec, output,
  parameters: Object.values(declared).reduce((n, d) => n + sizeOf(d.shape), 0),
  penalties: [...penaltiesOf(path, declared), ...activityOf(spec.options)],
  constraints: constraintsOf(path, declared)
})

/**
 * Each layer of a model: its path, output, parameters, penalties and constraints.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { sequential, summary } from 'tikhonov/model'
 * F.pipe(sequential([60], dense(60), dense(1)), E.map((m) => summary(m).parameters)) // => E.right(3721)
 * ```
 */
export const summary = ({ input, layers }: Model): Summary => {
  const paths = layerPaths(layers)
  const folded = layers.reduce<{ readonly x: Expr; readonly rows: readonly SummaryRow[] }>(({ x, rows }, layer, i) => {
    const { y, parameters } = layer.apply({ path: paths[i], mode: infer })(x)
    return { x: y, rows: [...rows, rowOf(paths[i], layer.spec, y.shape.slice(1), parameters)] }
  }, { x: variable('batch/x', [1, ...input]), rows: [] })
  return { input, rows: folded.rows, parameters: folded.rows.reduce((n, r) => n + r.parameters, 0) }
}

/**
 * A summary as a table for people.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { l2 } from 'tikhonov/regularizers'
 * import { sequential, showSummary, summary } from 'tikhonov/model'
 * F.pipe(
 *   sequential([60], dense(30, { kernelRegularizer: l2(0.001) })),
 *   E.map((m) => showSummary(summary(m)).split('\n').filter((line) => line.startsWith('dense')))
 * ) // => E.right(['dense/0  [30]          1830  kernel: l2(lambda 0.001)'])
 * ```
 */
export const showSummary = ({ input, rows, parameters }: Summary): string => {
  const cells = [
    ['layer', 'output', 'parameters', 'penalties', 'constraints'],
    ['input', showShape(input), '0', '', ''],
    ...rows.map((r) => [r.path, showShape(r.output), String(r.parameters), r.penalties.join(', '), r.constraints.join(', ')])
  ]
  const widths = cells[0].map((_, c) => Math.max(...cells.map((row) => row[c].length)))
  const lines = cells.map((row) => row.map((cell, c) => (c === 2 ? cell.padStart(widths[c]) : cell.padEnd(widths[c]))).join('  ').trimEnd())
  return [lines[0], '─'.repeat(Math.max(...lines.map((l) => l.length))), ...lines.slice(1), `${parameters} parameters`].join('\n')
}
