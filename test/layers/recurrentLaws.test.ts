import { describe, it } from 'vitest'
import {
  bind, bidirectionalLaws, gatedDropoutLaws, gradientLaws, layerLaws, recurrentDropoutLaws, recurrentLaws, rowLaws
} from 'tikhonov/laws'
import { bidirectional, gru, lstm, simpleRnn, variational, zoneout } from 'tikhonov/layers'

const checkAll = bind({ describe, it })

const layers = {
  lstm: lstm(3, { returnSequences: true }), gru: gru(2), 'gru that resets before': gru(2, { returnSequences: true, resetAfter: false }),
  simpleRnn: simpleRnn(2, { returnSequences: true }), bidirectional: bidirectional(gru(2)),
  'lstm with masks': lstm(2, { dropout: 0.5, recurrentDropout: variational(0.5, { gates: 'each' }) }),
  'lstm with zoneout': lstm(2, { recurrentDropout: zoneout({ h: 0.3, c: 0.3 }), masking: {} })
}
Object.entries(layers).forEach(([name, layer]) => {
  checkAll(name, rowLaws(layer, { input: [3, 2] }), { runs: 25 })
  checkAll(name, gradientLaws(layer, { input: [3, 2] }), { runs: 25 })
  checkAll(`${name} over one step`, gradientLaws(layer, { input: [1, 2] }), { runs: 25 })
})
checkAll('lstm that goes on', layerLaws(lstm(2, { stateful: 5, dropout: 0.5 }), { input: [3, 2] }), { runs: 25 })

checkAll('lstm', recurrentLaws((options) => lstm(3, options)))
checkAll('gru', recurrentLaws((options) => gru(2, options)))
checkAll('gru that resets before', recurrentLaws((options) => gru(2, { ...options, resetAfter: false })))
checkAll('simpleRnn', recurrentLaws((options) => simpleRnn(4, options)))
checkAll('bidirectional', bidirectionalLaws((f, backward, mergeMode) => bidirectional(f, { backward, mergeMode }), (o) => lstm(2, o)))

checkAll('dropout in lstm', gatedDropoutLaws((options) => lstm(3, options)))
checkAll('dropout in gru', gatedDropoutLaws((options) => gru(2, options)))
checkAll('dropout in gru that resets before', gatedDropoutLaws((options) => gru(3, { ...options, resetAfter: false })))
checkAll('dropout in simpleRnn', recurrentDropoutLaws((options) => simpleRnn(4, options)))
