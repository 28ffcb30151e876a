/**
 * The WebAssembly engine against the reference on many random graphs: every primitive, sizes of 0, 1, odd ones and hundreds, values with
 * NaN, ±∞, −0 and subnormals among them, and gradients. `npm run nightly -- [--runs 10000] [--seed n] [--threads 1]`.
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { option as O } from 'fp-ts'
import { wasm, type Engine } from 'tikhonov/engine'
import { gradient, simplify, sum, topological } from 'tikhonov/expr'
import { arbitrary, check, engineLaws } from 'tikhonov/laws'
import { emitters } from '../../src/engine/wasm/emitters.js'
import { lower } from '../../src/engine/wasm/lower.js'
import { operations } from '../../src/engine/wasm/operations.js'

const { values: { runs: wanted, seed: given, threads } } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string' }, threads: { type: 'string', default: '1' } }
})
const runs = Number(wanted)
const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given)

const engine = O.getOrElse((): Engine => { throw new Error('this host has no WebAssembly SIMD') })(wasm({ threads: Number(threads) }))

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
