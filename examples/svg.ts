/** Charts as SVG text: Observable Plot draws on a document that lives in memory, panels are put together on one sheet. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

/** Colours of Okabe and Ito (2008), told apart with every kind of colour blindness. */
export const palette = { blue: '#0072B2', orange: '#E69F00', vermillion: '#D55E00', grey: '#8C8C8C', ink: '#222222' } as const

export interface Panel {
  readonly title: string
  readonly subtitle: string
  readonly plot: Plot.PlotOptions
}

/** An entry of a legend; `dash` is the SVG dash pattern of a line. */
export interface Key {
  readonly text: string
  readonly colour: string
  readonly mark: 'line' | 'dot' | 'ring'
  readonly dash?: string
}

export interface Sheet {
  readonly title: string
  readonly subtitle: string
  /** Drawn in a row below the subtitle. */
  readonly legend: readonly Key[]
  readonly columns: number
  readonly panelWidth: number
  readonly panelHeight: number
  readonly panels: readonly Panel[]
}

const margin = 24
const head = 92
const gap = 18
const caption = 38

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

const write = (x: number, y: number, size: number, colour: string, text: string, weight = 400): string =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colour}">${escape(text)}</text>`

const keyWidth = ({ text }: Key): number => 46 + text.length * 6.8

const symbol = ({ mark, colour, dash }: Key, x: number): string => ({
  line: `<line x1="${x}" x2="${x + 20}" y1="71" y2="71" stroke="${colour}" stroke-width="2.2" stroke-dasharray="${dash ?? 'none'}"/>`,
  dot: `<circle cx="${x + 12}" cy="71" r="4.5" fill="${colour}"/>`,
  ring: `<circle cx="${x + 12}" cy="71" r="3.5" fill="white" stroke="${colour}" stroke-width="1.8"/>`
})[mark]

const legend = (keys: readonly Key[]): string => keys.map((key, i) => {
  const x = Math.round(keys.slice(0, i).reduce((sum, before) => sum + keyWidth(before), margin))
  return symbol(key, x) + write(x + 27, 75, 12, palette.ink, key.text)
}).join('')

interface Drawn {
  readonly setAttribute: (name: string, value: string) => void
  readonly removeAttribute: (name: string) => void
  readonly outerHTML: string
}

/** One plot as an `<svg>` element that stands at (x, y) of the sheet; hundredths of a pixel are enough. */
const draw = (plot: Plot.PlotOptions, width: number, height: number, x: number, y: number): string => {
  // Both speak of the DOM's types, which a project for Node does not load: said here is as much of them as is used.
  const { document } = parseHTML('<!doctype html><html><body></body></html>') as { readonly document: object }
  const style = { background: 'none', color: palette.ink, fontSize: '11px' }
  const svg = Plot.plot({ ...plot, width, height, document, style }) as Drawn
  svg.setAttribute('x', String(x))
  svg.setAttribute('y', String(y))
  svg.removeAttribute('class')
  return svg.outerHTML.replace(/\d+\.\d{3,}/g, (decimal) => Number(decimal).toFixed(2))
}

/** The whole sheet: a title, a legend, and the panels row by row, each under its own title. */
export const sheet = ({ title, subtitle, columns, panelWidth, panelHeight, panels, legend: keys }: Sheet): string => {
  const used = Math.min(columns, panels.length)
  const rows = Math.ceil(panels.length / columns)
  const width = Math.max(2 * margin + used * panelWidth + (used - 1) * gap, 640)
  const height = head + rows * (caption + panelHeight + gap) + 6
  const body = panels.map((panel, i) => {
    const x = margin + (i % columns) * (panelWidth + gap)
    const y = head + Math.floor(i / columns) * (caption + panelHeight + gap)
    return write(x, y + 16, 14, palette.ink, panel.title, 600)
      + write(x, y + 32, 11.5, '#555', panel.subtitle)
      + draw(panel.plot, panelWidth, panelHeight, x, y + caption)
  }).join('\n')
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}"`
    + ` viewBox="0 0 ${width} ${height}" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif">`
    + `<title>${escape(title)}</title><rect width="100%" height="100%" fill="white"/>`
    + write(margin, 32, 19, palette.ink, title, 600) + write(margin, 53, 12.5, '#555', subtitle) + legend(keys)
    + `\n${body}\n</svg>\n`
}
