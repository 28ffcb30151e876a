/** Laws of initializers: first values are a function of shape, seed and path. */
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { evaluate, type Shape } from 'tikhonov/expr'
import { fans, type Fans, type Initializer } from 'tikhonov/initializers'
import { named } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { initialValues, sequential, type Model } from 'tikhonov/model'
import { path, position, seed as seeds, shape as shapes } from './arbitraries/index.js'
import { about, atMost, bernstein, every, hoeffding, law, near, normalMean, normalVariance, same, suite, type Suite } from './kit/index.js'
import { noIssues } from './sound.js'

/** How an initializer is tried: the smallest rank of a parameter that it takes (default 1). */
export interface InitializerTrial { readonly minRank?: number }

/** How likely a correct subject is to fail a statistical law, once. */
const chance = 1e-12

const valuesOf = (initializer: Initializer, shape: Shape, at: { readonly seed: number; readonly path: string }): readonly number[] =>
  evaluate(initializer.initial(shape)(at.path), {}, { seed: at.seed })

/**
 * What every initializer obeys: it fills the shape with finite numbers, which are a function of shape, seed and path: not of step,
 * position, or what else is in the model.
 *
 * @example
 * ```ts
 * import { heNormal } from 'tikhonov/initializers'
 * import { check, initializerLaws } from 'tikhonov/laws'
 * check(initializerLaws(heNormal)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const initializerLaws = (initializer: Initializer, { minRank = 1 }: InitializerTrial = {}): Suite =>
  suite('initializer', initializer, [
    law('values fill the shape', 'initial(shape) : shape, finite', [shapes({ minRank, maxRank: 4 }), path(), seeds()],
      (shape, where, seed) => {
        const e = initializer.initial(shape)(where)
        return every(
          noIssues(initializer.issues),
          about('the shape', same(e.shape, shape)),
          evaluate(e, {}, { seed }).every(Number.isFinite) || 'a value is not finite'
        )
      }, some),
    law('values are a function of seed and path', 'initial(shape; seed, path), whatever step and position', [
      shapes({ minRank, maxRank: 3 }), path(), seeds(), position(), position()
    ], (shape, where, seed, step, at) => {
      const later = evaluate(initializer.initial(shape)(where), {}, { seed, step, position: at })
      return same(later, valuesOf(initializer, shape, { seed, path: where }))
    }, some),
    law('other layers change nothing', 'values(model, path) = values(model + layers, path)', [seeds(), fc.nat(3)], (seed, more) => {
      const own = named('own', dense(4, { kernelInitializer: initializer }))
      const other = (name: string) => named(name, dense(3, { kernelInitializer: initializer }))
      const kernel = (model: E.Either<unknown, Model>) => E.isRight(model) ? initialValues(model.right, seed)['own/kernel'].data : undefined
      const before = Array.from({ length: more }, (_, i) => other(`before${i}`))
      return same(kernel(sequential([3], ...before, own, other('after'))), kernel(sequential([3], own)))
    }, some)
  ], [], { minRank })

/** What a random initializer states of its values: their mean (default 0), variance, how far from the mean they may lie (default: any). */
export interface Spread {
  readonly mean?: number
  readonly variance: (of: Fans) => number
  readonly farthest?: (of: Fans) => number
}

/** A shape with many values, whose fans differ and of which the receptive field is a part; and one with some. */
const wide: Shape = [3, 3, 24, 72]
const narrow: Shape = [24, 36]

const some = { mostRuns: 30 }

