/**
 * The WebAssembly engine against the reference on many random graphs: every primitive, sizes of 0, 1, odd ones and hundreds, values with
 * NaN, ±∞, −0 and subnormals among them, and gradients. `npm run nightly -- [--runs 10000] [--seed n] [--threads 1]`.
 */
import fc from 'fast-check'
import { option as O } from 'fp-ts'
import { wasm, type Engine } from 'tikhonov/engine'
import { gradient, simplify, sum, topological } from 'tikhonov/expr'
import { arbitrary, check, engineLaws } from 'tikhonov/laws'
import { readLine } from '../../examples/commandLine.js'
import { emitters } from '../../src/engine/wasm/emitters.js'
import { lower } from '../../src/engine/wasm/lower.js'
import { operations } from '../../src/engine/wasm/operations.js'

const usage = `npm run nightly -- [flags]

  --runs N      random graphs, and as many gradients of others: 1 to 10,000,000; default: 10000
  --seed N      0 to 2147483647; drawn unless told
  --threads N   1 to 64; default: 1
  --help        this text`

const line = readLine({
  runs: { type: 'string' }, seed: { type: 'string' }, threads: { type: 'string' }, help: { type: 'boolean' }
} as const, process.argv.slice(2))

/** A flag's whole number and whether it is within its bounds; of a flag that stands there more than once the last one counts. */
const whole = (flag: 'runs' | 'seed' | 'threads', least: number, most: number, otherwise: number) => {
  const text = line.texts(flag).at(-1)
  const value = text === undefined ? otherwise : Number(text)
  const allowed = /^\d+$/.test(text ?? '0') && value >= least && value <= most
  return { value, issues: allowed ? [] : [`--${flag}: found ${JSON.stringify(text)}, allowed: a whole number from ${least} to ${most}`] }
}

const asked = {
  runs: whole('runs', 1, 10_000_000, 10_000),
  seed: whole('seed', 0, 2 ** 31 - 1, Math.floor(Math.random() * 2 ** 31)),
  threads: whole('threads', 1, 64, 1)
}
const issues = [...line.issues, ...Object.values(asked).flatMap((flag) => flag.issues)]
if (issues.length > 0) {
  console.error([...issues, 'The flags are told by --help'].join('\n'))
  process.exit(2)
}
if (line.told('help')) {
  console.log(usage)
  process.exit(0)
}
const [runs, seed, threads] = [asked.runs.value, asked.seed.value, asked.threads.value]

const engine = O.getOrElse((): Engine => { throw new Error('this host has no WebAssembly SIMD') })(wasm({ threads }))

/** float32 numbers of moderate size. */
const moderate = fc.double({ min: -3, max: 3, noNaN: true }).map((x) => (Math.abs(x) < 1e-30 ? 0 : Math.fround(x)))

/** What arithmetic has corners for. */
const corners = fc.constantFrom(
  0, -0, 1, -1, Infinity, -Infinity, Number.NaN, 2 ** -149, -(2 ** -149), 2 ** -127, -(2 ** -127), 100, -100, 2 ** 24, Math.fround(3e38)
)

const hard = fc.oneof({ weight: 3, arbitrary: moderate }, { weight: 1, arbitrary: corners })

const layouts = true
const values = fc.oneof(
  arbitrary.graph('raw', hard, { layouts }),
  arbitrary.graph('raw', moderate, { layouts, largest: 17, elements: 1000 }),
  arbitrary.graph('safe', moderate, { layouts, largest: 401, elements: 4000 }),
  arbitrary.graph('smooth', moderate, { layouts, largest: 67, elements: 2000 })
)
const slopes = fc.oneof(
  arbitrary.graph('smooth', hard, { layouts }),
  arbitrary.graph('smooth', moderate, { layouts, largest: 67, elements: 2000 }),
  arbitrary.graph('safe', moderate, { layouts, largest: 17, elements: 1000 })
)

const seen = new Map<string, number>()
const tally = { graphs: 0, nodes: 0, from: performance.now() }

/** Counts what is drawn, and says how far it is. */
const counted = (what: string, derived: boolean) => (g: arbitrary.Graph): arbitrary.Graph => {
  const roots = derived ? gradient(sum(g.root), g.leaves) : [g.root]
  const nodes = topological(roots)
  const lowered = topological(lower(simplify(roots)).roots)
  for (const e of [...nodes, ...lowered]) seen.set(e.primitive.name, (seen.get(e.primitive.name) ?? 0) + 1)
  tally.graphs++
  tally.nodes += nodes.length
  if (tally.graphs % 500 === 0) {
    console.error(`${what}: ${tally.graphs} graphs of ${tally.nodes} nodes in ${((performance.now() - tally.from) / 1000).toFixed(0)} s`)
  }
  return g
}

console.log(`engine ${engine.name}, ${runs} graphs and ${runs} gradients, seed ${seed}`)
const graphs = { values: values.map(counted('values', false)), slopes: slopes.map(counted('gradients', true)) }
const verdicts = check(engineLaws(engine, graphs), { runs, seed })
for (const v of verdicts) {
  console.log(v._tag === 'Passed' ? `${v.law}: ${v.runs} held, ${v.discarded} discarded near a discontinuity or beyond 1e30` : v.message)
}
const missing = [...Object.keys(operations), ...Object.keys(emitters)].filter((name) => !seen.has(name))
if (missing.length > 0) console.log(`never drawn: ${missing.join(', ')}`)
const failed = verdicts.filter((v) => v._tag !== 'Passed').length
console.log(`${tally.graphs} graphs of ${tally.nodes} nodes; ${verdicts.length - failed} laws held, ${failed} failed`)
process.exitCode = failed > 0 || missing.length > 0 ? 1 : 0
