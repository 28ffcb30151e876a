/**
 * How sure is a network? `npm run uncertainty`: the protein of meat from its water, learned from the middle of the data only, and asked by
 * Monte-Carlo dropout (Gal & Ghahramani 2016) everywhere. A table, and a chart of the mean and a band that grows away from the data.
 */
process.stderr.write('Loading the library\n')
const { job } = await import('./uncertainty/job.js')

process.exitCode = job(process.argv.slice(2))
