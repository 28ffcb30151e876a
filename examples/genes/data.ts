/** 189 samples of tissue: how much each of 500 genes is expressed. */
import { parse } from 'csv-parse/sync'
import { either as E, function as F, nonEmptyArray as N } from 'fp-ts'
import * as t from 'io-ts'
import { permutation } from 'tikhonov/random'
import { take, tensor } from 'tikhonov/tensor'
import type { Examples } from 'tikhonov/training'
import { decode, explain, numberIn, wordOf } from '../data/decode.js'
import { read } from '../data/read.js'
import { scaleOf } from '../regularization/split.js'

const file = 'tissue.csv.gz'
const tissues = ['cerebellum', 'colon', 'endometrium', 'hippocampus', 'kidney', 'liver', 'placenta'] as const
const tissue = wordOf(Object.fromEntries(tissues.map((name, i) => [name, i])))

/** One row a sample, x [189, 500], and the names of the columns of x. */
export interface Samples {
  readonly genes: readonly string[]
  readonly x: readonly (readonly number[])[]
  readonly y: readonly number[]
}

/** 500 different names, as the file has them, and the tissue. */
const Header = new t.Type<readonly string[], readonly string[]>(
  '500 different names of genes, then tissue',
  (names): names is readonly string[] => Array.isArray(names),
  (names, context) => {
    const all = t.array(t.string).decode(names)
    return E.isRight(all) && all.right.length === 501 && new Set(all.right).size === 501 && all.right[500] === 'tissue'
      ? t.success(all.right) : t.failure(names, context)
  },
  F.identity
)

/** The names in the first line. */
const headerOf = (text: string): E.Either<N.NonEmptyArray<string>, readonly string[]> => F.pipe(
  E.tryCatch((): unknown => parse(text, { to_line: 1 }), String),
  E.chainW((rows) => t.tuple([Header]).decode(rows)),
  E.bimap(() => N.of(`${file}, line 1: allowed: ${Header.name}`), ([names]) => names.slice(0, 500))
)

/** Reads the data, or says everything that is wrong with its file. */
export const loadSamples = (): E.Either<N.NonEmptyArray<string>, Samples> => F.pipe(
  read(file),
  E.map((bytes) => bytes.toString('utf8')),
  E.bindTo('text'),
  E.bind('genes', ({ text }) => headerOf(text)),
  E.chain(({ text, genes }) => F.pipe(
    text,
    decode({
      file, rows: 189, columns: [...genes, 'tissue'], row: t.record(t.string, t.union([numberIn(0, 20), tissue]))
    }),
    E.bimap(N.map(explain), (rows): Samples => ({
      genes, x: rows.map((row) => genes.map((gene) => row[gene] ?? NaN)), y: rows.map((row) => row.tissue ?? NaN)
    }))
  ))
)

/** What trains, what the strength is chosen on, and what neither has seen. */
export interface Parts {
  readonly train: Examples
  readonly choose: Examples
  readonly test: Examples
}

/** 100, 39 and 50 samples by a permutation of the seed, standardised by the part that trains. */
export const partsOf = ({ x, y }: Samples, seed: number): Parts => {
  const order = permutation(y.length, { seed, purpose: 'split tissue' })
  const trained = order.slice(0, 100)
  const scales = x[0].map((_, gene) => scaleOf(trained.map((i) => x[i][gene])))
  const all = { x: tensor(x.map((row) => row.map((v, gene) => (v - scales[gene].centre) / scales[gene].sd))), y: tensor(y) }
  const part = (rows: readonly number[]): Examples => ({ x: take(all.x, rows), y: take(all.y, rows) })
  return { train: part(trained), choose: part(order.slice(100, 139)), test: part(order.slice(139)) }
}
