/** As much of a browser's `Worker` as jax-js asks for, made of Node's: so that it has its second thread here too. */
import { Worker as Thread } from 'node:worker_threads'

const blobs = new Map()
const createObjectURL = URL.createObjectURL.bind(URL)
URL.createObjectURL = (blob) => {
  const url = createObjectURL(blob)
  blobs.set(url, blob)
  return url
}

const prelude = `
const { parentPort } = require('node:worker_threads')
globalThis.self = globalThis
globalThis.postMessage = (message) => parentPort.postMessage(message)
parentPort.on('message', (data) => self.onmessage({ data }))
`

globalThis.Worker = class {
  #thread

  constructor(url) {
    this.#thread = blobs.get(url).text().then((source) => {
      const thread = new Thread(prelude + source, { eval: true })
      thread.on('message', (data) => this.onmessage?.({ data }))
      thread.on('error', (error) => this.onerror?.(error))
      return thread
    })
  }

  postMessage(message) {
    void this.#thread.then((thread) => thread.postMessage(message))
  }
}