/**
 * What an initializer of independent random values obeys beside `initializerLaws`: values have the mean and variance stated and lie within
 * the bound stated; distinct paths and seeds give distinct values. Values without a bound are taken to be normal.
 *
 * @example
 * ```ts
 * import { lecunUniform } from 'tikhonov/initializers'
 * import { check, spreadLaws } from 'tikhonov/laws'
 * const laws = spreadLaws(lecunUniform, { variance: ({ fanIn }) => 1 / fanIn, farthest: ({ fanIn }) => Math.sqrt(3 / fanIn) })
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const spreadLaws = (initializer: Initializer, { mean: centre = 0, variance, farthest }: Spread): Suite => {
  const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length
  const centred = (shape: Shape, where: string, seed: number) => {
    const w = valuesOf(initializer, shape, { seed, path: where }).map((x) => x - centre)
    return { w, n: w.length, of: variance(fans(shape)), most: farthest?.(fans(shape)) }
  }
  const small: Shape = [4, 4]
  return suite('spread', initializer, [
    law('the mean is kept', 'E[w] = mean', [path(), seeds()], (where, seed) => {
      const { w, n, of, most } = centred(narrow, where, seed)
      return atMost(Math.abs(mean(w)), most === undefined ? normalMean(n, Math.sqrt(of), chance) : bernstein(n, of, most, chance))
    }, { mostRuns: 3 }),
    law('the variance is kept', 'Var[w] = variance(fans)', [path(), seeds()], (where, seed) => {
      const { w, n, of, most } = centred(wide, where, seed)
      const bound = most === undefined ? normalVariance(n, Math.sqrt(of), chance) : bernstein(n, of * most ** 2, most ** 2, chance)
      return atMost(Math.abs(mean(w.map((x) => x * x)) - of), bound)
    }, { mostRuns: 1 }),
    law('values lie within the bound', '|w − mean| ≤ farthest(fans)', [path(), seeds()], (where, seed) => {
      const { w, most = Infinity } = centred(narrow, where, seed)
      const outside = w.find((x) => Math.abs(x) > most * (1 + 1e-12))
      return outside === undefined || `${outside} from the mean ${centre} lies farther than ${most}`
    }, { mostRuns: 3 }),
    law('distinct paths, distinct values', 'path ≠ path′ ⇒ w ≠ w′', [path(), path(), seeds()], (first, second, seed) => {
      fc.pre(first !== second)
      return valuesOf(initializer, small, { seed, path: first }).join() !== valuesOf(initializer, small, { seed, path: second }).join()
    }, some),
    law('distinct seeds, distinct values', 's ≠ s′ ⇒ w ≠ w′', [path(), seeds(), fc.nat(31)], (where, seed, bit) =>
      valuesOf(initializer, small, { seed, path: where }).join() !==
      valuesOf(initializer, small, { seed: (seed ^ (1 << bit)) >>> 0, path: where }).join(), some)
  ], [initializerLaws(initializer)])
}

/** Mᵀ·M of a matrix of some rows. */
const gram = (m: readonly number[], rows: number): readonly number[] => {
  const columns = m.length / rows
  const at = Array.from({ length: columns }, (_, c) => Array.from({ length: rows }, (__, r) => m[r * columns + c]))
  return at.flatMap((u) => at.map((v) => u.reduce((total, x, i) => total + x * v[i], 0)))
}

const transposed = (m: readonly number[], rows: number): readonly number[] => {
  const columns = m.length / rows
  return m.map((_, i) => m[(i % rows) * columns + Math.floor(i / rows)])
}

/**
 * What an orthogonal initializer obeys beside `initializerLaws`: with the last axis as columns, WᵀW = gain²·I, or WWᵀ = gain²·I where there
 * are more columns than rows; and no direction is preferred: each element is as likely above 0 as below.
 *
 * @example
 * ```ts
 * import { orthogonal } from 'tikhonov/initializers'
 * import { check, orthogonalLaws } from 'tikhonov/laws'
 * check(orthogonalLaws(orthogonal(2), 2)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const orthogonalLaws = (initializer: Initializer, gain = 1): Suite => {
  const tries = 100
  return suite('orthogonal', initializer, [
    law('the shorter side is orthonormal', 'WᵀW = gain²·I or WWᵀ = gain²·I', [shapes({ minRank: 2, maxRank: 4 }), path(), seeds()],
      (shape, where, seed) => {
        const w = valuesOf(initializer, shape, { seed, path: where })
        const columns = shape[shape.length - 1]
        const rows = w.length / columns
        const side = Math.min(rows, columns)
        const identity = Array.from({ length: side ** 2 }, (_, i) => (i % (side + 1) === 0 ? gain ** 2 : 0))
        const found = columns <= rows ? gram(w, rows) : gram(transposed(w, rows), columns)
        return near(found, identity, { absolute: 1e-12 * gain ** 2 })
      }, some),
    law('no direction is preferred', 'P(wᵢⱼ > 0) = ½', [path(), seeds()], (where, seed) => {
      const drawn = Array.from({ length: tries }, (_, i) => valuesOf(initializer, [3, 2], { seed, path: `${where}/${i}` }))
      return every(...drawn[0].map((_, k) => about(`element ${k}`, atMost(
        Math.abs(drawn.filter((w) => w[k] > 0).length / tries - 0.5), hoeffding(tries, 1, chance / 6)
      ))))
    }, { mostRuns: 2 }),
    law('distinct paths, distinct values', 'path ≠ path′ ⇒ W ≠ W′', [path(), path(), seeds()], (first, second, seed) => {
      fc.pre(first !== second)
      return valuesOf(initializer, [4, 4], { seed, path: first }).join() !== valuesOf(initializer, [4, 4], { seed, path: second }).join()
    }, some)
  ], [initializerLaws(initializer, { minRank: 2 })])
}
