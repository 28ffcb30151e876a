import { reference } from 'tikhonov/engine'
import { describe, expect, it } from 'vitest'
import { type Experiment, experiments } from '../../examples/cases.js'
import { load } from '../../examples/data/load.js'
import { planes, pointsOf } from '../../examples/regularization/plane.js'
import type { CaseResult } from '../../examples/regularization/result.js'
import { runCase } from '../../examples/regularization/run.js'
import { splitOf } from '../../examples/regularization/split.js'

const [moons, , sonar] = experiments

interface Asked {
  readonly seed?: number
  readonly epochs?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (epoch: number) => void
}

/** Trains a row of the table on the real data, for a few epochs. */
const train = (
  experiment: Experiment, name: string,
  { seed = 1, epochs = experiment.shortEpochs, signal = new AbortController().signal, onProgress = () => undefined }: Asked = {}
): Promise<CaseResult> => {
  const all = load(experiment.data)
  const row = experiment.cases.find((each) => each.name === name)
  if (all._tag === 'Left' || row === undefined) throw new Error(`there is no ${experiment.data}/${name}`)
  return runCase({ experiment, split: splitOf(experiment, all.right, seed), epochs, engine: reference() }, row, seed, onProgress, signal)
}

/** Like moons, with a network that is trained at once. */
const small: Experiment = { ...moons, hidden: [12] }

describe('runCase', () => {
  it('trains a row of moons as --short does, and measures it', async () => {
    const heard: number[] = []
    const found = await train(moons, 'l1', { onProgress: (epoch) => heard.push(epoch) })
    expect(found.curve.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 41 }, (_, i) => i))
    expect(heard).toEqual(found.curve.map(({ epoch }) => epoch))
    expect(found.curve.at(-1)).toEqual({ epoch: 40, train: found.trainLoss, test: found.testLoss })
    expect(found.trainLoss).toBeLessThan(0.7 * found.curve[0].train)
    expect(found.trainAcc * 30).toBeCloseTo(Math.round(found.trainAcc * 30), 5)
    expect(found.testAcc * 70).toBeCloseTo(Math.round(found.testAcc * 70), 5)
    expect([found.trainAcc, found.testAcc].every((accuracy) => accuracy > 0.7 && accuracy <= 1)).toBe(true)
    // The penalty is that of the hidden kernel alone, ‖W‖₁ counts the last kernel too: 500 weights of Glorot's uniform are about 27 of it.
    expect(found.l1 - found.penalty / 0.001).toBeGreaterThan(15)
    expect(found.l1 - found.penalty / 0.001).toBeLessThan(60)
    expect(found.grid).toHaveLength(pointsOf(planes.moons ?? { x1: [0, 0], x2: [0, 0], columns: 0, rows: 0 }).length)
    expect(found.grid?.every((p) => p >= 0 && p <= 1)).toBe(true)
  })

  it('trains a row of sonar in batches of which the last is short, without a plane', async () => {
    const found = await train({ ...sonar, hidden: [8, 4] }, 'dropout+maxNorm')
    expect(found.curve.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4])
    expect(found.trainLoss).toBeLessThan(found.curve[0].train)
    expect(found.testAcc * 68).toBeCloseTo(Math.round(found.testAcc * 68), 5)
    expect(found).not.toHaveProperty('grid')
    // 12 hidden units of norm ≤ ½, and a last kernel of 4 weights that few steps have not taken far.
    expect(found.l2).toBeLessThan(Math.sqrt(12 * 0.25 + 4 * 4))
  })

  it('gives the same numbers to the same seed and others to another', async () => {
    const [once, again, other] = [await train(small, 'dropout'), await train(small, 'dropout'), await train(small, 'dropout', { seed: 2 })]
    expect(again).toEqual(once)
    expect(other.curve[0].train).not.toBe(once.curve[0].train)
  })

  it('starts every case of a seed from the same weights, and holds what each promises', async () => {
    const of = Object.fromEntries(await Promise.all(small.cases.map(async ({ name }) => [name, await train(small, name)] as const)))
    const all = Object.values(of)
    expect(new Set(all.map(({ curve }) => curve[0].test)).size).toBe(1)
    expect(new Set(all.map(({ testLoss }) => testLoss)).size).toBeGreaterThanOrEqual(6)
    expect(Object.keys(of).filter((name) => of[name].penalty > 0)).toEqual(['l1', 'l2', 'l1l2'])
    expect(of.l1l2.l1).toBeLessThan(of.none.l1)
    expect(of.l2.l2).toBeLessThan(of.none.l2)
    // 12 hidden units of norm 1, and a last kernel that no constraint holds: here its norm is more than 1.
    expect(of.unitNorm.l2 ** 2).toBeGreaterThan(12 + 1.01)
    expect(of.maxNorm.l2).toBeLessThan(of.none.l2)
  })

  it('keeps the last epoch also where the points of the curve do not fall on it', async () => {
    const { curve } = await train({ ...small, hidden: [2] }, 'none', { epochs: 250 })
    expect(curve.slice(-2).map(({ epoch }) => epoch)).toEqual([249, 250])
  })

  it('rejects when it is interrupted, before the first step and in the midst of many', async () => {
    await expect(train(small, 'none', { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    const interruption = new AbortController()
    const heard: number[] = []
    const onProgress = (epoch: number) => {
      heard.push(epoch)
      if (epoch >= 40) interruption.abort()
    }
    await expect(train(small, 'none', { epochs: 4000, signal: interruption.signal, onProgress })).rejects.toThrow(/abort/i)
    expect(heard.at(-1)).toBe(40)
  })

  it('rejects with what became infinite, and with everything that is wrong with a case', async () => {
    const wild: Experiment = { ...small, optimizer: { _tag: 'momentum', learningRate: 1e308, momentum: 0.9 } }
    await expect(train(wild, 'none')).rejects.toThrow(/^data: found (NaN|-?Infinity), allowed: a finite number/)
    const wrong: Experiment = { ...small, cases: [{ name: 'wrong', l1: -1, dropout: 2 }] }
    await expect(train(wrong, 'wrong')).rejects.toThrow(/-1.*; .*2/)
  })
})
