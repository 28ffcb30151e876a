import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  add, broadcast, evaluate, foldPatches, gradient, matmul, max, maxPool, mul, patches, pick, reshape, simplify, sum, topological, unpool,
  variable, type Expr, type Shape
} from 'tikhonov/expr'
import { emitters } from '../../src/engine/wasm/emitters.js'
import { lower } from '../../src/engine/wasm/lower.js'
import { emitted, firstDifference, whole, type Split } from './alone.js'

const sizeOf = (shape: Shape) => shape.reduce((n, d) => n * d, 1)

/** Small whole numbers with ties and a NaN now and then: sums of them are exact in float32. */
const numbers = (seed: number, special: readonly number[]) => (n: number) => Float32Array.from({ length: n }, (_, i) => {
  const x = ((i * 2654435761 + seed * 40503) >>> 7) % 17
  return x < special.length ? special[x] : x - 9
})

const window = (axes: number, dilated: boolean) => fc.record({
  size: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: axes, maxLength: axes }),
  strides: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: axes, maxLength: axes }),
  dilation: fc.array(fc.integer({ min: 1, max: dilated ? 3 : 1 }), { minLength: axes, maxLength: axes }),
  padding: fc.constantFrom('valid' as const, 'same' as const, 'causal' as const)
})

/** Images and a window that fits in them. */
const images = (dilated: boolean) => fc.integer({ min: 1, max: 3 }).chain((axes) => fc.record({
  batch: fc.integer({ min: 0, max: 3 }),
  more: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: axes, maxLength: axes }),
  channels: fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 12, 18),
  window: window(axes, dilated),
  seed: fc.nat(1000),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 })
})).map(({ batch, more, channels, window: given, seed, cuts }) => {
  const least = given.size.map((k, a) => (k - 1) * given.dilation[a] + 1)
  return { shape: [batch, ...more.map((m, a) => least[a] + m), channels], window: given, seed, cuts }
})

const evenly: Split = ({ extent }) => Array.from({ length: Math.max(0, extent - 1) }, (_, i) => i + 1)

/** With NaN for what is not finite. */
const finite = (x: Float32Array): Float32Array => x.map((n) => (Number.isFinite(n) ? n : NaN))

/** A node alone is that of the reference to the bit, in one go, unit by unit, and in random ranges. */
const holds = (
  e: Expr, values: Readonly<Record<string, Float32Array>>, cuts: readonly number[], told: (x: Float32Array) => Float32Array = (x) => x
) => {
  const made = emitted(emitters[e.primitive.name], e)
  if (made === undefined) throw new Error('not emitted')
  made.set(values)
  const exact = Float32Array.from(evaluate(e, values))
  const random: Split = ({ extent }) => cuts.map((c) => Math.floor(c * extent)).sort((a, b) => a - b)
  for (const split of [whole, evenly, random]) {
    made.result().fill(-7)
    made.run(split)
    expect(firstDifference(told(made.result()), told(exact))).toBe(-1)
    expect(made.untouched()).toBe(true)
  }
  return true
}

type Windowed = Expr<{ readonly padding?: string; readonly window?: { readonly padding: string } }>

/** The padding of the first node of a primitive that is met; `valid` where there is none. */
const paddingIn = (e: Expr, name: string): string => {
  const { attributes, args } = e as Windowed
  return e.primitive.name === name ? attributes.padding ?? attributes.window?.padding ?? 'valid'
    : args.map((a) => paddingIn(a, name)).find((p) => p !== 'valid') ?? 'valid'
}

