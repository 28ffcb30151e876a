/** What runs in the page: it trains, and posts what it found to the server that it came from. */
import type { Trained } from './training.js'

/** What the page tells. */
export interface Found {
  readonly isolated: boolean
  readonly runs: readonly Trained[]
  /** Kernels that ran on workers. */
  readonly helped: number
  /** What was said on the console. */
  readonly said: readonly string[]
}

/** As much of a page as is used here; Node's types name none of it. */
interface Page {
  readonly crossOriginIsolated: boolean
  Blob: new (parts: readonly string[], options: object) => object
  Worker: new (url: string, options: object) => { addEventListener: (type: 'message', listener: () => void) => void }
  onerror: (message: unknown) => void
  onunhandledrejection: (event: { readonly reason: unknown }) => void
}

const page: Page = globalThis as never
const said: string[] = []
const warn = console.warn
console.warn = (...words: readonly unknown[]) => {
  said.push(words.join(' '))
  warn(...words)
}

/** Goes before the script of a worker, so that it tells of each kernel that it ran. */
const telling = `
const Instance = WebAssembly.Instance
WebAssembly.Instance = function (module, imports) {
  const { exports } = new Instance(module, imports)
  const tell = (kernel) => (...args) => { kernel(...args); globalThis.postMessage('ran') }
  return { exports: Object.fromEntries(Object.entries(exports).map(([name, kernel]) => [name, tell(kernel)])) }
}
`
const helped = { times: 0 }
const { Blob, Worker } = page
page.Blob = function (parts: readonly string[], options: object) { return new Blob([telling, ...parts], options) } as never
page.Worker = function (url: string, options: object) {
  const worker = new Worker(url, options)
  worker.addEventListener('message', () => { helped.times += 1 })
  return worker
} as never

const post = (found: object): Promise<unknown> => fetch('/found', { method: 'POST', body: JSON.stringify(found) })

page.onerror = (problem) => void post({ problem: String(problem) })
page.onunhandledrejection = ({ reason }) => void post({ problem: String(reason) })

const { train } = await import('./training.js')
const runs = [await train(1), await train(2), await train(2)]
const found: Found = { isolated: page.crossOriginIsolated, runs, helped: helped.times, said }
await post(found)
