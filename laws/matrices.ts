/** Laws of penalties on matrices and on sequences: by what they do not change. */
import fc from 'fast-check'
import { penaltyOf, type Proximal, type Regularizer } from 'tikhonov/regularizers'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { alike, shape } from './arbitraries/index.js'
import { rounding, slack, weight, withElements } from './functional.js'
import { about, every, law, near, suite, type Suite } from './kit/index.js'
import { largestOf, prepared, valueOf } from './prepared.js'

const matrices = (count: number): fc.Arbitrary<readonly Tensor[]> =>
  alike(count, weight(), shape({ minRank: 2, maxRank: 2, maxSize: 4 }))

/** A matrix whose rows 0 and 1 are turned in their plane. */
const turnedRows = (w: Tensor, angle: number): Tensor => {
  const [rows, columns] = w.shape
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const at = (i: number, j: number): number => w.data[i * columns + j]
  return tensor(Float64Array.from(w.data, (x, e) => {
    const [i, j] = [Math.floor(e / columns), e % columns]
    return rows < 2 || i > 1 ? x : i === 0 ? c * at(0, j) - s * at(1, j) : s * at(0, j) + c * at(1, j)
  }), w.shape)
}

const transposed = (w: Tensor): Tensor => {
  const [rows, columns] = w.shape
  return tensor(Float64Array.from(w.data, (_, e) => w.data[(e % rows) * columns + Math.floor(e / rows)]), [columns, rows])
}

/**
 * What a penalty on the singular values of a matrix [inputs, units] obeys: turning its rows, or its columns, changes nothing.
 * @example
 * ```ts
 * import { check, rotationLaws } from 'tikhonov/laws'
 * import { l2, logDet } from 'tikhonov/regularizers'
 * check(rotationLaws(logDet(0.5))).every((verdict) => verdict._tag === 'Passed') // => true
 * check(rotationLaws(l2(0.5))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const rotationLaws = (penalty: Regularizer): Suite => {
  const [value, largest] = [valueOf(penaltyOf(penalty)), largestOf(penaltyOf(penalty))]
  const angle = fc.constantFrom(0.5, 1, 2, 3)
  const unchanged = (w: Tensor, turned: Tensor) =>
    near(value(turned), value(w), { absolute: slack(w, value(w), 8 * largest(w), 8 * largest(turned)) })
  return suite('rotation', penalty, [
    law('rows may turn', 'R(QW) = R(W)', [matrices(1), angle], ([w], by) => unchanged(w, turnedRows(w, by))),
    law('columns may turn', 'R(WQ) = R(W)', [matrices(1), angle], ([w], by) =>
      unchanged(w, transposed(turnedRows(transposed(w), by))))
  ])
}

/**
 * What a penalty on the differences of neighbours along the first axis obeys: a shift of all changes nothing but passes through its
 * proximal operator, which keeps each mean and does not know left from right.
 * @example
 * ```ts
 * import { check, variationLaws } from 'tikhonov/laws'
 * import { totalVariation } from 'tikhonov/regularizers'
 * check(variationLaws(totalVariation(0.5))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const variationLaws = (penalty: Proximal): Suite => {
  const value = valueOf(penaltyOf(penalty))
  const move = prepared<number>((w, t) => penalty.proximal(t)(w))
  const long = alike(1, weight(), shape({ minRank: 1, maxRank: 2, minSize: 1, maxSize: 8 }))
  const steps = fc.constantFrom(0.25, 1, 4)
  const backwards = (w: Tensor, values: ArrayLike<number>): Float64Array => {
    const [rows, width] = [w.shape[0], w.data.length / w.shape[0]]
    return Float64Array.from(values, (_, e) => values[(rows - 1 - Math.floor(e / width)) * width + (e % width)])
  }
  const means = (w: Tensor, values: ArrayLike<number>): readonly number[] => {
    const width = w.data.length / w.shape[0]
    return Array.from({ length: width }, (_, j) => Array.from(values).reduce((sum, x, e) => (e % width === j ? sum + x : sum), 0))
  }
  return suite('variation', penalty, [
    law('shifts pass through', 'R(w + c) = R(w), prox(w + c) = prox(w) + c', [long, weight(), steps], ([w], c, t) => {
      const shifted = withElements(w, (x) => x + c)
      const sizes = [...w.data, c * w.data.length]
      return every(
        about('R', near(value(shifted), value(w), { absolute: slack(w, ...sizes) })),
        about('prox', near(move(shifted, t), move(w, t).map((x) => x + c), { absolute: 8 * slack(w, ...sizes) }))
      )
    }),
    law('keeps the mean', 'Σ prox(w) = Σ w', [long, steps], ([w], t) => {
      const absolute = w.data.length * 8 * rounding(w.data.length) * Math.max(0, ...w.data.map(Math.abs))
      return near(means(w, move(w, t)), means(w, w.data), { absolute })
    }),
    law('left as right', 'prox(backwards(w)) = backwards(prox(w))', [long, steps], ([w], t) =>
      near(move(tensor(backwards(w, w.data), w.shape), t), backwards(w, move(w, t)), { absolute: 8 * slack(w, ...w.data) }))
  ])
}
