import { describe, it } from 'vitest'
import { bind, linkLaws, lossLaws, properLossLaws, residualLossLaws, smoothingLaws, type Suite } from 'tikhonov/laws'
import {
  binaryCrossEntropy, categoricalCrossEntropy, hinge, huber, logCosh, mae, mse, sparseCategoricalCrossEntropy
} from 'tikhonov/losses'
import { certainly } from './certain.js'

const checkAll = (name: string, suite: Suite): void => { bind({ describe, it })(name, suite, { runs: 40 }) }

checkAll('mse', residualLossLaws(mse()))
checkAll('mae', residualLossLaws(mae()))
checkAll('huber', residualLossLaws(huber()))
checkAll('huber with another δ', residualLossLaws(huber(0.25)))
checkAll('logCosh', residualLossLaws(logCosh()))
checkAll('hinge', lossLaws(hinge()))
checkAll('binary cross-entropy of probabilities', properLossLaws(binaryCrossEntropy(), { decisions: true }))
checkAll('cross-entropy of probabilities', properLossLaws(categoricalCrossEntropy()))

describe.each([0, 0.1])('with label smoothing %s', (labelSmoothing) => {
  const logits = { fromLogits: true, labelSmoothing }
  checkAll('binary cross-entropy', linkLaws(binaryCrossEntropy({ labelSmoothing }), binaryCrossEntropy(logits)))
  checkAll('cross-entropy', linkLaws(categoricalCrossEntropy({ labelSmoothing }), categoricalCrossEntropy(logits)))
  checkAll('cross-entropy of labels', linkLaws(sparseCategoricalCrossEntropy({ labelSmoothing }), sparseCategoricalCrossEntropy(logits)))
})

const logits = (labelSmoothing: number) => ({ fromLogits: true, labelSmoothing })
checkAll('smoothing of decisions', smoothingLaws((s) => binaryCrossEntropy(logits(s)), { certain: certainly.binary }))
checkAll('smoothing of distributions', smoothingLaws((s) => categoricalCrossEntropy(logits(s)), { certain: certainly.oneHot }))
checkAll('smoothing of labels', smoothingLaws((s) => sparseCategoricalCrossEntropy(logits(s)), { certain: certainly.labels }))
