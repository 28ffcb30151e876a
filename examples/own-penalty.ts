/**
 * A penalty of your own: its laws, its failures, their repair, and its use on sonar: `npm run own-penalty`, `-- --json` for one object a
 * line.
 *
 * The penalty is Owen's (2007) reverse Huber function: |w| for a small weight, a square for a large one, so that what is not needed becomes
 * exactly 0 as under l1, and what is needed is shared as under l2.
 */
import { either as E, function as F } from 'fp-ts'
import { abs, add, div, greater, mul, select, sum, type Expr, type Scalar } from 'tikhonov/expr'
import { check, convexLaws, convexProximalLaws, separableLaws, type Suite } from 'tikhonov/laws'
import { nonNegative } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { binaryCrossEntropy } from 'tikhonov/losses'
import { binaryAccuracy } from 'tikhonov/metrics'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { exact, l1, l2, none, regularizer, separable, softThreshold, type Regularizer, type Separable } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { evaluate, fold, parametersOf, start, trainer } from 'tikhonov/training'
import { readLine } from './commandLine.js'
import { load } from './data/load.js'
import { note, say } from './output.js'

/** Where the square begins. */
const knee = 0.25

/** λ·Σ B(w), from what B is beyond the knee and within it. */
const penalty = (beyond: (w: Expr) => Expr, within: (w: Expr) => Expr) => (lambda: number): Regularizer =>
  regularizer('berHu', { lambda }, (w) => mul(lambda, sum(select(greater(abs(w), knee), beyond(w), within(w)))),
    nonNegative('lambda', lambda))

/** (w² + δ²)/2δ meets |w| at the knee, with the same slope. */
const square = (w: Expr): Expr => div(add(mul(w, w), knee ** 2), 2 * knee)

/** w/(1 + tλ/δ) beyond a place, and the soft threshold before it. */
const operator = (from: (t: Expr) => Scalar) => (lambda: number) => (t: Scalar) => (w: Expr): Expr => {
  const step = mul(lambda, t)
  return select(greater(abs(w), from(step)), div(w, add(1, div(step, knee))), softThreshold(step)(w))
}

/** What one writes first: the square is where it is in Huber's function, within. */
const reversed = penalty(abs, square)
const whole = penalty(square, abs)
/** Then the operator: its pieces meet where its RESULT is at the knee, which is tλ later than where the weight is. */
const early = (lambda: number): Separable => separable(whole(lambda), operator(() => knee)(lambda))
const berHu = (lambda: number): Separable => separable(whole(lambda), operator((step) => add(knee, step))(lambda))

interface Line { readonly case: string; readonly text: string; readonly json: Readonly<Record<string, unknown>> }

const judged = (name: string, ...suites: readonly Suite[]): Line => {
  const failures = suites.flatMap((suite) => check(suite, { seed: 1 })).flatMap((v) => (v._tag === 'Failed' ? [v] : []))
  const laws = failures.map(({ law }) => law)
  const text = failures.length === 0 ? 'all laws hold' : `fails ${laws.join(', ')}\n  ${failures[0].message.replace(/\n/g, '\n  ')}`
  return { case: name, text: `${name}: ${text}`, json: { case: name, failed: laws, counterexample: failures[0]?.message ?? null } }
}

type Rows = readonly (readonly number[])[]

const mean = (xs: readonly number[]): number => xs.reduce((s, x) => s + x, 0) / xs.length

/** Columns with mean 0 and deviation 1 over the rows that are learned from. */
const standardised = (rows: Rows, by: Rows): Rows => {
  const moments = by[0].map((_, j) => {
    const column = by.map((row) => row[j])
    const centre = mean(column)
    return { centre, deviation: Math.sqrt(mean(column.map((x) => (x - centre) ** 2))) }
  })
  return rows.map((row) => row.map((x, j) => (x - moments[j].centre) / moments[j].deviation))
}

/** A logistic regression on sonar, two rows of three to learn from, 1,000 steps on all of them. */
const learned = (name: string, kernelRegularizer: Regularizer) => F.pipe(
  E.Do,
  E.bindW('sonar', () => load('sonar')),
  E.bindW('model', () => sequential([60], dense(1, { kernelRegularizer }))),
  E.bindW('t', ({ model }) =>
    trainer({ model, loss: binaryCrossEntropy({ fromLogits: true }), optimizer: sgd(0.2), metrics: [binaryAccuracy()] })),
  E.bindW('parts', ({ sonar }) => {
    const part = (test: boolean) => sonar.y.flatMap((y, i) => ((i % 3 === 0) === test ? [{ x: sonar.x[i], y: [y] }] : []))
    const [train, test] = [part(false), part(true)]
    const batch = (rows: typeof train) =>
      ({ x: tensor(standardised(rows.map(({ x }) => x), train.map(({ x }) => x))), y: tensor(rows.map(({ y }) => y)) })
    return E.right({ train: batch(train), test: batch(test) })
  }),
  E.bindW('end', ({ t, parts }) => fold(t)(start(t, 1), Array.from({ length: 1000 }, () => parts.train))),
  E.bindW('found', ({ t, parts, end }) => evaluate(t)(end.state, parts.test)),
  E.map(({ t, end, found }): Line => {
    const kernel = Array.from(parametersOf(t, end.state)['dense/0/kernel'].data)
    const [zeros, largest] = [kernel.filter((w) => w === 0).length, Math.max(...kernel.map(Math.abs))]
    const accuracy = found.metrics.binaryAccuracy
    return {
      case: name, json: { case: name, zeros, largest, testAccuracy: accuracy, testLoss: found.data },
      text: `${name.padEnd(12)} ${String(zeros).padStart(2)} of 60 weights are 0, the largest is ${largest.toFixed(2)}; ` +
        `test accuracy ${accuracy.toFixed(3)}, loss ${found.data.toFixed(3)}`
    }
  })
)

const { told, issues } = readLine({ json: { type: 'boolean' } }, process.argv.slice(2))
const laws = [
  judged('the formula, first try', convexLaws(reversed(0.5))),
  judged('the formula, repaired', convexLaws(whole(0.5))),
  judged('the operator, first try', convexProximalLaws(early(0.5))),
  judged('the operator, repaired', convexProximalLaws(berHu(0.5)), separableLaws(berHu(0.5)))
]
const runs = [
  learned('none', none), learned('l2(0.02)', exact(l2(0.02))), learned('l1(0.02)', exact(l1(0.02))),
  learned('berHu(0.02)', exact(berHu(0.02)))
]
const wrong = [...issues, ...runs.flatMap((run) => (E.isLeft(run) ? [JSON.stringify(run.left)] : []))]
const lines = [...laws, ...runs.flatMap((run) => (E.isRight(run) ? [run.right] : []))]
if (wrong.length > 0) note(wrong.join('\n'))
else lines.forEach(({ text, json }) => { say(told('json') ? JSON.stringify(json) : text) })
process.exitCode = wrong.length > 0 ? 2 : 0
