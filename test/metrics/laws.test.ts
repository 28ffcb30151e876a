import { describe, it } from 'vitest'
import { accuracyLaws, arbitrary, aucLaws, bind, binaryAccuracyLaws, metricLaws, r2Laws, scores, topKLaws, type Suite } from 'tikhonov/laws'
import { accuracy, auc, binaryAccuracy, mae, mse, r2, topK } from 'tikhonov/metrics'

const checkAll = (name: string, suite: Suite): void => { bind({ describe, it })(name, suite, { runs: 40 }) }
const numbers = scores(arbitrary.dyadic(), arbitrary.dyadic())

checkAll('accuracy', accuracyLaws(accuracy()))
checkAll('topK', topKLaws(topK))
checkAll('topK(1)', accuracyLaws(topK(1)))
checkAll('binaryAccuracy', binaryAccuracyLaws(binaryAccuracy))
checkAll('mae', metricLaws(mae(), { examples: numbers, least: 0 }))
checkAll('mse', metricLaws(mse(), { examples: numbers, least: 0 }))
checkAll('auc', aucLaws(auc()))
checkAll('r2', r2Laws(r2()))