describe('kernels over windows give the bits of the reference, however they are split', () => {
  it('patches and foldPatches, of windows that stay inside', () => {
    fc.assert(fc.property(images(true), ({ shape, window: given, seed, cuts }) => {
      const inside = { ...given, padding: 'valid' as const }
      const cut = patches(variable('x', shape), inside)
      if (cut.primitive.name === 'patches') holds(cut, { x: numbers(seed, [NaN, Infinity])(sizeOf(shape)) }, cuts)
      const fold = foldPatches(variable('p', cut.shape), inside, shape.slice(1, -1))
      holds(fold, { p: numbers(seed, [])(sizeOf(cut.shape)) }, cuts)
    }), { numRuns: 150 })
  }, 60_000)

  it('a padded window is one that stays inside a larger image', () => {
    fc.assert(fc.property(images(true), ({ shape, window: given, seed }) => {
      fc.pre(sizeOf(shape) > 0)
      const x = variable('x', shape)
      const cut = patches(x, given)
      const fold = foldPatches(variable('p', cut.shape), given, shape.slice(1, -1))
      const values = { x: numbers(seed, [])(sizeOf(shape)), p: numbers(seed, [])(sizeOf(cut.shape)) }
      for (const e of [cut, fold]) {
        const [made] = lower([e]).roots
        expect(paddingIn(made, e.primitive.name)).toBe('valid')
        expect(firstDifference(evaluate(made, values), evaluate(e, values))).toBe(-1)
      }
    }), { numRuns: 100 })
  }, 60_000)

  it('pick and unpool, of any padding: NaN wins, the first of equals wins, the edge never wins', () => {
    const specials = fc.constantFrom<readonly number[]>([], [NaN], [-Infinity, NaN], [-Infinity, Infinity, -0])
    fc.assert(fc.property(images(false), specials, (of, special) => {
      const { shape, window: given, seed, cuts } = of
      const [x, y] = [variable('x', shape), variable('y', shape)]
      const largest = pick(x, x, given)
      const values = {
        x: numbers(seed, special)(sizeOf(shape)), y: numbers(seed + 1, special)(sizeOf(shape)),
        dy: numbers(seed + 2, special.includes(Infinity) ? [-0] : [])(sizeOf(largest.shape))
      }
      holds(largest, values, cuts)
      holds(pick(x, y, given), values, cuts)
      holds(unpool(x, variable('dy', largest.shape), given), values, cuts)
    }), { numRuns: 150 })
  }, 60_000)

  it.each([[2, 7, 9, 6], [1, 40, 3]])('a window over all of %j..., with more cells than are written out', (...shape) => {
    const [x, size] = [variable('x', shape), shape.slice(1, -1)]
    const largest = pick(x, x, { size })
    const values = { x: numbers(3, [-Infinity])(sizeOf(shape)), dy: numbers(4, [])(sizeOf(largest.shape)) }
    expect(holds(largest, values, [0.5])).toBe(true)
    expect(holds(unpool(x, variable('dy', largest.shape), { size }), values, [0.5])).toBe(true)
  })

  it('runs that are too long to be written out', () => {
    const values = { x: numbers(5, [])(540), p: numbers(6, [])(2 * 41 * 50 * 3) }
    expect(holds(patches(variable('x', [2, 90, 3]), { size: [50] }), values, [0.3])).toBe(true)
    expect(holds(foldPatches(variable('p', [2, 41, 50, 3]), { size: [50] }, [90]), values, [0.3])).toBe(true)
  })

  const convolutions: readonly (readonly [Shape, number])[] = [[[2, 28, 30, 3], 20], [[3, 9, 40, 20], 18], [[2, 300, 5], 7]]
  it.each(convolutions)('a convolution of %j by %i filters, in units of some rows', (shape, filters) => {
    const p = patches(variable('x', shape), { size: shape.slice(2).map(() => 3) })
    const cells = sizeOf(p.shape.slice(shape.length - 1))
    const [made] = lower([matmul(reshape(p, [sizeOf(p.shape) / cells, cells]), variable('w', [cells, filters]))]).roots
    expect(made.primitive.name).toBe('convolution')
    expect(holds(made, { x: numbers(7, [])(sizeOf(shape)), w: numbers(8, [])(cells * filters) }, [0.1, 0.6])).toBe(true)
  })

  it('a convolution reads images where they lie, and behind a max pool its gradients are of winners only; NaN and ∞ included', () => {
    const met = new Map<string, number>()
    fc.assert(fc.property(
      fc.record({
        batch: fc.integer({ min: 1, max: 7 }), channels: fc.constantFrom(1, 2, 3, 4, 5, 8, 18), filters: fc.constantFrom(3, 4, 8, 12),
        size: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 2 }),
        strides: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 2, maxLength: 2 }),
        dilation: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 2, maxLength: 2 }),
        pool: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 2 }), apart: fc.nat(1),
        more: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 2 }),
        padding: fc.constantFrom('valid' as const, 'same' as const), axes: fc.constantFrom(1, 2), seed: fc.nat(1000),
        special: fc.constantFrom<readonly number[]>([], [], [NaN], [Infinity, -Infinity]), where: fc.constantFrom('x', 'w'),
        cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 })
      }),
      (of) => {
        const cutOff = (a: readonly number[]) => a.slice(0, of.axes)
        const [size, strides, dilation, pool] = [of.size, of.strides, of.dilation, of.pool].map(cutOff)
        const moving = { size, strides, dilation, padding: of.padding }
        const spatial = size.map((k, a) => (k - 1) * dilation[a] + 1 + of.more[a] + 3 * strides[a])
        const x = variable('x', [of.batch, ...spatial, of.channels])
        const w = variable('w', [sizeOf(size) * of.channels, of.filters])
        const b = variable('b', [of.filters])
        const cut = patches(x, moving)
        if (cut.primitive.name !== 'patches') return
        const places = cut.shape.slice(0, 1 + of.axes)
        const made = reshape(matmul(reshape(cut, [sizeOf(places), sizeOf(size) * of.channels]), w), [...places, of.filters])
        const largest = maxPool(max(add(made, broadcast(b, made.shape)), 0), { size: pool, strides: pool.map((k) => k + of.apart) })
        const dy = variable('dy', largest.shape)
        const values = Object.fromEntries([x, w, b, dy].map(({ shape, attributes }, k) => {
          const { path } = attributes as { readonly path: string }
          const special = path === of.where ? of.special : []
          return [path, numbers(of.seed + k, special)(sizeOf(shape)).map((n) => (path === of.where ? n : n % 3))]
        }))
        const roots = simplify(gradient(sum(mul(largest, dy)), [x, w, b]))
        const lowered = lower(roots).roots
        roots.forEach((root, i) => {
          expect(firstDifference(Float32Array.from(evaluate(lowered[i], values)), Float32Array.from(evaluate(root, values)))).toBe(-1)
        })
        for (const e of topological(lowered)) {
          if (!['convolution', 'winnersImage', 'winnersKernel'].includes(e.primitive.name)) continue
          met.set(e.primitive.name, (met.get(e.primitive.name) ?? 0) + 1)
          holds(e, values, of.cuts, finite)
        }
      }
    ), { numRuns: 200 })
    expect(met.get('convolution')).toBeGreaterThan(50)
    expect(met.get('winnersKernel')).toBeGreaterThan(50)
    expect(met.get('winnersImage')).toBeGreaterThan(30)
  }, 60_000)
})
