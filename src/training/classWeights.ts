/** Weights by class, for data in which some classes are rare or dear. */
import { nonEmptyArray as NEA } from 'fp-ts'
import { showShape, sizeOf } from '../expr/shape.js'
import type { Batch } from '../engine/engine.js'
import { issue, type Issue } from '../part/issue.js'
import { refuse } from '../part/refuse.js'
import type { Tensor } from '../tensor/tensor.js'

/** How much each class counts, by its label; a list serves for 0, 1, 2, … */
export type ClassWeights = Readonly<Record<number, number>>

type Part = readonly [label: number, part: number]

const rowOf = ({ shape, data }: Tensor, i: number): readonly number[] => {
  const width = sizeOf(shape.slice(1))
  return Array.from(data.subarray(i * width, (i + 1) * width))
}

/** The classes of an example and how much it is of each: a label is wholly one, a distribution is Σ of its parts. */
const partsOf = (row: readonly number[]): readonly Part[] =>
  row.length === 1 ? [[row[0], 1]] : row.map((part, label): Part => [label, part]).filter(([, part]) => part !== 0)

/** How far from 1 parts may add up to that were rounded to two digits; labels, which are whole, are off by 1 or more. */
const rounding = 0.05

const rowIssues = (path: string, row: readonly number[]): readonly Issue[] => {
  const negative = row.find((part) => part < 0)
  const sum = row.reduce((total, part) => total + part, 0)
  return negative === undefined && Math.abs(sum - 1) <= rounding ? []
  : [issue(path, negative === undefined ? `parts that add up to ${sum}` : `a part of ${negative}`,
    'a distribution over classes, parts ≥ 0 that add up to 1; labels of many steps have no one weight')]
}

/** What is wrong with wanted values that are to say the class of each example, or its parts of several: the first such row. */
const wantedIssues = (path: string, y: Tensor, present: number, classes?: number): readonly Issue[] => {
  const width = sizeOf(y.shape.slice(1))
  if (width === 1) return []
  const fits = y.shape.length === 2 && (classes === undefined || classes === width)
  return fits ? Array.from({ length: present }, (_, i) => i).flatMap((i) => rowIssues(`${path}[${i}]`, rowOf(y, i))).slice(0, 1)
    : [issue(path, `shape ${showShape(y.shape)}`, `[batch], [batch, 1] or [batch, ${classes ?? 'classes'}]`)]
}

/**
 * The batch with each example's weight (1 unless told) multiplied by that of its class. Pure: in a stream, `map(classWeights(weights))`.
 *
 * Wanted values are labels, [batch] or [batch, 1] (0 and 1 for binary cross-entropy, −1 and 1 for hinge), or one-hot rows [batch, k]; a
 * soft row counts Σ q·weight. A label without a weight gets NaN, which `fold` and `evaluate` refuse with its row. Rows of padding get 0.
 * Since the loss is Σwℓ/Σw, only the ratios of the weights matter. Keras: `class_weight`, which divides by the number of examples instead.
 *
 * An example has one weight, so labels of many steps or outputs, [batch, time], have none. As many labels as classes, one of them 1 and
 * the others 0, cannot be told from a one-hot row. Errors: rows of several numbers that are no distribution, more axes, a list of weights
 * that is not one to each number of a row (a RangeError: a mistake of the caller).
 * @example
 * ```ts
 * import { tensor } from 'tikhonov/tensor'
 * import { classWeights } from 'tikhonov/training'
 * const batch = { x: tensor([[1], [2], [3]]), y: tensor([[0], [1], [1]]), weight: [1, 1, 2] }
 * classWeights([1, 10])(batch).weight // => [1, 10, 20]
 * ```
 */
export const classWeights = (weights: ClassWeights) => (batch: Batch): Batch => {
  const weightOf = (i: number): number =>
    partsOf(rowOf(batch.y, i)).reduce((sum, [label, part]) => sum + part * (weights[label] ?? Number.NaN), 0)
  const length = batch.y.shape[0]
  refuse(wantedIssues('batch/y', batch.y, Math.min(batch.count ?? length, length), Array.isArray(weights) ? weights.length : undefined))
  const weight = Array.from({ length }, (_, i) => (i < (batch.count ?? length) ? (batch.weight?.[i] ?? 1) * weightOf(i) : 0))
  return { ...batch, weight }
}

/**
 * Weights under which every class that occurs counts the same: n/(k·count), with n examples and k classes that occur. Their mean over the
 * examples is 1. Wanted values and errors as for `classWeights`. King & Zeng 2001.
 * @example
 * ```ts
 * import { tensor } from 'tikhonov/tensor'
 * import { balanced } from 'tikhonov/training'
 * balanced(tensor([[0], [0], [0], [1]])) // => { 0: 4 / 6, 1: 2 }
 * ```
 */
export const balanced = (y: Tensor): ClassWeights => {
  const n = y.shape[0]
  refuse(wantedIssues('y', y, n))
  const byClass = NEA.groupBy(([label]: Part) => String(label))(Array.from({ length: n }, (_, i) => partsOf(rowOf(y, i))).flat())
  const classes = Object.keys(byClass).length
  const countOf = (parts: readonly Part[]) => parts.reduce((sum, [, part]) => sum + part, 0)
  return Object.fromEntries(Object.entries(byClass).map(([label, parts]) => [label, n / (classes * countOf(parts))]))
}
