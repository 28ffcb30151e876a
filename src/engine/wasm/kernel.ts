/** What a stage of work is made of, and what its emission may ask for. */
import type { Expr } from '../../expr/node.js'
import type { Write } from './assemble.js'
import type { FunctionCode } from './encode.js'

/**
 * Work over 0 … extent. Its entry takes (from, to, slot), `slot` the number of the thread, which has scratch memory of its own.
 * Whatever the ranges it is split into, the same bytes are written, and it never reads what it writes: so results do not depend on the
 * number of threads, and a range may be done again.
 */
export interface Kernel {
  readonly entry: FunctionCode
  readonly extent: number
  /** Nanoseconds for the whole, about, on one thread. */
  readonly cost: number
}

/** The parameters of an entry. */
export const range = ['i', 'i', 'i'] as const

/** Has work done before a loop: where its result lies, so many numbers. Equal keys are one work. */
export type Once = (key: string, numbers: number, make: (to: number) => Kernel) => number

/** Where a node is emitted: the memory around it. Addresses are in bytes; every tensor has 48 bytes of slack behind it. */
export interface Site {
  readonly write: Write
  /** Where the values of a node lie. */
  readonly at: (e: Expr) => number
  /** Room for so many float32 that belong to this kernel alone. */
  readonly take: (numbers: number) => number
  /** Words that are put into memory once; where they lie. */
  readonly table: (words: Int32Array) => number
  /** One function for one key in the whole module: whoever asks first makes it. */
  readonly shared: (key: string, make: () => FunctionCode) => FunctionCode
  /** What is done once for all steps of a loop, with a node that is the same at all of them; `undefined` where it changes. */
  readonly once?: ((of: Expr) => Once | undefined) | undefined
  /** How many threads may run the kernel at once: how many slots it needs scratch memory for. */
  readonly threads: number
}

/** Emits a node as kernels, in order; each waits for the one before. `undefined`: this shape is left to the reference evaluation. */
export type Emit = (site: Site, e: Expr) => readonly Kernel[] | undefined
