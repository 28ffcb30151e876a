/** Where a training loop gets its batches: what a source pushed, or what is pulled from an iterable. */
import type { CompleteNotification, ErrorNotification } from 'rxjs'
import { unheard } from './unheard.js'

/** How a source ended. */
export type End = CompleteNotification | ErrorNotification

/** Batches in order. */
export interface Feed<B> {
  /** The next batches that are here, at most so many. None: nothing is here yet, or nothing will come. */
  readonly take: (most: number) => readonly B[]
  /** How it ended, once everything was taken. */
  readonly end: () => End | undefined
}

/** A feed that must be told when nobody wants more. It ends what it pulls from, and an error of that is unheard. */
export interface Pulled<B> extends Feed<B> {
  readonly stop: () => void
}

/** A feed into which a source pushes. */
export interface Queue<B> extends Feed<B> {
  readonly push: (batch: B) => void
  readonly close: (end: End) => void
  /** Whether more waits than may. */
  readonly full: () => boolean
}

/** The numbers that may wait in a queue, however many batches they make: 128 MB. */
const mostNumbers = 2 ** 24

/**
 * First in, first out; what was taken is forgotten. `numbersOf` says how many numbers a batch has. Whatever is pushed waits its turn, also
 * what is no batch at all: who takes it says so.
 */
export const queue = <B>(mostBatches: number, numbersOf: (batch: B) => number): Queue<B> => {
  let newest: (readonly [B, number])[] = []
  let oldest: (readonly [B, number])[] = []
  let numbers = 0
  let ended: End | undefined
  const waiting = (): number => oldest.length + newest.length
  const next = (): readonly [B, number] | undefined => {
    if (oldest.length === 0) [oldest, newest] = [newest.reverse(), oldest]
    return oldest.pop()
  }
  return {
    push: (batch) => {
      const size = numbersOf(batch)
      newest.push([batch, size])
      numbers += size
    },
    take: (most) => {
      const here: B[] = []
      for (let found = next(); found !== undefined; found = here.length < most ? next() : undefined) {
        here.push(found[0])
        numbers -= found[1]
      }
      return here
    },
    close: (end) => { ended = end },
    end: () => (waiting() === 0 ? ended : undefined),
    full: () => waiting() > mostBatches || numbers > mostNumbers
  }
}

const unended = (error: unknown): void => { unheard('the source of a run that is over failed to end', error) }

/** Pulls from an iterable what is to be folded at once, and no more. One that stops the run while it is asked is ended once it answers. */
export const pulledNow = <B>(source: Iterable<B>): Pulled<B> => {
  const iterator = source[Symbol.iterator]()
  let ended: End | undefined
  let asked = false
  let stopped = false
  const next = (): readonly B[] => {
    asked = true
    try {
      const found: IteratorResult<B, unknown> = iterator.next()
      if (found.done !== true) return [found.value]
      ended = { kind: 'C' }
    } catch (error) {
      ended = { kind: 'E', error }
    } finally {
      asked = false
      if (stopped) stop()
    }
    return []
  }
  const stop = (): void => {
    stopped = true
    if (asked || ended !== undefined) return
    try {
      iterator.return?.()
    } catch (error) {
      unended(error)
    }
  }
  return {
    take: (most) => {
      const here: B[] = []
      while (ended === undefined && !stopped && here.length < most) here.push(...next())
      return stopped ? [] : here
    },
    end: () => ended,
    stop
  }
}

/** Pulls from an asynchronous iterable one batch at a time, the next one when it is asked for after the one before was folded. */
export const pulledLater = <B>(source: AsyncIterable<B>, arrived: () => void): Pulled<B> => {
  const iterator = source[Symbol.asyncIterator]()
  let here: readonly B[] = []
  let asked = false
  let ended: End | undefined
  const next = async (): Promise<readonly [readonly B[], End?]> => {
    try {
      const found: IteratorResult<B, unknown> = await iterator.next()
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
  const close = async (): Promise<void> => {
    try {
      await iterator.return?.()
    } catch (error) {
      unended(error)
    }
  }
  return {
    take: () => {
      const taken = here
      here = []
      if (taken.length === 0 && !asked && ended === undefined) void ask()
      return taken
    },
    end: () => (here.length === 0 ? ended : undefined),
    stop: () => { if (ended === undefined) void close() }
  }
}
