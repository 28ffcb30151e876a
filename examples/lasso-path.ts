/**
 * Paths of penalised linear fits. `npm run lasso-path`: the lasso of diabetes for 40 λ, each fit from the one before, its exact zeros
 * certified and held against coordinate descent; λ by cross-validation and the rule of one standard error; and the fat
 * of meat from 100 collinear wavelengths by lasso, elastic net and ridge. Tables, and a picture of the coefficients.
 */
process.stderr.write('Loading the library\n')
const { job } = await import('./lasso-path/job.js')

process.exitCode = job(process.argv.slice(2))
