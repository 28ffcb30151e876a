/** Rules about dropout. */
import type { Place, Rule } from './finding.js'

const dropping: readonly string[] = [
  'dropout', 'alphaDropout', 'gaussianDropout', 'spatialDropout1d', 'spatialDropout2d', 'spatialDropout3d', 'dropBlock1d', 'dropBlock2d'
]

const isDropout = ({ layer }: Place): boolean => dropping.includes(layer.spec.kind) && layer.spec.options.rate !== 0

const learns = ({ parameters }: Place): boolean => Object.keys(parameters).length > 0

/** Dropout in front of batch normalisation. */
export const varianceShift: Rule = {
  hits: ({ places }) => places.flatMap((place) => {
    const normalised = place.rest.find(({ layer }) => layer.spec.kind === 'batchNormalization')
    return isDropout(place) && normalised !== undefined
      ? [{ path: place.path, finding: `dropout feeds the batch normalisation ${normalised.path}` }] : []
  }),
  reason: 'dropout raises the variance in training only, and the running variance is that of training: it does not fit inference',
  paper: 'Li, Chen, Hu & Yang 2018',
  remedy: 'put dropout after the last batch normalisation'
}

/** Dropout of what the model predicts. */
export const droppedPredictions: Rule = {
  hits: ({ places }) => places.flatMap((place) =>
    (!isDropout(place) || place.rest.some(learns) ? []
      : [{ path: place.path, finding: 'dropout of the output: no layer with weights follows' }])),
  reason: 'what is dropped here is a prediction and no feature: its loss is noise that no weight after it can make up for',
  paper: 'Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014',
  remedy: 'put dropout before the last layer that has weights'
}

/** Too few units that are left. */
export const tooNarrow: Rule = {
  hits: ({ model, places }) => {
    const needed = model.output.at(-1) ?? 1
    return places.flatMap((place) => {
      const { kind, options: { rate } } = place.layer.spec
      const left = typeof rate === 'number' ? place.size * (1 - rate) : Infinity
      return kind === 'dropout' && isDropout(place) && place.size > 1 && left < needed ? [{
        path: place.path,
        finding: `of ${place.size} units ${Number(left.toPrecision(3))} are left in the mean, for ${needed} outputs`
      }] : []
    })
  },
  reason: 'at rate r only n·(1 − r) of n units are there at a time: where n units would do without dropout, n/(1 − r) are needed',
  paper: 'Srivastava et al. 2014, appendix A.1',
  remedy: 'a lower rate, or 1/(1 − rate) times the units'
}
