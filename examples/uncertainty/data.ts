/** 215 pieces of meat: how much water is in each, and how much protein. Which of them the network sees. */
import type { either as E, nonEmptyArray as N } from 'fp-ts'
import * as t from 'io-ts'
import { numberIn, type Sheet } from '../data/decode.js'
import { readSheet } from '../data/read.js'

/** Both in percent of the weight. */
export interface Meat {
  readonly water: number
  readonly protein: number
}

const sheet: Sheet<Meat> = {
  file: 'meats.csv', rows: 215, columns: ['water', 'protein'], row: t.type({ water: numberIn(0, 100), protein: numberIn(0, 100) })
}

/** Meat whose water lies between these is trained on; the rest, leaner and fatter, is kept back. */
export const seen = { from: 58, to: 68 } as const

/** Where a piece of meat lies. */
export type Region = 'drier' | 'trained' | 'wetter'

export const regions: readonly Region[] = ['drier', 'trained', 'wetter']

export const regionOf = ({ water }: Pick<Meat, 'water'>): Region => (water < seen.from ? 'drier' : water > seen.to ? 'wetter' : 'trained')

/** Reads the data, or says everything that is wrong with its file. */
export const loadMeats = (): E.Either<N.NonEmptyArray<string>, readonly Meat[]> => readSheet(sheet)
