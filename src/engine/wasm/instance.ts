/** Emitted code with its memory: instantiated, and ready to be run. */
import type { Expr, Run } from '../../expr/node.js'
import { sizeOf } from '../../expr/shape.js'
import { threefry2x32 } from '../../random/threefry.js'
import { word } from '../../random/word.js'
import { constantsOf, type Allocator, type Drawn, type Emission } from './emission.js'
import { encodeModule } from './encode.js'
import type { Platform } from './platform.js'

/** A block of memory and what runs in it, one runner for each emission. */
export interface Instance {
  readonly floats: (at: number, size: number) => Float32Array
  readonly runners: readonly ((run: Run) => void)[]
}

const kinds = { perExample: 0, perStep: 1, initial: 2 } as const

/** Writes the key and place of each row of a draw, three words a row; keys are kept while seed and high word stay. */
const keyWriter = ({ draw, rows }: Drawn, words: Int32Array): ((run: Run) => void) => {
  const name = word(draw.purpose)
  const kind = kinds[draw.address]
  const known = { seed: -1, high: -1, k0: 0, k1: 0 }
  return ({ seed, step, position }) => {
    const base = draw.address === 'perExample' ? position : draw.address === 'perStep' ? step : 0
    for (let r = 0; r < rows; r++) {
      const place = base + r
      const high = Math.floor(place / 2 ** 32)
      if (known.seed !== seed || known.high !== high) {
        const [k0, k1] = threefry2x32([seed, name], [high, kind])
        Object.assign(known, { seed, high, k0, k1 })
      }
      words[3 * r] = known.k0
      words[3 * r + 1] = known.k1
      words[3 * r + 2] = place
    }
  }
}

/** What is instantiated: the code of a graph, and the graph. */
interface Emitted { readonly code: Emission; readonly roots: readonly Expr[] }

/** Instantiates emissions over one block of memory. */
export const instantiate = (host: Platform, memory: Allocator, emissions: readonly Emitted[]): Instance => {
  const pages = memory.pages()
  const linear = new host.Memory({ initial: pages, maximum: pages })
  const functions = emissions.flatMap(({ code }) => code.functions)
  const { exports } = new host.Instance(new host.Module(encodeModule([], functions, pages)), { host: { memory: linear } })
  const floats = (at: number, size: number) => new Float32Array(linear.buffer, at, size)
  const runners = emissions.map(({ code, roots }) => {
    for (const { at, words } of code.tables) new Int32Array(linear.buffer, at, words.length).set(words)
    for (const { at, values } of constantsOf(roots, code.places)) floats(at, values.length).set(values)
    const tensor = (e: Expr) => floats(code.places.get(e) ?? 0, sizeOf(e.shape))
    const keys = code.draws.map((d) => keyWriter(d, new Int32Array(linear.buffer, d.at, d.rows * 3)))
    const steps = code.actions.map((action): ((run: Run) => void) => {
      if (action._tag === 'Call') return exports[action.name]
      const fill = action.node.primitive.evaluate(action.node.args.map(tensor), action.node)
      const out = tensor(action.node)
      return (run) => { fill(out, run) }
    })
    return (run: Run) => {
      for (const key of keys) key(run)
      for (const step of steps) step(run)
    }
  })
  return { floats, runners }
}
