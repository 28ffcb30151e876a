/** A process that was helped by a worker and has nothing left to do: says how many ms of processor time it used while idle, and ends. */
import { setTimeout as sleep } from 'node:timers/promises'
import { platform } from '../../src/engine/wasm/platform.js'
import { crew } from '../../src/engine/wasm/team.js'
import { kernel, small } from './programs.js'

const host = platform()
if (host === undefined) throw new Error('no WebAssembly')
const program = small(host)
const team = crew(host, program, 2, { shares: () => true, timed: () => false, took: () => undefined })
const end = performance.now() + 20_000
const helped = () => program.target.subarray(0, 256).some((slot) => slot > 0)
while (!helped() && performance.now() < end) team?.run(kernel.who, 64, 64)
await sleep(200)
const before = process.cpuUsage()
await sleep(500)
const { user, system } = process.cpuUsage(before)
process.stdout.write(JSON.stringify({ helped: helped(), idle: (user + system) / 1000 }))
