/** The example around the run: the table, the picture. */
import { either as E } from 'fp-ts'
import { reportSvg, showTally, tally } from 'tikhonov/report'
import { code, drawing, written } from '../drawn.js'
import { note, say } from '../output.js'
import { run } from './run.js'

/** Runs the example; the number is the code that the process is to end with. */
export const job = drawing({
  name: 'report',
  about: 'Trains the Sonar network under exact L1, L2 and a cap, and tells what each of them did.',
  object: 'a number that was reported'
}, ({ json, out, short }) => {
  const epochs = short ? 3 : 100
  note(`Training for ${epochs} epochs`)
  const told = run(epochs)
  if (E.isLeft(told)) {
    note(told.left)
    return code.failed
  }
  const sum = tally(told.right.reports)
  const { losses, penalties, probes } = sum
  say(json
    ? Object.entries({ ...losses, ...penalties, ...probes }).map(([path, stat]) => JSON.stringify({ path, ...stat })).join('\n')
    : showTally(sum))
  const picture = written(out, 'report.svg', reportSvg({ title: 'Sonar under exact L1, L2 and a cap', ...told.right }))
  if (E.isLeft(picture)) {
    note(picture.left)
    return code.badFlags
  }
  ;(json ? note : say)(`Picture: ${picture.right}`)
  return code.done
})
