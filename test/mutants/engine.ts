/** Mutants of engines. */
import { either as E, option as O } from 'fp-ts'
import { reference, wasm, type Engine, type Executable } from 'tikhonov/engine'
import { mul } from 'tikhonov/expr'
import { engineLaws, threadLaws } from 'tikhonov/laws'
import type { Mutant } from './harness.js'

const exact = reference()

/** Quick enough for what is heavy enough to share. */
const threaded = (threads: number): Engine => O.getOrElse(() => exact)(wasm({ threads }))

const alone = threaded(1)

export const suites = [engineLaws(reference('float32')), engineLaws(alone), threadLaws('wasm', threaded)]

/** An engine, the reference unless told, with one edit to its evaluation. */
const evaluating = (edit: (x: number) => number, shift = 0, engine: Engine = exact): Engine => ({
  ...engine,
  evaluate: (roots) => {
    const of = engine.evaluate(roots)
    return (run) => of({ ...run, position: run.position + shift, step: run.step + shift }).map((values) => values.map(edit))
  }
})

/** An engine, the reference unless told, with one edit to its reducers. */
const folding = (edit: (made: Executable) => Executable, engine: Engine = exact): Engine =>
  ({ ...engine, compile: (program) => edit(engine.compile(program)) })

const cleared = (made: Executable): Executable => ({
  fold: (state, batches) => made.fold({ ...state, values: state.values.map((x, i) => (i > state.values.length / 2 ? 0 : x)) }, batches)
})

const scribbling = (made: Executable): Executable => ({
  fold: (state, batches) => {
    const after = made.fold(state, batches)
    if (E.isRight(after)) state.values.set(after.right.state.values)
    return after
  }
})

export const mutants: readonly Mutant[] = [
  {
    name: 'an engine one part in a thousand off', origin: 'one edit', law: 'values agree',
    suite: () => engineLaws(evaluating((x) => x * 1.001))
  },
  {
    name: 'an engine that clips its results', origin: 'one edit', law: 'gradients agree',
    suite: () => engineLaws(evaluating((x) => Math.min(x, 0.5)))
  },
  {
    name: 'an engine one place behind', origin: 'one edit', law: 'draws are the same bits',
    suite: () => engineLaws(evaluating((x) => x, 1))
  },
  {
    name: 'an engine that shrinks what it learns', origin: 'one edit', law: 'training agrees',
    suite: () => engineLaws({
      ...exact,
      compile: (program) => exact.compile({
        ...program, next: Object.fromEntries(Object.entries(program.next).map(([path, e]) => [path, mul(0.99, e)]))
      })
    })
  },
  {
    name: 'an engine that writes into the state it was given', origin: 'River: weights updated in place', law: 'states are values',
    suite: () => engineLaws(folding(scribbling))
  },
  {
    name: 'an engine whose sums are cut by the number of threads', origin: 'one edit', law: 'values do not depend on threads',
    suite: () => threadLaws('cut', (threads) => evaluating((x) => Math.fround(Math.fround(x * (threads + 2)) / (threads + 2)), 0, alone))
  },
  {
    name: 'an engine whose threads each draw their own mask', origin: 'one edit', law: 'training does not depend on threads',
    suite: () => threadLaws('drawn', (threads) =>
      folding((made) => ({ fold: (state, batches) => made.fold({ ...state, cursor: state.cursor + threads }, batches) }), alone))
  },
  {
    name: 'an engine that forgets its slots between folds', origin: 'one edit', law: 'one fold or many',
    suite: () => engineLaws(folding(cleared))
  }
]
