/** Learning curves of an experiment: one panel a case, loss over epochs on the training and on the test part. */
import * as Plot from '@observablehq/plot'
import type { Experiment } from '../cases.js'
import { type Panel, palette, sheet } from '../svg.js'
import type { Row } from './summary.js'

/** The unregularised row, drawn into every panel to compare with. */
const reference = (rows: readonly Row[]): Row | undefined => rows.find(({ name }) => name === 'none')

const panel = (row: Row, none: Row | undefined, top: number): Panel => ({
  title: row.name,
  subtitle: `at the end: train ${row.measured.trainLoss.mean.toFixed(3)}, test ${row.measured.testLoss.mean.toFixed(3)}`,
  plot: {
    marginLeft: 38,
    marginBottom: 34,
    marginTop: 20,
    marginRight: 18,
    x: { label: 'epoch', labelAnchor: 'center', labelArrow: 'none', ticks: 4 },
    y: { label: 'loss', labelArrow: 'none', domain: [0, top], grid: true, ticks: 5, clamp: true },
    marks: [
      Plot.ruleY([0]),
      none === undefined || none === row
        ? null
        : Plot.lineY(none.curve, { x: 'epoch', y: 'test', stroke: palette.grey, strokeWidth: 1.4, strokeDasharray: '2 3' }),
      Plot.lineY(row.curve, { x: 'epoch', y: 'train', stroke: palette.blue, strokeWidth: 1.8, strokeDasharray: '6 3' }),
      Plot.lineY(row.curve, { x: 'epoch', y: 'test', stroke: palette.vermillion, strokeWidth: 2 })
    ]
  }
})

/** The highest loss worth showing: where every curve ends, and all of the way there but the spikes of single epochs. */
const height = (rows: readonly Row[]): number => {
  const losses = rows.flatMap(({ curve }) => curve.map(({ train, test }) => Math.max(train, test))).sort((a, b) => a - b)
  const usual = losses[Math.floor(0.99 * (losses.length - 1))] ?? 1
  return 1.05 * Math.max(usual, ...rows.map(({ measured }) => measured.testLoss.mean))
}

const averaged = (seeds: number): string => (seeds > 1 ? `; mean of ${seeds} seeds` : '')

export const learningCurves = ({ data }: Experiment, rows: readonly Row[]): string => sheet({
  title: `Learning curves: ${data}`,
  subtitle: `Binary cross-entropy without penalty and dropout, over epochs${averaged(rows[0]?.seeds ?? 1)}`,
  legend: [
    { text: 'test loss', colour: palette.vermillion, mark: 'line' },
    { text: 'training loss', colour: palette.blue, mark: 'line', dash: '6 3' },
    { text: 'test loss without regularization', colour: palette.grey, mark: 'line', dash: '2 3' }
  ],
  columns: 4,
  panelWidth: 250,
  panelHeight: 200,
  panels: rows.map((row) => panel(row, reference(rows), height(rows)))
})
