import { either as E, function as F } from 'fp-ts'
import { nonNegative } from 'tikhonov/constraints'
import { pathLaws, probeLaws, type Suite } from 'tikhonov/laws'
import { probe, stationarity } from 'tikhonov/probes'
import { exact, l1, lInfNorm } from 'tikhonov/regularizers'
import { regularizationPath, type Fit } from 'tikhonov/training'
import type { Mutant } from './harness.js'

const size = (v: readonly number[]): number => Math.max(...v.map(Math.abs))
const definition = ({ value, gradient }: { readonly value: readonly number[]; readonly gradient: readonly number[] }): number =>
  size(value.map((w, i) => w - Math.sign(w - gradient[i]) * Math.max(Math.abs(w - gradient[i]) - 0.5, 0)))

export const suites: readonly Suite[] = [
  pathLaws(regularizationPath),
  probeLaws(stationarity, { definition: ({ gradient }) => size(gradient) }),
  probeLaws(stationarity, { regularizer: exact(l1(0.5)), definition }),
  probeLaws(stationarity, {
    constraint: nonNegative, definition: ({ value, gradient }) => size(value.map((w, i) => w - Math.max(w - gradient[i], 0)))
  })
]

type Path = ReturnType<typeof regularizationPath>

const mapFits = (change: (fit: Fit, i: number) => Fit) => (path: Path): Path =>
  F.pipe(path, E.map((fits) => [...fits].map((each, i) => F.pipe(each, E.map((fit) => change(fit, i))))))

const mutant = (name: string, law: string, suite: () => Suite): Mutant => ({ name, origin: 'one edit', law, suite })

export const mutants: readonly Mutant[] = [
  mutant('one λ for all', 'solves', () => pathLaws((t, batch, lambdas, options) =>
    F.pipe(regularizationPath(t, batch, lambdas.map(() => lambdas[0]), options), mapFits((fit, i) => ({ ...fit, lambda: lambdas[i] }))))),
  mutant('a cold start for each λ', 'begins where the last ended', () => pathLaws((t, batch, lambdas, options) => F.pipe(
    lambdas.map((lambda) => regularizationPath(t, batch, [lambda], options)),
    E.sequenceArray, E.map((paths) => paths.flatMap((path) => [...path]))))),
  mutant('a fit that ran out is taken for one that rests', 'says that it ran out', () => pathLaws((t, batch, lambdas, options) =>
    F.pipe(regularizationPath(t, batch, lambdas, options), mapFits((fit) => ({ ...fit, converged: true }))))),
  mutant('the gradient alone', 'as defined', () => probeLaws(
    probe('stationarity', {}, ({ gradient }) => lInfNorm(gradient)), { regularizer: exact(l1(0.5)), definition }))
]
