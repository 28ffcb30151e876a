/**
 * A small convolutional network on 1,000 digits, `npm run digits`: dropout, spatial dropout, L2 and max-norm against none, and the
 * digit of which the network is least sure. What is trained stands in `digits/study.ts`, how rows are compared in `paired/`.
 */
import { job } from './paired/job.js'
import { digits } from './digits/study.js'

process.exitCode = await job(digits, process.argv.slice(2))
