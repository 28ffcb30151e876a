/**
 * The main job, `npm start`: the same networks with and without regularization on moons, circles and sonar; a table and charts.
 * What is trained stands in `cases.ts`, how one case is trained in `regularization/run.ts`.
 */
process.stderr.write('Loading the library\n')
const { job } = await import('./regularization/job.js')
const { runCase } = await import('./regularization/run.js')

process.exitCode = await job(runCase, process.argv.slice(2))
