/** The interface of engines. What a program means is fixed by its expressions; an engine decides how it is computed. */
import type { either as E } from 'fp-ts'
import type { Precision } from '../expr/evaluate.js'
import type { Expr, Run, Values } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import type { ByPath, Path } from '../part/path.js'
import type { Role } from '../part/role.js'
import type { Tensor } from '../tensor/tensor.js'

/** What a place of the state holds. */
export type Holds = Role | 'state' | 'slot'

/** Where a value lies in the block of a state. */
export interface Place {
  readonly path: Path
  readonly shape: Shape
  readonly offset: number
  readonly size: number
  readonly holds: Holds
}

/** What a step reports, as expressions: scalars all. */
export interface Reported<A> {
  /** The weighted mean of the loss over the examples present, without penalties. */
  readonly data: A
  /** Each penalty by the path of what it is on and its kind. */
  readonly penalties: ByPath<A>
  /** data + Σ penalties: what the gradient is of. */
  readonly total: A
  readonly metrics: ByPath<A>
  /** What probes tell of parameters, by path and kind. */
  readonly probes: ByPath<A>
}

/** What a step reported, with the hyper-parameters that it used. */
export interface Report extends Reported<number> {
  readonly hyper: ByPath<number>
}

/**
 * One training step for batches of one size, as expressions. Leaves: `batch/x`, `batch/y`, `batch/weight`, `batch/present`, every place,
 * hypers.
 */
export interface Program {
  readonly batch: number
  readonly layout: readonly Place[]
  /** The next value of each place. */
  readonly next: ByPath<Expr>
  readonly report: Reported<Expr>
}

/** A run at a moment: a value. `values` is one block, laid out by the program; it is never written again. */
export interface TrainState {
  readonly _tag: 'TrainState'
  /** Steps taken. */
  readonly step: number
  /** The seed of the run, a whole number below 2³². */
  readonly seed: number
  /** Examples seen: the position in the stream. */
  readonly cursor: number
  readonly values: Values
  /** What the last step reported. */
  readonly report?: Report
}

/** Examples to learn from, axis 0 one to each. */
export interface Batch {
  readonly x: Tensor
  readonly y: Tensor
  /** How much each example counts; 1 unless told. */
  readonly weight?: ArrayLike<number>
  /** How many rows are examples; the rest is padding. All unless told. */
  readonly count?: number
  /** Where in its step a shard begins; 0 unless told. */
  readonly offset?: number
  /** Values of hyper-parameters at this batch. */
  readonly hyper?: ByPath<number>
}

/** The first node of a step that was not finite. */
export interface Culprit {
  readonly operation: string
  readonly shape: Shape
  /** The flat index of the element, and its value. */
  readonly index: number
  readonly value: number
  /** The parameters that it was computed from, nearest last. */
  readonly from: readonly Path[]
}

/** A step that made a loss, a penalty or a parameter non-finite. It was not applied: `state` is the last good one. */
export interface NonFinite {
  readonly _tag: 'NonFinite'
  readonly state: TrainState
  readonly culprit: Culprit
}

/** A program that needs more memory than there is. Nothing was learned: `state` is the one that came in. */
export interface OutOfMemory {
  readonly _tag: 'OutOfMemory'
  readonly state: TrainState
  /** How much it needs. */
  readonly bytes: number
}

/** The state after some batches, and a report for each that was learned from. */
export interface Folded {
  readonly state: TrainState
  readonly reports: readonly Report[]
}

/**
 * A compiled program: a reducer. Batches are taken to fit the program, each as it is when it is asked for; who makes them may run the
 * program itself meanwhile, and neither run sees the other. `into` is memory that may become the values of the state that goes out, of who
 * steps often and keeps no state: new memory unless told. Engines know states by the identity of their values: who writes to that memory
 * hands it in as another view.
 */
export interface Executable {
  readonly fold: (state: TrainState, batches: Iterable<Batch>, into?: Values) => E.Either<NonFinite | OutOfMemory, Folded>
}

/** A compiled list of expressions: their values at a run. What it returns is overwritten by the next call. */
export type Evaluator = (run: Run) => readonly Values[]

/** An engine. */
export interface Engine {
  readonly name: string
  /** How its numbers are rounded. */
  readonly precision: Precision
  readonly compile: (program: Program) => Executable
  readonly evaluate: (roots: readonly Expr[]) => Evaluator
}
