/**
 * The engine in a page, `npm run browser`: the built package in a Chromium, trained on one thread and on two. Where the page is
 * cross-origin isolated a worker helps; where it is not there is one thread, which is said once; the numbers are Node's, bit for bit.
 * CHROMIUM names the browser where it is in no usual place.
 */
import { chromium, open } from './chromium.js'
import type { Found } from './page.js'
import { serve } from './server.js'
import { train } from './training.js'

/** How long a page may take, in ms: some hundred times as long as it does. */
const patience = 120_000

const late = (): Promise<string> => new Promise((resolve) => {
  setTimeout(() => { resolve(JSON.stringify({ problem: `nothing came within ${patience / 1000} s` })) }, patience).unref()
})

/** What a page finds in a browser. */
const visit = async (program: string, isolated: boolean): Promise<Found> => {
  const { address, found, close } = await serve(isolated)
  const leave = open(program, address)
  try {
    const told = JSON.parse(await Promise.race([found, late()])) as Found | { readonly problem: string }
    if ('problem' in told) throw new Error(`${isolated ? 'an isolated page' : 'a page that is not isolated'}: ${told.problem}`)
    return told
  } finally {
    await leave()
    close()
  }
}

/** A promise of the engine, and whether it was kept. */
type Check = readonly [promise: string, kept: boolean, found: unknown]

const checks = async (program: string): Promise<readonly Check[]> => {
  const here = await train(1)
  const same = ({ runs }: Found): boolean => runs.every(({ step, loss, bits }) =>
    step === here.step && loss === here.loss && bits.length === here.bits.length && bits.every((word, i) => word === here.bits[i]))
  const threads = ({ runs }: Found): string => runs.map((run) => run.threads).join(' ')
  const [isolated, plain] = [await visit(program, true), await visit(program, false)]
  return [
    ['with the headers a page is cross-origin isolated', isolated.isolated, isolated.isolated],
    ['there it has the threads it asks for', threads(isolated) === '1 2 2', threads(isolated)],
    ['a worker helps', isolated.helped > 0, `${isolated.helped} kernels on workers`],
    ['one thread and two give the numbers of Node, bit for bit', same(isolated), isolated.runs.map(({ loss }) => loss)],
    ['nothing is said', isolated.said.length === 0, isolated.said],
    ['without the headers a page has one thread', !plain.isolated && threads(plain) === '1 1 1', threads(plain)],
    ['and no worker', plain.helped === 0, `${plain.helped} kernels on workers`],
    ['which is said once', plain.said.length === 1 && plain.said[0].startsWith('tikhonov: '), plain.said],
    ['its numbers are those of Node too, bit for bit', same(plain), plain.runs.map(({ loss }) => loss)]
  ]
}

const program = chromium()
if (program === undefined) {
  console.log('skipped: no Chromium found; CHROMIUM names one that is in no usual place')
} else {
  const found = await checks(program)
  for (const [promise, kept, seen] of found) console.log(kept ? `ok   ${promise}` : `FAIL ${promise}: found ${JSON.stringify(seen)}`)
  process.exitCode = found.every(([, kept]) => kept) ? 0 : 1
}
