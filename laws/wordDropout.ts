/** Laws of word dropout. */
import fc from 'fast-check'
import { evaluate, gather, pullback, variable } from 'tikhonov/expr'
import { layer, same as sameRule, spec, type Declaration, type Layer } from 'tikhonov/layer'
import { zeros } from 'tikhonov/initializers'
import { asleepLaws, awake, givenTo, madeOf, type AwakeTrial } from './awake.js'
import { about, atMost, bernstein, every, hoeffding, law, near, suite, type Suite } from './kit/index.js'
import { column, eachUnit, mean, moment, numbers, repeated, sample, type Moment } from './perturbation.js'

/** A wrapper that drops words of an embedding. */
export type WordDropout = (rate: number, embedding: Layer) => Layer

const [words, features, time] = [5, 2, 7]
const rates = [0.2, 0.8]

const table: Declaration = { shape: [words, features], role: 'embedding', initial: zeros.initial([words, features]), incoming: [] }

/** Rows of a table by number. */
const embedding = layer({
  spec: spec('lookup'), rule: sameRule, parameters: () => ({ table }), apply: ({ table: rows }) => (numbered) => gather(rows, numbered)
})
const [rows] = Object.values(givenTo({ table }))

/** Sequences of words, and the one in which each word stands first once, then two again. */
const sequence = (): fc.Arbitrary<readonly number[]> => fc.array(fc.nat(words - 1), { minLength: time, maxLength: time })
const each = [0, 1, 2, 3, 4, 0, 1]

/**
 * What dropping words obeys, tried on an embedding of 5 words: inference and rate 0 are the embedding; a word is dropped at all its places
 * in an example or at none, else scaled by 1/(1 − rate); every word is dropped at the rate, each pair independently; the mean of
 * training is inference; the gradient of the table has the forward's mask; a layer that looks nothing up is refused.
 *
 * @example
 * ```ts
 * import { wordDropout } from 'tikhonov/dropout'
 * import { check, wordDropoutLaws } from 'tikhonov/laws'
 * check(wordDropoutLaws((rate, embedding) => wordDropout(rate, embedding))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const wordDropoutLaws = (make: WordDropout): Suite => {
  const trial: AwakeTrial =
    { input: [time], example: sequence(), accepted: [0.5, 0, 0.2, 0.9], refused: [-0.1, 1, 1.5, Number.NaN] }
  const family = (rate: number) => make(rate, embedding)
  const { chance, examples: many, options: often } = sample
  const y = (rate: number, x: readonly number[], at: Moment) => madeOf(family(rate), [time], x, at)
  /** 1 where a position of many equal sequences is dropped. */
  const dropped = (rate: number, x: readonly number[], count: number, at: Moment) =>
    column(y(rate, repeated(x, count), at), 0, features).map((v) => (v === 0 ? 1 : 0))
  return suite('word dropout', make, [
    law('a word has one fate in an example', 'w(s) = w(t) ⇒ y[s] = y[t]', [sequence(), moment()], (x, at) => {
      const fates = dropped(0.5, x, 64, at)
      const odd = fates.findIndex((fate, i) => fate !== fates[i - (i % time) + x.indexOf(x[i % time])])
      return odd < 0 || `word ${x[odd % time]} is both dropped and kept in example ${Math.floor(odd / time)}`
    }, { mostRuns: 20 }),
    law('a word is dropped or scaled', 'y[t] ∈ {0, E[w(t)]/(1 − rate)}, both occur', [sequence(), moment(), fc.constantFrom(...rates)],
      (x, at, rate) => {
        const out = y(rate, repeated(x, 64), at)
        const plain = x.flatMap((w) => rows.slice(w * features, (w + 1) * features))
        const odd = out.findIndex((v, i) => v !== 0 && near(v, plain[i % plain.length] / (1 - rate), { relative: 1e-12 }) !== true)
        return every(
          odd < 0 || `got ${out[odd]} for ${plain[odd % plain.length]} at rate ${rate}`,
          out.includes(0) || `nothing is dropped at rate ${rate}`,
          out.some((v) => v !== 0) || `everything is dropped at rate ${rate}`
        )
      }, { mostRuns: 20 }),
    law('every word is dropped at the rate', 'P(w is dropped) = rate', [moment()], (at) => every(...rates.map((rate) => {
      const fates = dropped(rate, each, many, at)
      return about(`rate ${rate}`, eachUnit(words, (w) =>
        atMost(Math.abs(mean(column(fates, w, time)) - rate), hoeffding(many, 1, chance / words))))
    })), often),
    law('words are decided independently', 'P(v and w are dropped) = rate²', [moment()], (at) => {
      const fates = dropped(0.5, each, many, at)
      const pairs = Array.from({ length: words }, (_, v) => Array.from({ length: v }, (__, w) => [v, w])).flat()
      return every(...pairs.map(([v, w]) => {
        const other = column(fates, w, time)
        const both = mean(column(fates, v, time).map((d, i) => d * other[i]))
        return about(`words ${w} and ${v}`, atMost(Math.abs(both - 0.25), hoeffding(many, 1, chance / pairs.length)))
      }))
    }, often),
    law('training is inference in the mean', 'E[train(x)] = infer(x) at rate .2 as at .8', [moment()], (at) =>
      every(...rates.map((rate) => {
        const [out, odds] = [y(rate, repeated(each, many), at), rate / (1 - rate)]
        const rest = madeOf(family(rate), [time], each, at, 'Infer')
        return about(`rate ${rate}`, eachUnit(rest.length, (i) => atMost(
          Math.abs(mean(column(out, i, rest.length)) - rest[i]),
          bernstein(many, odds * rest[i] ** 2, Math.max(1, odds) * Math.abs(rest[i]), chance / rest.length)
        )))
      })), often),
    law('the pullback uses the forward’s mask', '∂E[w] = Σ dy[t]·m[t]/(1 − rate) over the places of w',
      [sequence(), numbers(time * features), moment()], (x, dy, at) => {
        const { y: out, parameters } = awake(family(0.5), [time], 1)
        const path = Object.keys(parameters).find((p) => parameters[p].role === 'embedding') ?? ''
        const [slope] = pullback(out, variable('dy', [1, time, features]), [variable(path, [words, features])])
        const kept = dropped(0.5, x, 1, at).map((d) => 1 - d)
        const wanted = rows.map((_, i) => x.reduce((s, w, t) =>
          s + (w === Math.floor(i / features) ? 2 * kept[t] * dy[t * features + (i % features)] : 0), 0))
        return near(evaluate(slope, { ...givenTo(parameters), x, dy }, at), wanted, { absolute: 1e-12, relative: 1e-12 })
      }, { mostRuns: 20 }),
    law('a layer that looks nothing up is refused', 'no embedding ⇒ an issue', [], () => {
      const nothing: Layer = layer({ spec: spec('nothing'), rule: sameRule, apply: () => (x) => x })
      return awake(make(0.5, nothing), [time], 1).issues.length > 0 || 'it was not refused'
    })
  ], [asleepLaws(family, embedding, trial)])
}
