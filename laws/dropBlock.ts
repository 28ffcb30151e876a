/** Laws of dropBlock. */
import { variable, type Shape } from 'tikhonov/expr'
import { infer, type Layer } from 'tikhonov/layer'
import { about, atMost, every, hoeffding, law, near, suite, type Suite } from './kit/index.js'
import { column, eachUnit, mean, moment, perturbationLaws, repeated, sample, sizeOf, trained, values } from './perturbation.js'

/** A family of layers that drop blocks, by rate and by the side of a block. */
export type DropBlock = (rate: number, blockSize: number) => Layer

/** How blocks are tried: the shape of one example, channels last, and the side of a block that fits more than once. */
export interface DropBlockTrial {
  readonly input: Shape
  readonly blockSize: number
}

/** All numbers of places in a box. */
const places = (sides: Shape): readonly (readonly number[])[] =>
  sides.reduce<readonly (readonly number[])[]>((all, d) => all.flatMap((p) => Array.from({ length: d }, (_, i) => [...p, i])), [[]])

/**
 * What dropBlock obeys beside `perturbationLaws`: what is dropped is made of whole blocks of one channel; what is kept is scaled by the
 * number of values over the number kept, so that the mask has mean 1 in every example; a block begins where it fits with probability
 * γ = rate·Πdᵢ/(bᵈ·Π(dᵢ − b + 1)), so that a place which c blocks reach is kept with probability (1 − γ)ᶜ, which at a block of one value
 * is 1 − rate; and a block larger than a side is refused.
 *
 * @example
 * ```ts
 * import { dropBlock1d } from 'tikhonov/dropout'
 * import { check, dropBlockLaws } from 'tikhonov/laws'
 * const laws = dropBlockLaws((rate, blockSize) => dropBlock1d(rate, { blockSize }), { input: [6, 2], blockSize: 2 })
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const dropBlockLaws = (make: DropBlock, { input, blockSize }: DropBlockTrial): Suite => {
  const size = sizeOf(input)
  const [sides, channels] = [input.slice(0, -1), input[input.length - 1]]
  const at = (place: readonly number[], channel: number) => place.reduce((n, i, a) => n * sides[a] + i, 0) * channels + channel
  const starts = (b: number) => places(sides.map((d) => d - b + 1))
  const cells = (b: number) => places(sides.map(() => b))
  const within = (start: readonly number[], b: number) => cells(b).map((cell) => cell.map((i, a) => start[a] + i))
  const { chance, examples: many, options: often } = sample
  const rates = [0.1, 0.4]
  return suite('dropBlock', make, [
    law('what is dropped is made of whole blocks', 'y = 0 ⇒ some block of b places around it is 0', [values(size), moment()], (x, when) => {
      const out = trained(make(0.3, blockSize), input, repeated(x, 64), when)
      const rows = Array.from({ length: 64 }, (_, r) => out.slice(r * size, (r + 1) * size))
      const blocks = starts(blockSize).map((start) => within(start, blockSize))
      const lone = rows.flatMap((row, r) => places(sides).flatMap((place) => Array.from({ length: channels }, (_, c) => c).filter((c) =>
        row[at(place, c)] === 0 && !blocks.some((block) =>
          block.some((p) => at(p, c) === at(place, c)) && block.every((p) => row[at(p, c)] === 0)
        )).map((c) => `place ${place.join()}, channel ${c} of example ${r} is dropped alone`)))
      return every(lone[0] ?? true, out.includes(0) || 'nothing is dropped')
    }, { mostRuns: 10 }),
    law('what is kept is scaled by how much is kept', 'y ∈ {0, x·n/K}, K of n values of the example kept', [values(size), moment()],
      (x, when) => {
        const out = trained(make(0.3, blockSize), input, repeated(x, 64), when)
        return every(...Array.from({ length: 64 }, (_, r) => {
          const row = out.slice(r * size, (r + 1) * size)
          const kept = row.filter((v) => v !== 0).length
          return about(`example ${r}`, near(row, row.map((v, i) => (v === 0 ? 0 : (x[i] * size) / kept)), { relative: 1e-12 }))
        }))
      }, { mostRuns: 10 }),
    law('a block begins with probability γ', 'P(kept) = (1 − γ)ᶜ, c the number of blocks that reach the place; at b = 1 it is 1 − rate',
      [values(size), moment()], (x, when) => every(...rates.flatMap((rate) => [1, blockSize].map((b) => {
        const gamma = Math.min((rate * sizeOf(sides)) / (b ** sides.length * starts(b).length), 1)
        const out = trained(make(rate, b), input, repeated(x, many), when).map((v) => (v === 0 ? 0 : 1))
        return about(`rate ${rate}, blocks of ${b}`, eachUnit(size, (unit) => {
          const reaching = starts(b).filter((start) => within(start, b).some((p) => at(p, unit % channels) === unit)).length
          return atMost(Math.abs(mean(column(out, unit, size)) - (1 - gamma) ** reaching), hoeffding(many, 1, chance / size))
        }))
      }))), often),
    law('a block larger than a side is refused', 'b > min dᵢ ⇔ rule ≠ undefined', [], () =>
      every(...Array.from({ length: Math.max(...sides) + 2 }, (_, i) => i + 1).map((b) => {
        const refused = make(0.3, b).rule.check(input) !== undefined
        return refused === (b > Math.min(...sides)) || `blocks of ${b} were ${refused ? '' : 'not '}refused`
      }))),
    law('a block is a whole number of places', 'b ∉ ℕ ⇒ an issue', [], () => every(...[0, -1, 1.5, Number.NaN].map((b) => {
      const { issues } = make(0.3, b).apply({ path: 'blocks/0', mode: infer })(variable('x', [1, ...input]))
      return issues.length > 0 || `blocks of ${b} were not refused`
    })))
  ], [perturbationLaws((rate) => make(rate, blockSize), { input, accepted: [0.3, 0, 0.1, 0.9], refused: [-0.1, 1, 1.5, Number.NaN] })])
}
