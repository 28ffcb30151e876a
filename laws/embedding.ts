/** Laws of embeddings. */
import fc from 'fast-check'
import { evaluate, gradient, mul, sum, variable } from 'tikhonov/expr'
import { infer, run, type Layer } from 'tikhonov/layer'
import { about, every, law, same, suite, type Suite } from './kit/index.js'
import { rowLaws } from './layer.js'
import { numbers } from './perturbation.js'

/** Sizes that an embedding is tried with. */
const [rows, length, most, width] = [2, 3, 4, 2]

/**
 * What an embedding obeys, given how it is made for numbers below `inputDim`, each to become `outputDim` numbers: it is the product of
 * one-hot rows with its matrix, and so is its derivative; a number that is no row gives NaN and touches nothing else; rows that an engine
 * of float32 would take for others are refused.
 *
 * @example
 * ```ts
 * import { check, embeddingLaws } from 'tikhonov/laws'
 * import { embedding } from 'tikhonov/layers'
 * check(embeddingLaws((inputDim, outputDim) => embedding(inputDim, outputDim))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const embeddingLaws = (make: (inputDim: number, outputDim: number) => Layer): Suite => {
  const layer = make(most, width)
  const { y, parameters } = run([layer])({ path: '', mode: infer })(variable('x', [rows, length]))
  const [path] = Object.keys(parameters)
  const [dw] = gradient(sum(mul(y, variable('dy', y.shape))), [variable(path, [most, width])])
  const indices = fc.array(fc.nat(most - 1), { minLength: rows * length, maxLength: rows * length })
  const at = (x: readonly number[], w: readonly number[]) => evaluate(y, { x, [path]: w })
  return suite('embedding', make, [
    law('is a product with one-hot rows', 'y = onehot(x)·W', [indices, numbers(most * width)], (x, w) =>
      same(at(x, w), x.flatMap((i) => w.slice(i * width, (i + 1) * width)))),
    law('its derivative is the product’s', '∂/∂W ⟨y, dy⟩ = onehot(x)ᵀ·dy', [indices, numbers(most * width), numbers(rows * length * width)],
      (x, w, dy) => same(evaluate(dw, { x, [path]: w, dy }), Array.from({ length: most * width }, (_, k) =>
        x.reduce((total, i, place) => total + (i === Math.floor(k / width) ? dy[place * width + (k % width)] : 0), 0)))),
    law('a number that is no row gives NaN', 'x ∉ {0, …, inputDim − 1} ⇒ y = NaN, there only',
      [indices, numbers(most * width), fc.nat(rows * length - 1), fc.constantFrom(-1, most, most + 7, 0.5, -0.5, 1e9)],
      (x, w, place, odd) => {
        const found = at(x.map((i, k) => (k === place ? odd : i)), w)
        return about(`for ${odd}`, every(...at(x, w).map((v, k) => same(found[k], Math.floor(k / width) === place ? Number.NaN : v))))
      }),
    law('as many rows as float32 has whole numbers', 'inputDim > 2²⁴ ⇒ an issue', [fc.integer({ min: 1, max: 2 ** 20 })], (more) =>
      run([make(2 ** 24 + more, 1)])({ path: '', mode: infer })(variable('x', [1, 1])).issues.length > 0)
  ], [rowLaws(layer, { input: [length] })])
}
