/** What a process holds of the machine's memory. */
import { existsSync, readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const mebi = 2 ** 20

/** MiB resident now. */
export const residentMiB = (): number => process.memoryUsage.rss() / mebi

/** MiB resident at most so far. Linux says it of this program alone; elsewhere it is what the process was told, its start included. */
export const peakResidentMiB = (): number => {
  const status = '/proc/self/status'
  const line = existsSync(status) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8')) : null
  return (line === null ? process.resourceUsage().maxRSS : Number(line[1])) / 1024
}

const sleep = (milliseconds: number): void => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds) }

/** Collects all garbage there is, and waits for the threads that free array buffers, so that what stays is held by someone. */
export const collector = (): (() => void) => {
  setFlagsFromString('--expose-gc')
  // With the flag, a context made afterwards has it: a function of no arguments.
  const collect = runInNewContext('typeof gc === "undefined" ? undefined : gc') as (() => void) | undefined
  if (collect === undefined) throw new Error('This host does not let its garbage be collected on demand.')
  return () => {
    for (let i = 0; i < 2; i++) {
      collect()
      sleep(30)
    }
  }
}
