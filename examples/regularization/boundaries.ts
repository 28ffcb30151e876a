/** Decision boundaries of an experiment in the plane: one panel a case, the probability of class 1 and the points. */
import * as Plot from '@observablehq/plot'
import type { Experiment } from '../cases.js'
import type { Examples } from '../data/load.js'
import { type Panel, palette, sheet } from '../svg.js'
import { type Plane, planes, shown } from './plane.js'
import type { Split } from './split.js'
import type { Row } from './summary.js'

const thresholds = Array.from({ length: 9 }, (_, i) => (i + 1) / 10)

/** From orange (class 0) over white to blue (class 1), pale so that the points stand out. */
const shades = ['#F2B48A', '#F9DCC6', '#FFFFFF', '#CFE1F1', '#8FBBDD']

const colours = [palette.vermillion, palette.blue] as const

/** Filled points have trained, hollow ones test. */
const dots = ({ x, y }: Examples, filled: boolean) => colours.map((colour, label) =>
  Plot.dot(x.filter((_, i) => y[i] === label), {
    x: '0',
    y: '1',
    r: filled ? 3.6 : 2.5,
    fill: filled ? colour : 'white',
    stroke: filled ? 'white' : colour,
    strokeWidth: filled ? 0.9 : 1.4
  }))

const panel = (row: Row, grid: readonly number[], split: Split, plane: Plane, size: readonly [number, number]): Panel => {
  const [x1, x2] = plane.x1
  const [y1, y2] = plane.x2
  const raster = { width: plane.columns, height: plane.rows, x1, x2, y1, y2, clip: true }
  const probabilities = [...grid]
  return {
    title: row.name,
    subtitle: `test accuracy ${row.measured.testAcc.mean.toFixed(3)}, loss ${row.measured.testLoss.mean.toFixed(3)}`,
    plot: {
      ...margins,
      width: size[0],
      height: size[1],
      x: { label: 'x₁', labelAnchor: 'center', labelArrow: 'none', domain: shown(plane.x1), ticks: 4 },
      y: { label: 'x₂', labelAnchor: 'center', labelArrow: 'none', domain: shown(plane.x2), ticks: 4 },
      color: { type: 'linear', domain: [0, 0.25, 0.5, 0.75, 1], range: shades },
      marks: [
        Plot.contour(probabilities, { ...raster, thresholds: [0, ...thresholds], fill: Plot.identity, stroke: 'none' }),
        Plot.contour(probabilities, { ...raster, thresholds: [0.5], stroke: palette.ink, strokeWidth: 1.6 }),
        ...dots(split.test, false),
        ...dots(split.train, true),
        Plot.frame({ stroke: '#999' })
      ]
    }
  }
}

const margins = { marginLeft: 40, marginBottom: 36, marginTop: 4, marginRight: 6 }
const panelWidth = 250

/** The height at which one unit is as long upwards as it is sideways. */
const panelHeight = ({ x1, x2 }: Plane): number => {
  const [left, right] = shown(x1)
  const [low, high] = shown(x2)
  const inner = panelWidth - margins.marginLeft - margins.marginRight
  return Math.round((inner * (high - low)) / (right - left)) + margins.marginTop + margins.marginBottom
}

/** Undefined for data that do not lie in the plane. */
export const decisionBoundaries = ({ data }: Experiment, rows: readonly Row[], split: Split): string | undefined => {
  const plane = planes[data]
  if (plane === undefined) return undefined
  const seeds = rows[0]?.seeds ?? 1
  const size = [panelWidth, panelHeight(plane)] as const
  return sheet({
    title: `Decision boundaries: ${data}`,
    subtitle: `The shade is the probability of class 1${seeds > 1 ? ` (mean of ${seeds} seeds)` : ''}, the line is where it is ½`,
    legend: [
      { text: 'class 0, training', colour: palette.vermillion, mark: 'dot' },
      { text: 'class 0, test', colour: palette.vermillion, mark: 'ring' },
      { text: 'class 1, training', colour: palette.blue, mark: 'dot' },
      { text: 'class 1, test', colour: palette.blue, mark: 'ring' }
    ],
    columns: 4,
    panelWidth: size[0],
    panelHeight: size[1],
    panels: rows.flatMap((row) => (row.grid === undefined ? [] : [panel(row, row.grid, split, plane, size)]))
  })
}
