/** Where an answer is no Either: a mistake of the caller ends the call. */
import { showIssue, type Issue } from './issue.js'

/** Throws a RangeError with everything that was found, if something was. */
export const refuse = (wrong: readonly Issue[]): void => {
  if (wrong.length > 0) throw new RangeError(wrong.map(showIssue).join('; '))
}
