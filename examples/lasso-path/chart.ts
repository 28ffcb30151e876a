/** The coefficients over λ, and the curve that chooses it. */
import * as Plot from '@observablehq/plot'
import { palette, sheet } from '../svg.js'
import type { Diabetes } from './diabetes.js'

const margins = { marginLeft: 46, marginBottom: 38, marginTop: 12, marginRight: 34 }
const axis = { type: 'log', reverse: true, label: 'λ', labelAnchor: 'center', labelArrow: 'none', ticks: 4, tickFormat: '.0e' } as const

export const pathChart = ({ table, rows, validation: { points, best, oneStandardError } }: Diabetes): string => {
  const lines = rows.flatMap(({ lambda, coefficients }) => coefficients.map((w, j) => ({ lambda, w, name: table.names[j] })))
  const choices = [
    Plot.ruleX([best.lambda], { stroke: palette.blue, strokeDasharray: '5 3' }),
    Plot.ruleX([oneStandardError.lambda], { stroke: palette.vermillion, strokeDasharray: '5 3' })
  ]
  return sheet({
    title: 'The lasso path of diabetes',
    subtitle: '442 people, ten standardised measurements; each fit begins where the one before ended',
    legend: [
      { text: 'λ of the least error', colour: palette.blue, mark: 'line', dash: '5 3' },
      { text: 'the largest within one standard error of it', colour: palette.vermillion, mark: 'line', dash: '5 3' }
    ],
    columns: 2,
    panelWidth: 460,
    panelHeight: 340,
    panels: [
      {
        title: 'Coefficients',
        subtitle: 'they leave 0, exactly 0 until then, one after the other',
        plot: {
          ...margins, x: axis, y: { label: null, grid: true, ticks: 6 }, color: { scheme: 'tableau10' },
          marks: [
            Plot.ruleY([0], { stroke: '#BBB' }),
            ...choices,
            Plot.lineY(lines, { x: 'lambda', y: 'w', stroke: 'name', strokeWidth: 1.8 }),
            Plot.text(lines.filter(({ lambda }) => lambda === rows[rows.length - 1].lambda), {
              x: 'lambda', y: 'w', text: 'name', textAnchor: 'start', dx: 5
            })
          ]
        }
      },
      {
        title: 'Error on what was left out',
        subtitle: 'mean over folds, in parts of the variance, ± one standard error',
        plot: {
          ...margins, x: axis, y: { label: null, grid: true, ticks: 6 },
          marks: [
            ...choices,
            Plot.ruleX(points, {
              x: 'lambda', y1: (p: typeof best) => p.mean - p.standardError, y2: (p: typeof best) => p.mean + p.standardError,
              stroke: palette.grey
            }),
            Plot.dot(points, { x: 'lambda', y: 'mean', r: 2.5, fill: palette.ink })
          ]
        }
      }
    ]
  })
}
