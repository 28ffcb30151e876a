/** A process that makes thirty programs of 32 MB, one after another: says how many a worker helped, and by how many MB it has grown. */
import { setTimeout as sleep } from 'node:timers/promises'
import { platform } from '../../src/engine/wasm/platform.js'
import { crew } from '../../src/engine/wasm/team.js'
import { kernel, small } from './programs.js'

const host = platform()
if (host === undefined) throw new Error('no WebAssembly')
const megabytes = () => process.memoryUsage().rss / 2 ** 20
let helped = 0
const one = () => {
  const { target, memory, ...program } = small(host, 1, 512)
  new Uint8Array(memory.buffer).fill(1, 1 << 20)
  const team = crew(host, { memory, ...program }, 2, { shares: () => true, timed: () => false, took: () => undefined })
  const came = () => target.subarray(0, 256).some((slot) => slot > 0)
  for (const end = performance.now() + 1000; !came() && performance.now() < end;) team?.run(kernel.who, 64, 64)
  if (came()) helped += 1
  if (process.argv[2] === 'released') team?.release()
}
const before = megabytes()
for (let i = 0; i < 30; i++) {
  one()
  await sleep(1)
}
process.stdout.write(JSON.stringify({ helped, grown: megabytes() - before }))
