/** What laws say of a part that is wrong before any number is: its issues, and the shapes that do not fit. */
import { problems, showShapeProblem, type Expr } from 'tikhonov/expr'
import { showIssue, type Issue } from 'tikhonov/layer'
import { about, every, type Outcome } from './kit/index.js'

const none = (said: readonly string[]): Outcome => said.length === 0 || said.join('; ')

/** No issues, or all of them, each with its path, what was found and what is allowed. */
export const noIssues = (issues: readonly Issue[]): Outcome => about('issues', none(issues.map(showIssue)))

/** Everything fits, or what does not. */
export const noProblems = (roots: readonly Expr[]): Outcome => about('problems', none(problems(roots).map(showShapeProblem)))

/** A part without issues whose graph fits together. */
export const sound = ({ issues, y }: { readonly issues: readonly Issue[]; readonly y: Expr }): Outcome =>
  every(noIssues(issues), noProblems([y]))
