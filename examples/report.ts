/**
 * What regularization did to a run. `npm run report`: the Sonar network under four regularizers, told step by step: each penalty and its
 * share of the gradient, exact zeros with their certificate, how often a cap bites. A table, and a picture of curves and of weights before
 * and after.
 */
process.stderr.write('Loading the library\n')
const { job } = await import('./report/job.js')

process.exitCode = job(process.argv.slice(2))
