/**
 * Exact sparsity on streams, `npm run sparse-stream`: which of 65,536 hashed tokens say that a message is spam, in one pass over 6,046 of
 * them, each judged before it is learned from; and a stream of which ten features of a hundred matter.
 * The ways of learning stand in `sparse-stream/study.ts`, the second stream in `sparse-stream/synthetic.ts`.
 */
import { job } from './sparse-stream/job.js'

process.exitCode = job(process.argv.slice(2))
