/** Progress on standard error: a bar on a terminal, plain lines elsewhere, and never more than two seconds of silence. */
import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  /** What is being done now. */
  readonly say: (what: string) => void
  /** How many of all epochs are done. */
  readonly at: (done: number) => void
  /** Lets `write` print above the bar. */
  readonly above: (write: () => void) => void
  readonly stop: () => void
}

/** A line above the bar is printed with the bar taken away, which also gives the cursor back; then it starts anew. */
const bar = (total: number): Progress => {
  const shown = new SingleBar({
    format: '{bar} {percentage}% · {what}',
    barsize: 20,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: true,
    gracefulExit: false
  }, Presets.shades_classic)
  let what = 'starting'
  let done = 0
  const start = (): void => shown.start(total, done, { what })
  const stop = (): void => shown.stop()
  process.once('exit', stop)
  start()
  return {
    say: (next) => {
      what = next
      shown.update({ what })
    },
    at: (next) => {
      done = next
      shown.update(done)
    },
    above: (write) => {
      stop()
      write()
      start()
    },
    stop
  }
}

const pauseMs = 1000

/** A line whenever something has happened and the last line is old; a timer speaks when the work itself is silent. */
const lines = (total: number): Progress => {
  let what = 'starting'
  let done = 0
  let last = 0
  const tell = (): void => {
    if (Date.now() - last < pauseMs) return
    last = Date.now()
    process.stderr.write(`${Math.floor((100 * done) / total)}% · ${what}\n`)
  }
  const timer = setInterval(tell, 250)
  return {
    say: (next) => {
      what = next
      tell()
    },
    at: (next) => {
      done = next
      tell()
    },
    above: (write) => write(),
    stop: () => clearInterval(timer)
  }
}

export const progress = (total: number): Progress => (process.stderr.isTTY ? bar(total) : lines(total))
