import { either as E, function as F } from 'fp-ts'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { zeros } from 'tikhonov/probes'
import { exact, l1 } from 'tikhonov/regularizers'
import { reportSvg, showTally, tally, type Run } from 'tikhonov/report'
import { tensor } from 'tikhonov/tensor'
import { fold, parametersOf, start, trainer } from 'tikhonov/training'
import { histogram } from '../../src/report/chart.js'

const batch = { x: tensor([[1, 2], [3, -1]]), y: tensor([[1], [0]]) }

const run: Run = F.pipe(
  sequential([2], dense(1, { kernelRegularizer: exact(l1(0.1)) })),
  E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.05), probes: [zeros] })),
  E.chainW((t) => F.pipe(fold(t)(start(t, 1), Array.from({ length: 1000 }, () => batch)), E.map(({ state, reports }): Run =>
    ({ title: 'a < b & "c"', reports, before: parametersOf(t, start(t, 1)), after: parametersOf(t, state) })))),
  E.getOrElse((): Run => ({ title: 'failed', reports: [] }))
)

describe('the picture of a run', () => {
  // linkedom speaks of the DOM's types, which a project for Node does not load: said here is as much of them as is used.
  const { document } = parseHTML(reportSvg(run)) as { readonly document: {
    querySelectorAll: (of: string) => Iterable<{ readonly textContent: string; getAttribute: (name: string) => string }>
  } }
  const all = (of: string) => [...document.querySelectorAll(of)]

  it('has a chart for losses, penalties, each kind of probe and each parameter', () => {
    const headings = all('text').filter((t) => t.getAttribute('font-weight') === '600').map((t) => t.textContent)
    expect(headings).toEqual(['a < b & "c"', 'loss', 'penalties', 'zeros', 'dense/0/kernel', 'dense/0/bias'])
  })

  it('draws finite numbers, and of a long run no more points than a screen shows', () => {
    const lines = all('polyline').map((line) => line.getAttribute('points').split(' '))
    expect(lines).toHaveLength(2 + 1 + 2 + 4)
    lines.forEach((points) => {
      expect(points.length).toBeLessThanOrEqual(402)
      points.forEach((point) => { expect(point).toMatch(/^-?\d+\.\d,-?\d+\.\d$/) })
    })
  })

  it('is one of nothing, too', () => {
    expect(reportSvg({ title: '', reports: [] })).toMatch(/^<svg [^]*<\/svg>\n$/)
  })
})

describe('a histogram', () => {
  it('counts every value once, those at the ends in the bins at the ends', () => {
    expect(histogram([0, 0.1, 1, 2, 2], { from: 0, to: 2 }, 4)).toEqual([2, 0, 1, 2])
  })
})

describe('the table of a run', () => {
  it('has a line for each number, aligned', () => {
    const lines = showTally(tally(run.reports)).split('\n')
    expect(lines.map((line) => line.trim().split(/\s+/)[0])).toEqual([
      '1000', 'losses', 'data', 'total', 'penalties', 'dense/0/kernel/l1', 'probes', 'dense/0/kernel/zeros', 'dense/0/bias/zeros'
    ])
    expect(new Set(lines.filter((line) => /\d$/.test(line)).map((line) => line.length)).size).toBe(1)
  })
})
