/** A convolutional network learns the same on either engine. */
import { either as E, option as O } from 'fp-ts'
import { expect, it } from 'vitest'
import { reference, wasm, type Engine } from 'tikhonov/engine'
import {
  averagePooling2d, conv2d, conv2dTranspose, dense, flatten, maxPooling2d, relu, separableConv2d, softmax
} from 'tikhonov/layers'
import { categoricalCrossEntropy } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { adam } from 'tikhonov/optimizers'
import { l2 } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { fold, start, trainer, type Batch } from 'tikhonov/training'

const right = <A>(e: E.Either<object, A>): A => {
  if (E.isLeft(e)) throw new Error(JSON.stringify(e.left))
  return e.right
}

const model = right(sequential([8, 8, 1],
  conv2d(4, 3, { padding: 'same', activation: relu, kernelRegularizer: l2(0.001) }), maxPooling2d(),
  separableConv2d(6, 3, { activation: relu }), conv2dTranspose(3, 2, { strides: 2 }), averagePooling2d(2, { padding: 'same' }), flatten,
  dense(2, { activation: softmax })
))

/** Horizontal or vertical stripes, with noise: what a kernel of 3 by 3 tells apart. */
const stripes = (rows: number): Batch => ({
  x: tensor(Float64Array.from({ length: rows * 64 }, (_, i) => {
    const [image, row, column] = [Math.floor(i / 64), Math.floor(i / 8) % 8, i % 8]
    return (image % 2 === 0 ? row : column) % 2 + 0.3 * Math.sin(12.9 * i)
  }), [rows, 8, 8, 1]),
  y: tensor(Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? [1, 0] : [0, 1])))
})

const learned = (engine: Engine) => {
  const t = right(trainer({ model, loss: categoricalCrossEntropy(), optimizer: adam(0.01), engine }))
  return right(fold(t)(start(t, 5), Array.from({ length: 30 }, () => stripes(10))))
}

it('and what it learns is to tell stripes apart', () => {
  const engine = O.getOrElse((): Engine => { throw new Error('this host has no WebAssembly SIMD') })(wasm())
  const [exact, fast] = [learned(reference()), learned(engine)]
  const losses = exact.reports.map((r) => r.data)
  expect(losses[0]).toBeGreaterThan(0.5)
  expect(losses[29]).toBeLessThan(0.1)
  fast.reports.forEach((r, i) => { expect(Math.abs(r.data - losses[i]), `step ${i}`).toBeLessThan(1e-3) })
})
