/** Mutants of random blocks and draws. */
import {
  add, cos, div, floor, greater, log, mul, sqrt, sub, type Expr, type Primitive, type Run, type Shape
} from 'tikhonov/expr'
import { blockLaws, randomLaws, type Block, type Words } from 'tikhonov/laws'
import { draws, threefry2x32, word, type Address, type Draws } from 'tikhonov/random'
import { node } from '../../src/expr/node.js'
import type { Mutant } from './harness.js'

const oneEdit = 'one edit'

/** Threefry-2x32 with some of its rounds, a key between each four. */
const threefryOf = (rounds: number): Block => ([k0, k1], [c0, c1]) => {
  const keys = [k0, k1, 0x1bd11bda ^ k0 ^ k1]
  const rotations = [13, 15, 26, 6, 17, 29, 16, 24]
  let [x, y] = [(c0 + k0) | 0, (c1 + k1) | 0]
  for (let r = 0; r < rounds; r++) {
    const turn = rotations[r % 8]
    x = (x + y) | 0
    y = ((y << turn) | (y >>> (32 - turn))) ^ x
    if (r % 4 === 3) {
      const group = (r + 1) / 4
      x = (x + keys[group % 3]) | 0
      y = (y + keys[(group + 1) % 3] + group) | 0
    }
  }
  return [x >>> 0, y >>> 0]
}

const stateful = (): Block => {
  let drawn = 0
  return (key, [c0, c1]) => threefry2x32(key, [c0, (c1 + drawn++) >>> 0])
}

const signed: Block = (key, counter) => {
  const [x, y] = threefry2x32(key, counter)
  return [x | 0, y | 0]
}

const block = (name: string, law: string, of: () => Block, origin = oneEdit): Mutant =>
  ({ name, origin, law, runs: 10, suite: () => blockLaws(of()) })

const blocks: readonly Mutant[] = [
  block('a generator with a state instead of a function', 'a block is its key and counter', stateful),
  block('words with a sign', 'a block is two words', () => signed),
  block('a counter of one word', 'distinct counters, distinct blocks', () => (key, [, c1]) => threefry2x32(key, [0, c1])),
  block('a counter of 31 bits', 'distinct counters, distinct blocks', () => (key, [c0, c1]) => threefry2x32(key, [c0, c1 & 0x7fffffff])),
  block('four rounds instead of twenty', 'every bit counts', () => threefryOf(4)),
  block('a key that is added to what was drawn', 'every bit counts', () => ([k0, k1], counter) => {
    const [x, y] = threefry2x32([0, 0], counter)
    return [(x ^ k0) >>> 0, (y ^ k1) >>> 0] satisfies Words
  })
]

/** Where an element of a draw is taken from: key, counter, and which word. The correct one is DESIGN's. */
interface Place {
  readonly of: Address
  readonly name: number
  readonly run: Run
  readonly row: number
  readonly element: number
  /** Elements of a row. */
  readonly size: number
}
interface Located { readonly key: Words; readonly kind: number; readonly place: number; readonly counter: number; readonly word: 0 | 1 }
type Locate = (place: Place) => Located

const kinds: Readonly<Record<Address, number>> = { perExample: 0, perStep: 1, initial: 2 }

const locate: Locate = ({ of, name, run, row, element }) => ({
  key: [run.seed, name],
  kind: kinds[of],
  place: of === 'perExample' ? run.position + row : of === 'perStep' ? run.step : 0,
  counter: Math.floor(element / 2),
  word: element % 2 === 0 ? 0 : 1
})

/** Bits drawn where a `Locate` says, made of a block function; the slow twin of the library's. */
const bitsOver = (at: Locate, hash: (purpose: string) => number = word) => (of: Address, purpose: string, shape: Shape): Expr => {
  const primitive: Primitive<string> = {
    name: 'bits',
    shape: () => shape,
    evaluate: () => (out, run) => {
      const rows = of === 'perExample' ? shape[0] : 1
      const row = out.length / rows
      for (let e = 0; e < out.length; e++) {
        const { key, kind, place, counter, word: which } =
          at({ of, name: hash(purpose), run, row: Math.floor(e / row), element: e % row, size: row })
        const inner = threefry2x32(key, [Math.floor(place / 2 ** 32), kind])
        out[e] = threefry2x32(inner, [place % 2 ** 32, counter])[which] >>> 8
      }
    },
    adjoint: () => [],
    show: (text) => text
  }
  return node(primitive, [], `${of} ${purpose} ${shape.join()}`)
}

type Bits = ReturnType<typeof bitsOver>

