/** A program as one list of expressions, in an order that all engines share. */
import type { Expr } from '../expr/node.js'
import { simplify } from '../expr/simplify.js'
import type { ByPath } from '../part/path.js'
import type { Program, Report } from './engine.js'

/** The roots of a program: the next value of each place in the order of the layout, then what is reported, scalars all. */
export interface Roots {
  readonly next: readonly Expr[]
  /** data, total, penalties, metrics, probes. */
  readonly reported: readonly Expr[]
  /** A report, from the values of `reported` and the hyper-parameters. */
  readonly named: (value: (i: number) => number, hyper: ByPath<number>) => Report
}

const none: ByPath<number> = {}

/** The simplified roots of a program. */
export const rootsOf = ({ layout, next, report }: Program): Roots => {
  const [penalties, metrics, probes] = [report.penalties, report.metrics, report.probes].map((by) => Object.keys(by))
  const roots = simplify([
    ...layout.map((p) => next[p.path]), report.data, report.total,
    ...penalties.map((p) => report.penalties[p]), ...metrics.map((m) => report.metrics[m]), ...probes.map((p) => report.probes[p])
  ])
  const from = (names: readonly string[], first: number, value: (i: number) => number): ByPath<number> => {
    if (names.length === 0) return none
    const made: Record<string, number> = {}
    names.forEach((name, i) => { made[name] = value(first + i) })
    return made
  }
  return {
    next: roots.slice(0, layout.length),
    reported: roots.slice(layout.length),
    named: (value, hyper) => ({
      data: value(0), total: value(1), penalties: from(penalties, 2, value), metrics: from(metrics, 2 + penalties.length, value),
      probes: from(probes, 2 + penalties.length + metrics.length, value), hyper
    })
  }
}
