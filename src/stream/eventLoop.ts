/** The host's event loop, as a run sees it: a clock, and a way to stand aside so that timers, signals and input are served. */

/** A clock in milliseconds, and a call in a turn of its own, after what was due meanwhile. */
export interface EventLoop {
  readonly now: () => number
  readonly later: (work: () => void) => void
}

type Called = (...given: readonly unknown[]) => unknown

const isFunction = (value: unknown): value is Called => typeof value === 'function'

/** What a run needs of one end of a message channel. */
interface Port {
  readonly addEventListener: (kind: 'message', heard: () => void) => void
  readonly start: () => void
  readonly postMessage: (message: null) => void
  readonly close: () => void
}

/** Two ports, where the host has channels: what `MessageChannel` makes is known by its name. */
const channel = (): { readonly port1: Port; readonly port2: Port } | undefined => {
  const made: unknown = Reflect.get(globalThis, 'MessageChannel')
  return isFunction(made) ? (Reflect.construct(made, []) as { readonly port1: Port; readonly port2: Port }) : undefined
}

/**
 * The event loop of the host: `setImmediate` where there is one, else a message to itself (which browsers do not slow down as they do
 * timers), else a timer. It is looked up at each call, so that what replaces the host's (fake timers of a test) is met.
 * @example
 * ```ts
 * import { eventLoop } from 'tikhonov/stream'
 * const order: string[] = []
 * await new Promise<void>((done) => { eventLoop.later(() => { order.push('later'); done() }); order.push('now') })
 * order // => ['now', 'later']
 * ```
 */
export const eventLoop: EventLoop = {
  now: () => performance.now(),
  later: (work) => {
    const immediate: unknown = Reflect.get(globalThis, 'setImmediate')
    if (isFunction(immediate)) {
      immediate(work)
      return
    }
    const ports = channel()
    if (ports === undefined) {
      setTimeout(work)
      return
    }
    ports.port1.addEventListener('message', () => { ports.port1.close(); work() })
    ports.port1.start()
    ports.port2.postMessage(null)
  }
}
