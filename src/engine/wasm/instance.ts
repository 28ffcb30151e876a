/** Emitted code with its memory: instantiated, and ready to be run. */
import { either as E, function as F } from 'fp-ts'
import type { Expr, Run } from '../../expr/node.js'
import { sizeOf } from '../../expr/shape.js'
import { threefry2x32 } from '../../random/threefry.js'
import { word } from '../../random/word.js'
import type { Write } from './assemble.js'
import { constantsOf, type Action, type Drawn, type Emission } from './emission.js'
import { encodeModule, type FunctionCode } from './encode.js'
import type { Kernel } from './kernel.js'
import type { Allocator } from './memory.js'
import type { LinearMemory, Platform } from './platform.js'
import { crew } from './team.js'

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

/** Work that is worth sharing among threads, in nanoseconds; and the least that one of them is given. */
const worthSharing = 20_000
const leastShare = 8_000

/** What the host does, one after the other: a function of the module, a kernel that threads share, a primitive's own evaluation, a loop. */
type Task =
  | { readonly _tag: 'Call'; readonly entry: number }
  | { readonly _tag: 'Share'; readonly entry: number; readonly extent: number; readonly chunks: number }
  | { readonly _tag: 'Fill'; readonly node: Expr; readonly at: (e: Expr) => number }
  | { readonly _tag: 'Loop'; readonly clock: number; readonly length: number; readonly reverse: boolean; readonly body: readonly Task[] }

/** The tasks of each generation, and the entries that they name. Small kernels in a row become one function. */
const tasksOf = (write: Write, actions: readonly (readonly Action[])[], threads: number) => {
  const entries: FunctionCode[] = []
  const known = new Map<FunctionCode, number>()
  const entryOf = (f: FunctionCode): number => {
    const found = known.get(f)
    if (found !== undefined) return found
    known.set(f, entries.length)
    return entries.push(f) - 1
  }
  const together = (kernels: readonly Kernel[]): FunctionCode => write([], (w) => {
    for (const { entry, extent } of kernels) w.call(entry, [0, extent, 0])
  })
  const tasksFor = (list: readonly Action[]): readonly Task[] => {
    const made: Task[] = []
    let small: Kernel[] = []
    const flush = () => {
      if (small.length > 0) made.push({ _tag: 'Call', entry: entryOf(together(small)) })
      small = []
    }
    for (const action of list) {
      if (action._tag === 'Run' && (threads === 1 || action.kernel.cost < worthSharing || action.kernel.extent < 2)) {
        small.push(action.kernel)
        continue
      }
      flush()
      if (action._tag === 'Fill') made.push(action)
      else if (action._tag === 'Loop') made.push({ ...action, body: tasksFor(action.body) })
      else {
        const { entry, extent, cost } = action.kernel
        const chunks = Math.min(extent, Math.max(threads, Math.min(4 * threads, Math.floor(cost / leastShare))))
        made.push({ _tag: 'Share', entry: entryOf(entry), extent, chunks })
      }
    }
    flush()
    return made
  }
  return { tasks: actions.map(tasksFor), entries }
}

/** How this engine was asked to work. */
export interface Settings {
  readonly host: Platform
  readonly write: Write
  readonly threads: number
}

/** Code that was compiled: a module, and what to do with it over some memory. Many instances may share it. */
export interface Compiled {
  readonly module: object
  readonly entries: number
  readonly tasks: readonly (readonly Task[])[]
  readonly code: Emission
  readonly constants: ReturnType<typeof constantsOf>
  readonly bytes: number
  readonly shared: boolean
}

/** A block of memory cannot be had. */
export interface TooLarge { readonly _tag: 'TooLarge'; readonly bytes: number }

const page = 65536
const mostPages = 65536

/** Compiles an emission. */
export const compiled = (
  { host, write, threads }: Settings, memory: Allocator, code: Emission, roots: readonly Expr[]
): E.Either<TooLarge, Compiled> => {
  const { tasks, entries } = tasksOf(write, code.actions, host.threads === undefined ? 1 : threads)
  const shares = (list: readonly Task[]): boolean => list.some((t) => t._tag === 'Share' || (t._tag === 'Loop' && shares(t.body)))
  const shared = tasks.some(shares)
  const bytes = memory.size() + page
  const pages = Math.ceil(bytes / page)
  return pages > mostPages ? E.left({ _tag: 'TooLarge', bytes }) : E.right({
    module: new host.Module(encodeModule(entries, { pages, shared })),
    entries: entries.length, tasks, code, constants: constantsOf(roots, code), bytes: pages * page, shared
  })
}

/** A block of memory and what runs in it, one runner for each generation. */
export interface Instance {
  readonly floats: (at: number, size: number) => Float32Array
  readonly runners: readonly ((run: Run) => void)[]
}

const linked = ({ host, threads }: Settings, { module, entries, tasks, code, constants }: Compiled, memory: LinearMemory): Instance => {
  const { exports } = new host.Instance(module, { host: { memory } })
  const kernels = Array.from({ length: entries }, (_, i) => String(i))
  const functions = kernels.map((k) => exports[k])
  const floats = (at: number, size: number) => new Float32Array(memory.buffer, at, size)
  for (const { at, words } of code.tables) new Int32Array(memory.buffer, at, words.length).set(words)
  for (const { at, values } of constants) floats(at, values.length).set(values)
  const keys = code.draws.map((d) => keyWriter(d, new Int32Array(memory.buffer, d.at, d.rows * 3)))
  const team = crew(host, { module, memory, kernels, functions }, threads)
  const clocks = new Int32Array(memory.buffer)
  const runner = (task: Task): ((run: Run) => void) => {
    switch (task._tag) {
      case 'Fill': {
        const tensor = (e: Expr) => floats(task.at(e), sizeOf(e.shape))
        const fill = task.node.primitive.evaluate(task.node.args.map(tensor), task.node)
        const out = tensor(task.node)
        return (run) => { fill(out, run) }
      }
      case 'Call': {
        const call = functions[task.entry]
        return () => { call(0, 0, 0) }
      }
      case 'Share': {
        const { entry, extent, chunks } = task
        const call = functions[entry]
        return team === undefined ? () => { call(0, extent, 0) } : () => { team.run(entry, extent, chunks) }
      }
      case 'Loop': {
        const { clock, length, reverse } = task
        const body = task.body.map(runner)
        return (run) => {
          for (let step = 0; step < length; step++) {
            clocks[clock / 4] = reverse ? length - 1 - step : step
            for (const each of body) each(run)
          }
        }
      }
    }
  }
  const runners = tasks.map((list) => {
    const steps = list.map(runner)
    return (run: Run) => {
      for (const key of keys) key(run)
      for (const step of steps) step(run)
    }
  })
  return { floats, runners }
}

/** Gives compiled code a memory of its own. */
export const instantiate = (settings: Settings, of: Compiled): E.Either<TooLarge, Instance> => {
  const pages = of.bytes / page
  return F.pipe(
    E.tryCatch(
      () => new settings.host.Memory({ initial: pages, maximum: pages, shared: of.shared }),
      (): TooLarge => ({ _tag: 'TooLarge', bytes: of.bytes })
    ),
    E.map((memory) => linked(settings, of, memory))
  )
}
