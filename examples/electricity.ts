/**
 * An LSTM on demand for electricity, `npm run electricity`: dropout, recurrent dropout and zoneout against none, by validation loss.
 * What is trained stands in `electricity/study.ts`, how rows are compared in `paired/`.
 */
import { job } from './paired/job.js'
import { electricity } from './electricity/study.js'

process.exitCode = await job(electricity, process.argv.slice(2))
