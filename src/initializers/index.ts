/** First values. */
export { constant, ones, zeros } from './constant.js'
export { glorotUniform } from './glorotUniform.js'
export { fans, type Initializer } from './initializer.js'
