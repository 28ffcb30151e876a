import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { experiments } from '../../examples/cases.js'
import { load } from '../../examples/data/load.js'
import { planes, pointsOf } from '../../examples/regularization/plane.js'

const file = (name: string) => readFileSync(new URL(`../../examples/data/${name}`, import.meta.url))

/** The numbers of the tutorials and of the published comparison, written down once more, so that no edit of the table goes unnoticed. */
describe('the table of the main job', () => {
  const cases = [
    { name: 'none' },
    { name: 'l1', l1: 0.001 },
    { name: 'l2', l2: 0.001 },
    { name: 'l1l2', l1: 0.001, l2: 0.001 },
    { name: 'maxNorm', constraint: { _tag: 'maxNorm', cap: 0.5 } },
    { name: 'unitNorm', constraint: { _tag: 'unitNorm' } },
    { name: 'dropout', dropout: 0.4 },
    { name: 'dropout+maxNorm', dropout: 0.4, constraint: { _tag: 'maxNorm', cap: 0.5 } }
  ]

  it('has moons, circles and sonar, each with the same eight rows', () => {
    expect(experiments.map(({ data }) => data)).toEqual(['moons', 'circles', 'sonar'])
    experiments.forEach((experiment) => { expect(experiment.cases).toEqual(cases) })
  })

  it.each(['moons', 'circles'])('trains 2-500-1 on %s: Adam, 4,000 epochs of one batch of the first 30 rows', (name) => {
    expect(experiments.find(({ data }) => data === name)).toMatchObject({
      features: 2,
      hidden: [500],
      optimizer: { _tag: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      epochs: 4000,
      batch: 30,
      split: { by: 'order', train: 30, test: 70 },
      standardised: false,
      seeds: 3
    })
  })

  it('trains 60-60-30-1 on sonar: momentum, 200 epochs, paired random splits of 140 and 68, standardised', () => {
    expect(experiments.find(({ data }) => data === 'sonar')).toMatchObject({
      features: 60,
      hidden: [60, 30],
      optimizer: { _tag: 'momentum', learningRate: 0.05, momentum: 0.9 },
      epochs: 200,
      split: { by: 'permutation', train: 140, test: 68 },
      standardised: true,
      seeds: 3
    })
  })

  it('runs at most a fiftieth of the epochs under --short', () => {
    experiments.forEach(({ epochs, shortEpochs }) => { expect(shortEpochs).toBeLessThanOrEqual(epochs / 50) })
  })
})

describe('the data', () => {
  it.each([
    { data: 'moons', rows: 100, ones: 50, features: 2, starts: [1.366982377748571, -0.23541583828163382], label: 1 },
    { data: 'circles', rows: 100, ones: 50, features: 2, starts: [-0.6364049338363262, -0.3687019099499153], label: 1 },
    { data: 'sonar', rows: 208, ones: 111, features: 60, starts: [0.02, 0.0371, 0.0428], label: 0 }
  ] as const)('$data: $rows rows of $features numbers, $ones of class 1', ({ data, rows, ones, features, starts, label }) => {
    const found = load(data)
    if (found._tag === 'Left') throw new Error(found.left.join('\n'))
    const { x, y } = found.right
    const count = (label: number) => y.filter((each) => each === label).length
    expect([x.length, y.length, count(1), count(0)]).toEqual([rows, rows, ones, rows - ones])
    expect(x.every((row) => row.length === features && row.every(Number.isFinite))).toBe(true)
    expect([x[0].slice(0, starts.length), y[0]]).toEqual([starts, label])
    expect(experiments.filter((each) => each.data === data).map(({ features, split }) => [features, split.train + split.test]))
      .toEqual([[features, rows]])
  })

  it('are the files whose licences and checksums are written beside them', () => {
    const said = [...file('LICENCES.md').toString('utf8').matchAll(/^\| `([^`]+)` .*`([0-9a-f]{32})` \|$/gm)]
    const there = readdirSync(new URL('../../examples/data/', import.meta.url)).filter((name) => !/\.(ts|md)$/.test(name))
    expect(said.map(([, name]) => name).sort()).toEqual(there.sort())
    said.forEach(([, name, md5]) => { expect(createHash('md5').update(file(name)).digest('hex'), name).toBe(md5) })
  })

  it.each(['moons', 'circles'] as const)('%s lie inside the plane whose boundary is drawn', (data) => {
    const found = load(data)
    const plane = planes[data]
    if (found._tag === 'Left' || plane === undefined) throw new Error(`${data} is not there`)
    const inside = ([low, high]: readonly [number, number], value: number) => low < value && value < high
    expect(found.right.x.every(([a, b]) => inside(plane.x1, a) && inside(plane.x2, b))).toBe(true)
    expect(pointsOf(plane)).toHaveLength(plane.columns * plane.rows)
  })
})
