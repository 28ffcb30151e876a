/** The fitted curve with its bands, which grow where there was nothing to learn from. */
import * as Plot from '@observablehq/plot'
import { palette, sheet } from '../svg.js'
import { type Meat, regionOf, seen } from './data.js'
import type { Fit } from './run.js'

export const uncertaintyChart = (meats: readonly Meat[], { grid, noise }: Fit): string => {
  const band = (low: (deviation: number) => number) => ({
    x: 'water',
    y1: (a: Fit['grid'][number]) => a.mean - low(a.deviation),
    y2: (a: Fit['grid'][number]) => a.mean + low(a.deviation)
  })
  const trained = meats.filter((meat) => regionOf(meat) === 'trained')
  const rest = meats.filter((meat) => regionOf(meat) !== 'trained')
  return sheet({
    title: 'What a network does not know',
    subtitle: 'Protein of meat from its water; the network has learned between the dashed lines only',
    legend: [
      { text: 'mean of the sub-networks', colour: palette.blue, mark: 'line' },
      { text: 'mean weights, dropout asleep', colour: palette.orange, mark: 'line', dash: '5 4' },
      { text: 'trained on', colour: palette.ink, mark: 'dot' },
      { text: 'kept back', colour: palette.vermillion, mark: 'ring' }
    ],
    columns: 1,
    panelWidth: 760,
    panelHeight: 400,
    panels: [{
      title: 'Monte-Carlo dropout',
      subtitle: 'bands: two standard deviations between sub-networks (dark), and with the noise of the data (light)',
      plot: {
        marginLeft: 44, marginBottom: 38, marginTop: 22, marginRight: 14,
        x: { label: 'water, %', labelAnchor: 'center', labelArrow: 'none' },
        y: { label: 'protein, %', grid: true, domain: [5, 30], clamp: true },
        marks: [
          Plot.areaY(grid, { ...band((d) => 2 * Math.hypot(d, noise)), fill: palette.blue, fillOpacity: 0.12 }),
          Plot.areaY(grid, { ...band((d) => 2 * d), fill: palette.blue, fillOpacity: 0.25 }),
          Plot.ruleX([seen.from, seen.to], { stroke: palette.grey, strokeDasharray: '4 4' }),
          Plot.dot(rest, { x: 'water', y: 'protein', r: 2.5, fill: 'white', stroke: palette.vermillion, strokeWidth: 1.4 }),
          Plot.dot(trained, { x: 'water', y: 'protein', r: 2.8, fill: palette.ink }),
          Plot.lineY(grid, { x: 'water', y: 'asleep', stroke: palette.orange, strokeWidth: 1.8, strokeDasharray: '5 4' }),
          Plot.lineY(grid, { x: 'water', y: 'mean', stroke: palette.blue, strokeWidth: 2.4 })
        ]
      }
    }]
  })
}
