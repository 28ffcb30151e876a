/**
 * Which genes tell tissues apart? `npm run genes`: 500 genes of 189 samples of 7 tissues, a network with a group lasso over the outgoing
 * weights of each gene (Yuan & Lin 2006), treated exactly, so that a gene is read or is not. Its strength is chosen on a part of its own.
 */
process.stderr.write('Loading the library\n')
const { job } = await import('./genes/job.js')

process.exitCode = job(process.argv.slice(2))
