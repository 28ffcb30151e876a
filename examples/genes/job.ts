/** The example around the fits: flags, rows, which genes were read under every split. */
import { either as E } from 'fp-ts'
import { code } from '../drawn.js'
import { note, say } from '../output.js'
import { readFlags, usage } from '../paired/flags.js'
import { loadSamples } from './data.js'
import { chosen, fit, lambdas, type Fitted } from './run.js'

const about = {
  command: 'npm run genes',
  about: 'Tells 7 tissues apart by 500 genes, with a group lasso that reads few of them; each seed has a split of its own.',
  seeds: 3
}

const columns = ['seed', 'lambda', 'genes', 'choose acc', 'test acc', 'test loss']

const line = (cells: readonly string[]): string => cells.map((cell, i) => cell.padStart(i === 0 ? 4 : 12)).join('')

const row = ({ seed, lambda, genes, choose, test }: Fitted, mark = ''): string => line([
  String(seed), lambda === 0 ? 'none' : String(lambda), String(genes.length), choose.accuracy.toFixed(3), test.accuracy.toFixed(3),
  test.loss.toFixed(3)
]) + mark

const json = ({ seed, lambda, genes, choose, test }: Fitted, picked: boolean): string => JSON.stringify({
  case: lambda === 0 ? 'none' : 'group lasso', seed, lambda, genes: genes.length, choose_acc: choose.accuracy, test_acc: test.accuracy,
  test_loss: Number(test.loss.toPrecision(6)), chosen: picked
})

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`

/** What was chosen against what reads everything. */
const verdict = (splits: readonly (readonly Fitted[])[]): string => {
  const picked = splits.map(chosen)
  const [kept, accurate] = [mean(picked.map((f) => f.genes.length / 500)), mean(picked.map((f) => f.test.accuracy))]
  const plain = mean(splits.map(([none]) => none.test.accuracy))
  const always = picked[0].genes.filter((gene) => picked.every(({ genes }) => genes.includes(gene)))
  return [
    `Chosen (*): ${percent(kept)} of the genes, test accuracy ${percent(accurate)}; without penalty ${percent(plain)}.`,
    `Read under every split: ${always.length === 0 ? 'none' : always.join(' ')}`
  ].join('\n')
}

/** Runs the example; the number is the code that the process is to end with. */
export const job = (args: readonly string[]): number => {
  const flags = readFlags(args)
  if (E.isLeft(flags)) {
    note([...flags.left, `The flags are told by: ${about.command} -- --help`].join('\n'))
    return code.badFlags
  }
  const { help, json: asJson, short, seeds = short ? 1 : about.seeds } = flags.right
  if (help) {
    say(usage(about))
    return code.done
  }
  const samples = loadSamples()
  if (E.isLeft(samples)) {
    note(samples.left.join('\n'))
    return code.failed
  }
  if (!asJson) say(line(columns))
  const splits: (readonly Fitted[])[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    const fits: Fitted[] = []
    for (const lambda of lambdas) {
      const fitted = fit(samples.right, { seed, lambda, epochs: short ? 5 : 200 })
      if (E.isLeft(fitted)) {
        note(fitted.left)
        return code.failed
      }
      fits.push(fitted.right)
    }
    const picked = chosen(fits)
    fits.forEach((f) => { say(asJson ? json(f, f === picked) : row(f, f === picked ? ' *' : '')) })
    splits.push(fits)
  }
  if (!asJson) say(`\n${verdict(splits)}`)
  return code.done
}
