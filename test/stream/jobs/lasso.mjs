/** What a thread loads: the job in TypeScript, once the thread can read it. */
import { register } from 'tsx/esm/api'

register()
const { default: lasso } = await import('./lasso.ts')
export default lasso
