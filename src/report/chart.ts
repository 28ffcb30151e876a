/** Charts as SVG text: curves over steps, and two histograms one over the other. */

/** A named row of values. */
export interface Series {
  readonly name: string
  readonly values: readonly number[]
}

/** A chart of one size, everything in it placed from its own corner. */
export interface Chart {
  readonly title: string
  readonly body: string
}

export const width = 360
export const height = 230
const [left, right, top, bottom] = [52, 10, 34, 24]
const inner = { width: width - left - right, height: height - top - bottom }

/** Colours of Okabe and Ito (2008), told apart with every kind of colour blindness. */
const colours = ['#0072B2', '#D55E00', '#009E73', '#E69F00', '#CC79A7', '#56B4E9', '#222222'] as const
const colour = (i: number): string => colours[i % colours.length]

/** Text that is no markup. */
export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

const at = (x: number): string => x.toFixed(1)
const label = (x: number): string =>
  x === 0 ? '0' : Math.abs(x) >= 1e-2 && Math.abs(x) < 1e5 ? String(Number(x.toPrecision(3))) : x.toExponential(1)

interface Scale {
  readonly from: number
  readonly to: number
}

/** A range that is not empty. */
const around = (values: readonly number[]): Scale => {
  const [from, to] = values.reduce(([low, high], x) => [Math.min(low, x), Math.max(high, x)], [Infinity, -Infinity])
  return from < to ? { from, to } : Number.isFinite(from) ? { from: from - 0.5, to: from + 0.5 } : { from: 0, to: 1 }
}

const across = ({ from, to }: Scale) => (x: number): number => left + ((x - from) / (to - from)) * inner.width
const up = ({ from, to }: Scale) => (y: number): number => top + inner.height - ((y - from) / (to - from)) * inner.height

const text = (x: number, y: number, anchor: string, said: string, size = 10, fill = '#555', more = ''): string =>
  `<text x="${at(x)}" y="${at(y)}" font-size="${size}" text-anchor="${anchor}" fill="${fill}"${more}>${escaped(said)}</text>`

const axes = (x: Scale, y: Scale): string => {
  const third = (s: Scale, i: number) => s.from + ((s.to - s.from) * i) / 3
  const ticks = [0, 1, 2, 3]
  return ticks.map((i) => {
    const level = up(y)(third(y, i))
    return `<line x1="${left}" x2="${width - right}" y1="${at(level)}" y2="${at(level)}" stroke="#e5e5e5"/>`
      + text(left - 5, level + 3, 'end', label(third(y, i)))
  }).join('') + ticks.map((i) => text(across(x)(third(x, i)), height - 8, 'middle', label(third(x, i)))).join('')
}

const legend = (names: readonly string[]): string => names.map((name, i) =>
  text(left + inner.width, top + 10 + i * 12, 'end', name, 10, colour(i), ' paint-order="stroke" stroke="white" stroke-width="3"')).join('')

/** The most points of a curve that are drawn: more are no finer on a screen. */
const most = 400

/** Curves over the steps 1, 2, …; long ones by every k-th value and the last. */
export const curves = (title: string, series: readonly Series[]): Chart => {
  const steps = Math.max(...series.map(({ values }) => values.length), 1)
  const every = Math.ceil(steps / most)
  const x = { from: 1, to: Math.max(steps, 2) }
  const y = around(series.flatMap(({ values }) => values))
  const path = ({ values }: Series, i: number): string => {
    const points = values.flatMap((value, step) =>
      (step % every === 0 || step === values.length - 1 ? [`${at(across(x)(step + 1))},${at(up(y)(value))}`] : []))
    return `<polyline fill="none" stroke="${colour(i)}" stroke-width="1.6" points="${points.join(' ')}"/>`
  }
  return { title, body: axes(x, y) + series.map(path).join('') + legend(series.map(({ name }) => name)) }
}

/** How many values fall into each of `bins` parts of a range; its ends belong to it. */
export const histogram = (values: ArrayLike<number>, { from, to }: Scale, bins: number): readonly number[] => {
  const places = Array.from(values, (v) => Math.min(Math.floor(((v - from) / (to - from)) * bins), bins - 1))
  return places.reduce<readonly number[]>((counts, bin) => counts.with(bin, counts[bin] + 1), Array.from({ length: bins }, () => 0))
}

const bins = 41

/** Distributions of values, drawn as steps over one range; heights are shares of each. */
export const distributions = (title: string, series: readonly Series[]): Chart => {
  const x = around(series.flatMap(({ values }) => values))
  const shares = series.map(({ values }) => histogram(values, x, bins).map((n) => n / Math.max(values.length, 1)))
  const y = { from: 0, to: Math.max(...shares.flat(), 1e-9) }
  const edge = (bin: number): string => at(across(x)(x.from + ((x.to - x.from) * bin) / bins))
  const path = (heights: readonly number[], i: number): string => {
    const points = heights.flatMap((h, bin) => [`${edge(bin)},${at(up(y)(h))}`, `${edge(bin + 1)},${at(up(y)(h))}`])
    return `<polyline fill="${colour(i)}" fill-opacity="0.18" stroke="${colour(i)}" stroke-width="1.4" points="${
      [`${edge(0)},${at(up(y)(0))}`, ...points, `${edge(bins)},${at(up(y)(0))}`].join(' ')}"/>`
  }
  return { title, body: axes(x, y) + shares.map(path).join('') + legend(series.map(({ name }) => name)) }
}
