/** Where a training loop gets its batches: what a source pushed, or what is pulled from an iterable. */
import type { CompleteNotification, ErrorNotification } from 'rxjs'
import type { Batch } from '../engine/engine.js'

/** How a source ended. */
export type End = CompleteNotification | ErrorNotification

/** Batches in order. */
export interface Feed {
  /** The next batches that are here, at most so many. None: nothing is here yet, or nothing will come. */
  readonly take: (most: number) => readonly Batch[]
  /** How it ended, once everything was taken. */
  readonly end: () => End | undefined
}

/** A feed that must be told when nobody wants more. */
export interface Pulled extends Feed {
  readonly stop: () => void
}

/** A feed into which a source pushes. */
export interface Queue extends Feed {
  readonly push: (batch: Batch) => void
  readonly close: (end: End) => void
  /** Whether more waits than may. */
  readonly full: () => boolean
}

/** The numbers that may wait in a queue, however many batches they make: 128 MB. */
const mostNumbers = 2 ** 24

const numbersOf = ({ x, y }: Batch): number => x.data.length + y.data.length

/** First in, first out; what was taken is forgotten. */
export const queue = (mostBatches: number): Queue => {
  let newest: Batch[] = []
  let oldest: Batch[] = []
  let numbers = 0
  let ended: End | undefined
  const waiting = (): number => oldest.length + newest.length
  const next = (): Batch | undefined => {
    if (oldest.length === 0) [oldest, newest] = [newest.reverse(), oldest]
    return oldest.pop()
  }
  return {
    push: (batch) => {
      newest.push(batch)
      numbers += numbersOf(batch)
    },
    take: (most) => {
      const here: Batch[] = []
      for (let batch = next(); batch !== undefined; batch = here.length < most ? next() : undefined) {
        here.push(batch)
        numbers -= numbersOf(batch)
      }
      return here
    },
    close: (end) => { ended = end },
    end: () => (waiting() === 0 ? ended : undefined),
    full: () => waiting() > mostBatches || numbers > mostNumbers
  }
}

/** Pulls from an iterable what is to be folded at once, and no more. */
export const pulledNow = (source: Iterable<Batch>): Pulled => {
  const iterator = source[Symbol.iterator]()
  let ended: End | undefined
  const next = (): readonly Batch[] => {
    try {
      const found: IteratorResult<Batch, unknown> = iterator.next()
      if (found.done !== true) return [found.value]
      ended = { kind: 'C' }
    } catch (error) {
      ended = { kind: 'E', error }
    }
    return []
  }
  return {
    take: (most) => {
      const here: Batch[] = []
      while (ended === undefined && here.length < most) here.push(...next())
      return here
    },
    end: () => ended,
    stop: () => { if (ended === undefined) iterator.return?.() }
  }
}

/** Pulls from an asynchronous iterable one batch at a time, the next one when it is asked for after the one before was folded. */
export const pulledLater = (source: AsyncIterable<Batch>, arrived: () => void): Pulled => {
  const iterator = source[Symbol.asyncIterator]()
  let here: readonly Batch[] = []
  let asked = false
  let ended: End | undefined
  const next = async (): Promise<readonly [readonly Batch[], End?]> => {
    try {
      const found: IteratorResult<Batch, unknown> = await iterator.next()
      return found.done === true ? [[], { kind: 'C' }] : [[found.value]]
    } catch (error) {
      return [[], { kind: 'E', error }]
    }
  }
  const ask = async (): Promise<void> => {
    asked = true
    ;[here, ended] = await next()
    asked = false
    arrived()
  }
  return {
    take: () => {
      const taken = here
      here = []
      if (taken.length === 0 && !asked && ended === undefined) void ask()
      return taken
    },
    end: () => (here.length === 0 ? ended : undefined),
    stop: () => { if (ended === undefined) void iterator.return?.() }
  }
}
