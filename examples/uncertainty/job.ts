/** The example around the fit: what is said, the chart. */
import { either as E } from 'fp-ts'
import { code, drawing, written } from '../drawn.js'
import { note, say } from '../output.js'
import { uncertaintyChart } from './chart.js'
import { loadMeats } from './data.js'
import { type Effort, fit } from './run.js'
import { json, rowsOf, table } from './summary.js'

/** Long enough to learn the curve, or just enough to run. */
const effortOf = (short: boolean): Effort => (short ? { epochs: 5, samples: 10 } : { epochs: 100, samples: 400 })

const legend = `All in percent of the weight. deviation: between the sub-networks. error: root mean square of their mean.
held: fraction within two deviations, of network and noise. gap: from the mean of the samples to the mean weights.`

/** Runs the example; the number is the code that the process is to end with. */
export const job = drawing({
  name: 'uncertainty',
  about: 'Fits a curve with dropout and asks it, by Monte-Carlo dropout, how sure it is away from its data.',
  object: 'a region'
}, ({ json: asJson, out, short }) => {
  const meats = loadMeats()
  if (E.isLeft(meats)) {
    note(meats.left.join('\n'))
    return code.failed
  }
  const effort = effortOf(short)
  note(`Training for ${effort.epochs} epochs, then asking ${effort.samples} sub-networks`)
  const found = fit(meats.right, effort)
  if (E.isLeft(found)) {
    note(found.left)
    return code.failed
  }
  const rows = rowsOf(meats.right, found.right)
  say(asJson ? rows.map((row) => json(row, effort)).join('\n') : `${table(rows)}\n\n${legend}`)
  const chart = written(out, 'uncertainty.svg', uncertaintyChart(meats.right, found.right))
  if (E.isLeft(chart)) {
    note(chart.left)
    return code.badFlags
  }
  ;(asJson ? note : say)(`Chart: ${chart.right}`)
  return code.done
})
