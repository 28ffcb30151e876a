/** The test digit of which a network with dropout is least sure, drawn in characters beside what its sub-networks say. */
import { either as E, function as F } from 'fp-ts'
import { showIssue, type Tensor } from 'tikhonov'
import { predictionSamples } from 'tikhonov/training'
import type { Learned, Parts } from '../paired/study.js'
import { side } from './data.js'

const ink = ' .:-=+*#%@'

/** A digit as lines, two characters a pixel, without the empty margin above and below. */
export const drawing = (pixels: ArrayLike<number>): readonly string[] => {
  const lines = Array.from({ length: side }, (_, i) => Array.from({ length: side }, (_, j) =>
    ink[Math.min(ink.length - 1, Math.floor(pixels[i * side + j] * ink.length))].repeat(2)).join(''))
  const marked = lines.flatMap((line, i) => (line.trim() === '' ? [] : [i]))
  return lines.slice(marked[0], (marked.at(-1) ?? -1) + 1)
}

const row = ({ data }: Tensor, i: number, size: number): readonly number[] => Array.from(data.subarray(i * size, (i + 1) * size))

const bar = (p: number): string => '█'.repeat(Math.round(20 * p))

/** Monte-Carlo dropout over the test digits with the row `dropout`; of the digit of the largest predictive entropy all there is to say. */
export const mostUncertain = (
  { held }: Parts, { dropout: { t, state } }: Readonly<Record<string, Learned>>, short: boolean
): E.Either<string, string> => {
  const samples = short ? 5 : 50
  return F.pipe(
    predictionSamples(t, state, { samples, probabilities: 'categorical', seed: 1 })(held.x),
    E.mapLeft((issues) => issues.map(showIssue).join('; ')),
    E.map(({ mean, variance, entropy, mutualInformation }) => {
      const entropies = Array.from(entropy.data)
      const most = entropies.indexOf(Math.max(...entropies))
      const [means, variances] = [mean, variance].map((of) => row(of, most, 10))
      const says = means.map((p, digit) => `${digit}  ${p.toFixed(2)} ±${Math.sqrt(variances[digit]).toFixed(2)}  ${bar(p)}`.trimEnd())
      return [
        `Of test digit ${most} the network with dropout is least sure. Each digit's probability, mean ±sd over ${samples} sub-networks:`,
        '', ...drawing(row(held.x, most, side * side)), '', ...says, '',
        `It is: ${held.y.data[most]}. Predictive entropy ${entropies[most].toFixed(2)} nats (the median test digit: ${
          [...entropies].sort((a, b) => a - b)[Math.floor(entropies.length / 2)].toFixed(3)
        }), of it by disagreement ${mutualInformation.data[most].toFixed(2)}.`
      ].join('\n')
    })
  )
}
