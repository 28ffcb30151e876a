/** Errors that come when nobody listens any more. */
import { config } from 'rxjs'
import { say } from '../engine/say.js'

/**
 * Hands an error to `config.onUnhandledError` of RxJS, in a job of its own as RxJS does; where that is not set, says it on the console
 * instead of throwing: what it belongs to is over, and the process goes on.
 */
export const unheard = (what: string, error: unknown): void => {
  setTimeout(() => {
    if (config.onUnhandledError) config.onUnhandledError(error)
    else say(`${what}: ${String(error)}`)
  })
}
