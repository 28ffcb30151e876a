/** Streams: training over time, with RxJS 7. */
export { eventLoop, type EventLoop } from './eventLoop.js'
export { stopEarly } from './stopEarly.js'
export { sweepOver, type Job, type SweepOptions } from './sweepOver.js'
export { train, trainWithReports, type TrainOptions } from './train.js'
export { trainOn, trainOnWithReports, type Source } from './trainOn.js'
export { withHyper } from './withHyper.js'
export type { BadOptions, StreamError, StreamOptions } from './options.js'
