/** What threads need of their host, Node or a page, typed here because no library of either's types names it. */

/** A thread that runs a script and reads messages. It never keeps the process alive. */
export interface Thread {
  readonly post: (message: object) => void
  /** Resolves when the thread is gone. */
  readonly terminate: () => Promise<void>
}

/** A host that has threads and memory that they share. */
export interface Threads {
  /** How many can run at once. */
  readonly cores: number
  /** A new thread; `gone` is called when it ends, whoever ended it. */
  readonly start: (script: string, gone: () => void) => Thread
}

interface NodeThread {
  readonly postMessage: (message: object) => void
  readonly terminate: () => Promise<unknown>
  readonly unref: () => void
  readonly on: (event: 'exit' | 'error', listener: () => void) => void
}

interface NodeThreads {
  readonly Worker: new (script: string, options: NodeOptions) => NodeThread
}

interface NodeOptions { readonly eval: true; readonly execArgv: readonly string[]; readonly name: string }

interface PageThread {
  readonly postMessage: (message: object) => void
  readonly terminate: () => void
  onerror: (() => void) | null
}

interface Cores { readonly availableParallelism: () => number }

interface Page {
  readonly Worker: new (url: string, options: { readonly name: string }) => PageThread
  readonly Blob: new (parts: readonly string[], options: { readonly type: string }) => object
  readonly URL: { readonly createObjectURL: (blob: object) => string; readonly revokeObjectURL: (url: string) => void }
}

/** What may be found in the global scope. */
interface Host {
  readonly SharedArrayBuffer?: object
  readonly process?: { readonly getBuiltinModule?: (name: string) => object | undefined }
  readonly navigator?: { readonly hardwareConcurrency?: number }
  readonly crossOriginIsolated?: boolean
  readonly Worker?: object
  readonly Blob?: object
  readonly URL?: object
}

const name = 'tikhonov'

const inNode = ({ Worker }: NodeThreads, cores: number): Threads => ({
  cores,
  start: (script, gone) => {
    // No flags of the process but V8's own: a loader given with --import would start in every thread.
    const thread = new Worker(script, { eval: true, execArgv: [], name })
    thread.on('exit', gone)
    thread.on('error', gone)
    thread.unref()
    return { post: (message) => { thread.postMessage(message) }, terminate: async () => { await thread.terminate() } }
  }
})

const inPage = ({ Worker, Blob, URL }: Page, cores: number): Threads => ({
  cores,
  start: (script, gone) => {
    const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))
    const thread = new Worker(url, { name })
    thread.onerror = gone
    return {
      post: (message) => { thread.postMessage(message) },
      terminate: () => {
        thread.terminate()
        URL.revokeObjectURL(url)
        return Promise.resolve()
      }
    }
  }
})

/** How many threads a page could run at once, as it says. */
export const coresOf = (host: Host = globalThis): number => host.navigator?.hardwareConcurrency ?? 1

/** The host's threads, or `undefined` where it has none, or no memory to share: a page that is not cross-origin isolated. */
export const threads = (host: Host = globalThis): Threads | undefined => {
  if (host.SharedArrayBuffer === undefined) return undefined
  const builtin = (of: string) => host.process?.getBuiltinModule?.(of)
  const [found, system] = [builtin('node:worker_threads') as NodeThreads | undefined, builtin('node:os') as Cores | undefined]
  if (found !== undefined) return inNode(found, system?.availableParallelism() ?? 1)
  // A page that is isolated has workers, blobs and their addresses.
  return host.crossOriginIsolated === true ? inPage(host as Page, coresOf(host)) : undefined
}
