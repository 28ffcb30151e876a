/**
 * One peer in a process of its own: `node child.mjs ADAPTER OPTIONS`. Commands come as lines of JSON on stdin, answers go as lines of
 * JSON to file descriptor 3, since libraries print what they like to the other two.
 *
 * {"open": {workload, x, y}} → {"does"}: builds the network and takes the batches, float32 files of all of them in a row.
 * {"train": n} → {"milliseconds"}: n training steps on the next batches of the cycle, timed here and nowhere else.
 * {"predict": i} → {"outputs"}: of batch i in inference mode, one probability (of a regression: its value) an output.
 * Any of them may answer {"error"}.
 */
import { readFileSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const [, , adapter, options = '{}'] = process.argv

const answer = (message) => {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`)
  for (let sent = 0; sent < bytes.length;) sent += writeSync(3, bytes, sent)
}

const floats = (path) => {
  const bytes = readFileSync(path)
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

let peer

const commands = {
  open: async ({ workload, x, y }) => {
    const { open } = await import(pathToFileURL(adapter).href)
    const [inputs, labels] = [floats(x), floats(y)]
    const [width, outputs] = [workload.batch * workload.input.reduce((a, b) => a * b, 1), workload.batch * workload.outputs]
    const batches = Array.from({ length: inputs.length / width }, (_, b) => ({
      x: inputs.slice(b * width, (b + 1) * width), y: labels.slice(b * outputs, (b + 1) * outputs)
    }))
    peer = await open(workload, batches, JSON.parse(options))
    return { does: peer.does }
  },
  train: async (steps) => {
    const from = performance.now()
    await peer.train(steps)
    return { milliseconds: performance.now() - from }
  },
  predict: async (batch) => ({ outputs: Array.from(await peer.predict(batch)) })
}

for await (const line of createInterface({ input: process.stdin })) {
  const [[name, given]] = Object.entries(JSON.parse(line))
  try {
    answer(await commands[name](given))
  } catch (error) {
    answer({ error: error instanceof Error ? error.message : String(error) })
  }
}
process.exit(0)