/** Draws over other bits. */
const drawsOver = (bits: Bits) => (of: Address, path: string): Draws => {
  const at = (name: string, shape: Shape) => bits(of, `${path}/${name}`, shape)
  return {
    ...draws(of, path),
    bits: at,
    uniform: (name, shape) => div(add(at(name, shape), 0.5), 2 ** 24),
    bernoulli: (name, rate, shape) => greater(at(name, shape), sub(floor(mul(rate, 2 ** 24)), 1))
  }
}

const located = (name: string, law: string, at: Locate, origin = oneEdit): Mutant =>
  ({ name, origin, law, runs: 10, suite: () => randomLaws(drawsOver(bitsOver(at))) })

/** Draws of which some have another distribution. */
const distributed = (name: string, law: string, own: (of: Draws) => Partial<Draws>, origin = oneEdit): Mutant => ({
  name, origin, law, runs: 10,
  suite: () => randomLaws((of, path) => ({ ...draws(of, path), ...own(draws(of, path)) }))
})

let drawn = 0

const places: readonly Mutant[] = [
  located('each evaluation draws anew', 'a draw is its address', (p) => ({ ...locate(p), counter: drawn++ })),
  located('an example’s mask depends on the step', 'a draw belongs to its place',
    (p) => ({ ...locate(p), key: [p.run.seed, (p.name + p.run.step) >>> 0] })),
  located('elements are numbered from the end', 'a longer draw begins with the shorter',
    (p) => locate({ ...p, element: p.size - 1 - p.element })),
  located('elements are numbered through the batch', 'a batch may be cut anywhere',
    (p) => (p.of === 'perExample' ? locate({ ...p, row: 0, element: p.row * p.size + p.element }) : locate(p))),
  located('the mask is drawn at its row alone, the same in each batch', 'distinct places, distinct draws',
    (p) => ({ ...locate(p), place: p.of === 'perExample' ? p.row : locate(p).place }), 'TensorFlow.js, fixed seed'),
  located('positions are words of 32 bits', 'distinct places, distinct draws', (p) => ({ ...locate(p), place: locate(p).place % 2 ** 32 })),
  located('a step and an example may be one address', 'distinct purposes, distinct draws', (p) => ({ ...locate(p), kind: 0 })),
  { name: 'all draws of a layer are one draw', origin: oneEdit, law: 'distinct purposes, distinct draws',
    suite: () => randomLaws(drawsOver(bitsOver(locate, (purpose) => word(purpose.split('/').slice(0, -1).join('/'))))) },
  located('seeds are words of 16 bits', 'distinct seeds, distinct draws', (p) => ({ ...locate(p), key: [p.run.seed & 0xffff, p.name] })),
  located('each word is used twice', 'draws are uncorrelated', (p) => ({ ...locate(p), word: 0 })),
  located('two examples share a mask', 'draws are uncorrelated', (p) => locate({ ...p, row: Math.floor(p.row / 2) }))
]

const distributions: readonly Mutant[] = [
  distributed('bits of all 32', 'bits are whole numbers below 2²⁴', ({ bits }) => ({ bits: (name, shape) => mul(bits(name, shape), 256) })),
  distributed('the sum of two uniforms, halved', 'uniform draws are uniform',
    ({ uniform }) => ({ uniform: (name, shape) => div(add(uniform(name, shape), uniform(`${name}/2`, shape)), 2) })),
  distributed('uniform on (−1, 1)', 'uniform draws are uniform',
    ({ uniform }) => ({ uniform: (name, shape) => sub(mul(2, uniform(name, shape)), 1) })),
  distributed('the rate of a draw means keep', 'bernoulli draws 0 at the rate',
    ({ bernoulli }) => ({ bernoulli: (name, rate, shape) => bernoulli(name, sub(1, rate), shape) }), 'stax'),
  distributed('the mask is drawn at a name that the rate is part of', 'a higher rate drops more of the same',
    ({ bernoulli }) => ({ bernoulli: (name, rate, shape) => bernoulli(`${name}${typeof rate === 'number' ? rate : ''}`, rate, shape) })),
  distributed('Box–Muller without the 2', 'normal draws are normal', ({ uniform }) => ({
    normal: (name, shape) => mul(sqrt(mul(-1, log(uniform(`${name}/r`, shape)))), cos(mul(2 * Math.PI, uniform(`${name}/a`, shape))))
  })),
  distributed('Box–Muller of one uniform', 'normal draws are normal', ({ uniform }) => ({
    normal: (name, shape) => mul(sqrt(mul(-2, log(uniform(name, shape)))), cos(mul(2 * Math.PI, uniform(name, shape))))
  })),
  distributed('no tails are cut', 'truncated normal draws lie within ±2', ({ normal }) => ({ truncatedNormal: normal }))
]

export const mutants: readonly Mutant[] = [...blocks, ...places, ...distributions]

export const suites = [blockLaws(threefry2x32), randomLaws(draws)]
