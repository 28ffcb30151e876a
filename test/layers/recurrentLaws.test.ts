import { describe, it } from 'vitest'
import { bind, bidirectionalLaws, recurrentLaws } from 'tikhonov/laws'
import { bidirectional, gru, lstm, simpleRnn } from 'tikhonov/layers'

const checkAll = bind({ describe, it })

checkAll('lstm', recurrentLaws((options) => lstm(3, options)))
checkAll('gru', recurrentLaws((options) => gru(2, options)))
checkAll('gru that resets before', recurrentLaws((options) => gru(2, { ...options, resetAfter: false })))
checkAll('simpleRnn', recurrentLaws((options) => simpleRnn(4, options)))
checkAll('bidirectional', bidirectionalLaws((f, backward, mergeMode) => bidirectional(f, { backward, mergeMode }), (o) => lstm(2, o)))
