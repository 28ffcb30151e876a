/** A run as a picture. */
import type { Report } from '../engine/engine.js'
import { mapByPath, type ByPath } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import { curves, distributions, escaped, height, width, type Chart } from './chart.js'

/** A run to be drawn. */
export interface Run {
  readonly title: string
  /** In their order. */
  readonly reports: readonly Report[]
  /** Parameters before and after, by path (`parametersOf` reads them from a state): those of a path that both have are drawn. */
  readonly before?: ByPath<Tensor>
  readonly after?: ByPath<Tensor>
}

const named = (reports: readonly Report[], of: (report: Report) => ByPath<number>) =>
  Object.keys(reports[0] === undefined ? {} : of(reports[0]))
    .map((name) => ({ name, values: reports.map((r) => of(r)[name] ?? Number.NaN) }))

/** One chart for each kind of probe: the numbers of different kinds have no common scale. */
const probeCharts = (reports: readonly Report[]): readonly Chart[] => {
  const all = named(reports, (r) => r.probes)
  const kind = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
  return [...new Set(all.map(({ name }) => kind(name)))].map((k) =>
    curves(k, all.filter(({ name }) => kind(name) === k).map(({ name, values }) => ({ name: name.slice(0, -k.length - 1), values }))))
}

const heading = (x: number, y: number, size: number, said: string): string =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="600" fill="#222">${escaped(said)}</text>`

const gap = 18
const head = 52
const across = 2

/**
 * An SVG document of a run: curves of data loss and total, of each penalty, of metrics and of each kind of probe (`zeros` shows sparsity),
 * and for each parameter the distribution of its weights before and after. What was not reported is not drawn. Text, so that writing it is
 * the caller's: nothing is kept, nothing is loaded.
 * @example
 * ```ts
 * import { reportSvg } from 'tikhonov/report'
 * import { tensor } from 'tikhonov/tensor'
 * const report = (data: number) => ({ data, penalties: { 'w/l2': 1 }, total: data + 1, metrics: {}, probes: {}, hyper: {} })
 * const [before, after] = [[1, -1], [0.2, 0]].map((w) => ({ w: tensor(w) }))
 * const svg = reportSvg({ title: 'A run', reports: [4, 2, 1].map(report), before, after })
 * svg.startsWith('<svg') // => true
 * svg.match(/<polyline/g)?.length // => 5
 * ```
 */
export const reportSvg = ({ title, reports, before = {}, after = {} }: Run): string => {
  const penalties = named(reports, (r) => r.penalties)
  const metrics = named(reports, (r) => r.metrics)
  const weights = Object.entries(mapByPath(before, (from, path) => ({ from, to: after[path] })))
  const charts: readonly Chart[] = [
    curves('loss', named(reports, ({ data, total }) => ({ data, total }))),
    ...(penalties.length === 0 ? [] : [curves('penalties', penalties)]),
    ...(metrics.length === 0 ? [] : [curves('metrics', metrics)]),
    ...probeCharts(reports),
    ...weights.flatMap(([path, { from, to }]) => (to === undefined ? []
      : [distributions(path, [{ name: 'before', values: Array.from(from.data) }, { name: 'after', values: Array.from(to.data) }])]))
  ]
  const [wide, high] = [across * (width + gap) + gap, head + Math.ceil(charts.length / across) * (height + gap)]
  const placed = charts.map((chart, i) => {
    const [x, y] = [gap + (i % across) * (width + gap), head + Math.floor(i / across) * (height + gap)]
    return `<g transform="translate(${x} ${y})">${heading(6, 18, 12.5, chart.title)}${chart.body}</g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}"`
    + ` font-family="system-ui, sans-serif"><rect width="100%" height="100%" fill="white"/>${heading(gap, 32, 18, title)}`
    + `${placed.join('\n')}</svg>\n`
}
