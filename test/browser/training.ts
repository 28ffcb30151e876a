/** What a page and Node both compute: a dense network with dropout, trained by the WebAssembly engine on so many threads. */
import { either as E, function as F, option as O } from 'fp-ts'
import { dropout } from 'tikhonov/dropout'
import { wasm } from 'tikhonov/engine'
import { dense, relu } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { adam } from 'tikhonov/optimizers'
import { tensor } from 'tikhonov/tensor'
import { fold, start, trainer, type TrainState } from 'tikhonov/training'

/** What came of a run: how many threads the engine had, and each number of the last state by its 32 bits. */
export interface Trained {
  readonly threads: number
  readonly step: number
  readonly loss: number | undefined
  readonly bits: readonly number[]
}

const [examples, features] = [256, 64]

/** Dyadic numbers by a fixed rule: the same wherever they are computed. */
const numbers = (count: number, factor: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => (((i * factor) % 127) - 63) / 64)

const batch = { x: tensor(numbers(examples * features, 7919), [examples, features]), y: tensor(numbers(examples, 104729), [examples, 1]) }

const failed = (problem: unknown): never => { throw new Error(JSON.stringify(problem)) }

const parts = F.pipe(
  sequential([features], dense(256, { activation: relu }), dropout(0.5), dense(256, { activation: relu }), dropout(0.5), dense(1)),
  E.map((model) => ({ model, loss: mse(), optimizer: adam() })),
  E.getOrElseW(failed)
)

/** How often the event loop has a turn, in which workers begin and messages arrive. */
const turns = 20

const turn = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 0) })

/** Two steps a turn, on an engine of its own. */
export const train = async (threads: number): Promise<Trained> => {
  const engine = O.getOrElseW(() => failed('this host has no WebAssembly with SIMD'))(wasm({ threads }))
  const t = E.getOrElseW(failed)(trainer({ ...parts, engine }))
  const state = await Array.from({ length: turns }).reduce<Promise<TrainState>>(async (before) => {
    const from = await before
    await turn()
    return E.getOrElseW(failed)(fold(t)(from, [batch, batch])).state
  }, Promise.resolve(start(t, 7)))
  const { buffer, byteOffset, length } = Float32Array.from(state.values)
  return { threads: engine.threads, step: state.step, loss: state.report?.data, bits: [...new Uint32Array(buffer, byteOffset, length)] }
}
