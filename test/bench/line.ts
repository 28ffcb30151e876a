/** What a measured workload is printed as: a line of JSON, or a row of a table. */

/** One measured workload. Times in milliseconds a step; the fields are those that the performance targets are read from. */
export interface Line {
  readonly workload: string
  readonly engine: string
  readonly threads: number
  readonly relaxed: boolean
  readonly emit: string
  readonly median_ms: number
  readonly p10_ms: number
  readonly p90_ms: number
  readonly samples_per_s: number
  readonly compile_ms: number
  readonly steps: number
  readonly loss_first: number
  readonly loss_last: number
  readonly rss_mb: number
  readonly gemm_gflops: number
}

/** Four significant digits: more is noise. */
export const rounded = (x: number): number => Number(x.toPrecision(4))

/** Columns padded to their widest cell; the first is text, the others numbers. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c].length)))
  const line = (row: readonly string[]): string =>
    row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

/** Milliseconds as people read them. */
export const showTime = (ms: number): string =>
  ms < 1 ? `${(ms * 1000).toPrecision(3)} µs`
  : ms < 1000 ? `${ms.toPrecision(3)} ms`
  : `${(ms / 1000).toPrecision(3)} s`

const head = ['workload', 'engine', 'threads', 'emit', 'median', 'p10', 'p90', 'samples/s', 'compile', 'steps', 'loss', 'peak RSS', 'GEMM']

export const showLines = (lines: readonly Line[]): string => table([
  head,
  ...lines.map((l) => [
    l.workload, `${l.engine}${l.relaxed ? ' relaxed' : ''}`, String(l.threads), l.emit,
    showTime(l.median_ms), showTime(l.p10_ms), showTime(l.p90_ms),
    Math.round(l.samples_per_s).toLocaleString('en'), `${l.compile_ms.toFixed(0)} ms`, l.steps.toLocaleString('en'),
    `${l.loss_first.toPrecision(3)} → ${l.loss_last.toPrecision(3)}`, `${l.rss_mb.toFixed(0)} MB`, `${l.gemm_gflops.toPrecision(3)} GFLOP/s`
  ])
])
