/** Kernels that need not wait for each other, as one. */
import { i32 } from './instructions.js'
import { range, type Kernel, type Site } from './kernel.js'

/** One kernel whose extent is those of several, one behind the other. */
export const together = (site: Site, kernels: readonly Kernel[]): readonly Kernel[] => {
  const real = kernels.filter((k) => k.extent > 0)
  if (real.length < 2) return real
  const begins = real.map((_, i) => real.slice(0, i).reduce((n, k) => n + k.extent, 0))
  const extent = real.reduce((n, k) => n + k.extent, 0)
  const entry = site.write(range, (w, [from, to, slot]) => {
    real.forEach((kernel, i) => {
      const [begin, end] = [begins[i], begins[i] + kernel.extent]
      const first = w.keep(i32.sub(i32.max(from, begin), begin))
      const last = w.keep(i32.sub(i32.max(i32.min(to, end), begin), begin))
      w.when(i32.less(first, last), () => { w.call(kernel.entry, [first, last, slot]) })
    })
  })
  return [{ entry, extent, cost: real.reduce((n, k) => n + k.cost, 0) }]
}
