import fc from 'fast-check'
import * as t from 'io-ts'
import { describe, expect, it } from 'vitest'
import { decode, explain, type Misfit, numberIn, wordOf } from '../../examples/data/decode.js'

const sheet = (rows: number) => ({
  file: 'echo.csv',
  rows,
  columns: ['a', 'b', 'label'],
  row: t.type({ a: numberIn(0, 1), b: numberIn(-5, 5), label: wordOf({ R: 0, M: 1 }) })
})

const csv = (...rows: readonly string[]) => ['a,b,label', ...rows].join('\n')

const misfits = (text: string, rows: number): readonly Misfit[] => {
  const found = decode(sheet(rows))(text)
  return found._tag === 'Left' ? found.left : []
}

const misfit = (line: number, column: string, found: string, allowed: string): Misfit =>
  ({ file: 'echo.csv', line, column, found, allowed })

const unit = 'a number in [0, 1]'
const five = 'a number in [-5, 5]'
const words = 'one of R, M'

describe('decode', () => {
  it('reads every row that fits, whatever its line ends with', () => {
    const read = { _tag: 'Right', right: [{ a: 0.5, b: -5, label: 0 }, { a: 1, b: 0.002, label: 1 }] }
    expect(decode(sheet(2))(csv('.5,-5,R', '1,2e-3,M'))).toEqual(read)
    expect(decode(sheet(2))('\uFEFFa,b,label\r\n.5,-5,R\r\n\r\n1,2e-3,M\r\n')).toEqual(read)
  })

  it('says of each bad cell where it stands, what it is and what is allowed, all at once', () => {
    expect(misfits(csv('x,0,R', '0.5,,M', '1.5,-6,R', '0,0,1', 'NaN,Infinity,r', '0x1,1e400,M', '0.1,0.2,M'), 7)).toEqual([
      misfit(2, 'a', '"x"', unit),
      misfit(3, 'b', '""', five),
      misfit(4, 'a', '"1.5"', unit),
      misfit(4, 'b', '"-6"', five),
      misfit(5, 'label', '"1"', words),
      misfit(6, 'a', '"NaN"', unit),
      misfit(6, 'b', '"Infinity"', five),
      misfit(6, 'label', '"r"', words),
      misfit(7, 'a', '"0x1"', unit),
      misfit(7, 'b', '"1e400"', five)
    ])
  })

  it('says so of cells that are not there and of cells that are too many, together with the rest', () => {
    expect(misfits(csv('0.5,1', '2', '0,0,M,9,'), 3)).toEqual([
      misfit(2, 'label', 'nothing', words),
      misfit(3, 'a', '"2"', unit),
      misfit(3, 'b', 'nothing', five),
      misfit(3, 'label', 'nothing', words),
      misfit(4, 'number 4', '"9"', 'nothing'),
      misfit(4, 'number 5', '""', 'nothing')
    ])
  })

  it('says so of a header of another form and of a wrong number of rows, together with the cells', () => {
    expect(misfits('a,c\n0,9,R\n0,0,M', 3)).toEqual([
      misfit(1, '2 of the header', '"c"', '"b"'),
      misfit(1, '3 of the header', 'nothing', '"label"'),
      misfit(2, 'b', '"9"', five),
      misfit(3, 'any', '2 rows', '3 rows')
    ])
    expect(misfits('', 0).map(({ line, found }) => [line, found])).toEqual([[1, 'nothing'], [1, 'nothing'], [1, 'nothing']])
  })

  it('names the line at which a text stops being comma-separated values', () => {
    expect(misfits(csv('0,0,R', '0,0"1,M', '0,0,R'), 3)).toMatchObject([{ file: 'echo.csv', line: 3, allowed: 'comma-separated values' }])
    expect(misfits(csv('0,0,R', '0,0,R', '"0,0,M'), 3)).toMatchObject([{ line: 4, allowed: 'comma-separated values' }])
  })

  it('puts file, line, column, what was found and what is allowed into one sentence', () => {
    expect(misfits(csv('0,0,X'), 1).map(explain)).toEqual(['echo.csv, line 2, column label: found "X", allowed: one of R, M'])
  })

  it('reads back the numbers that were written, and of planted misfits reports each and nothing else', () => {
    const number = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true })
    const bad = fc.constantFrom('', 'abc', '1e9', '--1', '1.5.5', 'M')
    const row = fc.record({ a: number(0, 1), b: number(-5, 5), label: fc.constantFrom('R', 'M'), a2: fc.option(bad), b2: fc.option(bad) })
    fc.assert(fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
      const clean = decode(sheet(rows.length))(csv(...rows.map(({ a, b, label }) => `${String(a)},${String(b)},${label}`)))
      expect(clean).toEqual({ _tag: 'Right', right: rows.map(({ a, b, label }) => ({ a: a + 0, b: b + 0, label: label === 'M' ? 1 : 0 })) })
      const text = csv(...rows.map(({ a, b, label, a2, b2 }) => `${a2 ?? String(a)},${b2 ?? String(b)},${label}`))
      expect(misfits(text, rows.length)).toEqual(rows.flatMap(({ a2, b2 }, i) => [
        ...(a2 === null ? [] : [misfit(i + 2, 'a', JSON.stringify(a2), unit)]),
        ...(b2 === null ? [] : [misfit(i + 2, 'b', JSON.stringify(b2), five)])
      ]))
    }), { numRuns: 50 })
  })
})
