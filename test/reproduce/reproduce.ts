/**
 * The published numbers, again: the main job over three seeds against the means of an independent implementation over twenty
 * (network 2-500-1, Adam, 4,000 epochs of one batch of 30). Accuracy moves in steps of 1/70, so losses are compared.
 */
import { spawnSync } from 'node:child_process'

interface Row { readonly data: string; readonly case: string; readonly test_loss: number }

/** Test loss: the published mean, and how far three seeds may be from it. */
const published = [
  { row: 'moons/none', mean: 0.497, within: 0.03 },
  { row: 'moons/l2', mean: 0.263, within: 0.03 },
  { row: 'circles/none', mean: 2.1, within: 0.4 },
  { row: 'circles/dropout', mean: 0.53, within: 0.08 }
]

/** What regularization is for, as ratios of test losses. */
const ratios = [
  { of: 'moons/l2', to: 'moons/none', most: 0.6 },
  { of: 'circles/dropout', to: 'circles/none', most: 0.35 }
]

const only = published.flatMap(({ row }) => ['--only', row])
const { stdout, status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', '-C', 'tikhonov-source', 'examples/regularization.ts', '--seeds', '3', '--json', '--out', 'out/reproduce', ...only],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }
)
const rows = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Row)
const loss = (row: string): number => rows.find((r) => `${r.data}/${r.case}` === row)?.test_loss ?? Number.NaN

const verdicts = [
  ...published.map(({ row, mean, within }) => ({
    ok: Math.abs(loss(row) - mean) <= within, text: `${row}: test loss ${loss(row).toFixed(3)}, published ${mean} ± ${within}`
  })),
  ...ratios.map(({ of, to, most }) => ({
    ok: loss(of) / loss(to) <= most, text: `${of} / ${to}: ${(loss(of) / loss(to)).toFixed(3)}, at most ${most}`
  }))
]
verdicts.forEach(({ ok, text }) => { console.log(`${ok ? 'ok  ' : 'FAIL'} ${text}`) })
process.exitCode = status === 0 && verdicts.every(({ ok }) => ok) ? 0 : 1
