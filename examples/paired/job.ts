/** A study from its command line to its exit code: flags, data, progress, the rows as they finish, what is said at the end. */
import { either as E } from 'fp-ts'
import { note, say } from '../output.js'
import { progress, type Progress } from '../regularization/progress.js'
import { type Flags, readFlags, usage } from './flags.js'
import type { Learned, Parts, Result, Study } from './study.js'
import { heading, json, line, type Row, verdict } from './table.js'
import { train, trainerOf } from './train.js'

const done = 0
const failed = 1
const badFlags = 2
const interrupted = 130

/** All rows with what was learned under seed 1, or the first failure. */
const runRows = async (
  study: Study, parts: Parts, { epochs, seeds }: Pick<Study, 'epochs' | 'seeds'>, bar: Progress, print: (row: Row) => void
): Promise<E.Either<string, { readonly rows: readonly Row[]; readonly learned: Readonly<Record<string, Learned>> }>> => {
  const rows: Row[] = []
  const learned: Record<string, Learned> = {}
  for (const variant of study.variants) {
    const results: Result[] = []
    const t = trainerOf(study, variant)
    if (E.isLeft(t)) return E.left(`${variant.name}: ${t.left}`)
    for (let seed = 1; seed <= seeds; seed++) {
      const before = (rows.length * seeds + seed - 1) * epochs
      bar.say(`${variant.name} · seed ${seed}/${seeds}`)
      const trained = await train(study, t.right, parts, { epochs, seed }, (epoch) => bar.at(before + epoch))
      if (E.isLeft(trained)) return E.left(`${variant.name}, seed ${seed}: ${trained.left}`)
      results.push(trained.right.result)
      if (seed === 1) learned[variant.name] = trained.right
    }
    const row = { name: variant.name, results, baseline: rows[0]?.results ?? results }
    rows.push(row)
    bar.above(() => print(row))
  }
  return E.right({ rows, learned })
}

const run = async (study: Study, parts: Parts, flags: Flags): Promise<number> => {
  const [epochs, seeds] = [flags.short ? study.shortEpochs : study.epochs, flags.seeds ?? study.seeds]
  const interrupt = (): void => process.exit(interrupted)
  const bar = progress(epochs * seeds * study.variants.length)
  process.on('SIGINT', interrupt)
  try {
    if (!flags.json) bar.above(() => say(heading(study, epochs, seeds)))
    const found = await runRows(study, parts, { epochs, seeds }, bar, (row) => say(flags.json ? json(study, row) : line(row)))
    bar.stop()
    if (E.isLeft(found)) {
      note(found.left)
      return failed
    }
    if (flags.json) return done
    say(`\n${verdict(study, found.right.rows)}`)
    const more = study.after(parts, found.right.learned, flags.short)
    if (E.isLeft(more)) {
      note(more.left)
      return failed
    }
    say(`\n${more.right}`)
    return done
  } finally {
    bar.stop()
    process.off('SIGINT', interrupt)
  }
}

/** Runs a study with the arguments that follow the program's name, and answers the exit code. */
export const job = async (study: Study, args: readonly string[]): Promise<number> => {
  const flags = readFlags(args)
  if (E.isLeft(flags)) {
    note([...flags.left, `The flags are told by: ${study.command} -- --help`].join('\n'))
    return badFlags
  }
  if (flags.right.help) {
    say(usage(study))
    return done
  }
  const parts = study.load()
  if (E.isLeft(parts)) {
    note(parts.left.join('\n'))
    return failed
  }
  return run(study, parts.right, flags.right)
}
