/** What is left of the network of the row `groupLasso` without the filters and units that the penalty emptied. */
import { either as E, function as F } from 'fp-ts'
import { showIssue, showSummary, summary, valuesOf } from 'tikhonov'
import { compact } from 'tikhonov/model'
import type { Learned } from '../paired/study.js'

/** Its layers as a table, and how many parameters went. */
export const smaller = ({ groupLasso: { t, state } }: Readonly<Record<string, Learned>>): string => F.pipe(
  compact(t.model, valuesOf(t, state)),
  E.match((issues) => issues.map(showIssue).join('; '), ({ model }) => {
    const [before, after] = [summary(t.model), summary(model)]
    return [
      `Without the filters and units that groupLasso emptied its network has ${after.parameters} parameters instead of ` +
        `${before.parameters}, and predicts the same:`, '',
      showSummary({ ...after, rows: after.rows.map((row) => ({ ...row, penalties: [] })) })
    ].join('\n')
  })
)
