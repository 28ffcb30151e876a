/**
 * One seed for all properties of a run: a gate must not depend on the day. `SEED=random npm test` draws a new one for each property,
 * `SEED=7 npm test` takes another; a failure says the seed that replays it.
 */
import fc from 'fast-check'

const asked = process.env.SEED ?? '20261123'
if (asked !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked) })
