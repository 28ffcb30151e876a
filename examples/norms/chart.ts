/** The picture of every text on the subject: |w| and w², and what each of them asks of a weight, its derivative. */
import * as Plot from '@observablehq/plot'
import { type Panel, palette, sheet } from '../svg.js'

/** A weight, the two penalties of it, and their derivatives. */
export interface NormSample {
  readonly w: number
  readonly l1: number
  readonly l2: number
  readonly slopeL1: number
  readonly slopeL2: number
}

type Height = Exclude<keyof NormSample, 'w'>

const margins = { marginLeft: 40, marginBottom: 38, marginTop: 10, marginRight: 14 }

/** The sides of 0 are curves of their own: where a function jumps, no line joins them; a dot shows its value at 0. */
const curve = (samples: readonly NormSample[], y: Height, stroke: string, strokeDasharray: string, jumps: boolean): Plot.Markish[] => [
  Plot.lineY(jumps ? samples.filter(({ w }) => w !== 0) : samples, {
    x: 'w', y, stroke, strokeDasharray, strokeWidth: 2.4, ...(jumps ? { z: ({ w }: NormSample) => Math.sign(w) } : {})
  }),
  ...(jumps ? [Plot.dot(samples.filter(({ w }) => w === 0), { x: 'w', y, r: 4, fill: stroke })] : [])
]

type Titles = Pick<Panel, 'title' | 'subtitle'>

const panel = (samples: readonly NormSample[], titles: Titles, l1: Height, l2: Height, jumps: boolean): Panel => ({
  ...titles,
  plot: {
    ...margins,
    x: { label: 'w', labelAnchor: 'center', labelArrow: 'none', ticks: 5 },
    y: { label: null, grid: true, ticks: 6, nice: true },
    marks: [
      Plot.ruleX([0], { stroke: '#BBB' }),
      Plot.ruleY([0], { stroke: '#BBB' }),
      ...curve(samples, l2, palette.blue, '7 3', false),
      ...curve(samples, l1, palette.vermillion, 'none', jumps)
    ]
  }
})

export const normsChart = (samples: readonly NormSample[]): string => sheet({
  title: 'Two penalties of a weight, and their pull',
  subtitle: 'L1 pulls as hard on a small weight as on a large one, so weights arrive at 0; L2 hardly pulls on small ones',
  legend: [
    { text: 'L1: |w|', colour: palette.vermillion, mark: 'line' },
    { text: 'L2: w²', colour: palette.blue, mark: 'line', dash: '7 3' }
  ],
  columns: 2,
  panelWidth: 340,
  panelHeight: 280,
  panels: [
    panel(samples, { title: 'Penalty', subtitle: '|w| and w²' }, 'l1', 'l2', false),
    panel(samples, { title: 'Derivative', subtitle: 'sign(w), which is 0 at 0, and 2w' }, 'slopeL1', 'slopeL2', true)
  ]
})
