import { describe, it } from 'vitest'
import {
  concreteDropout, dropBlock1d, dropBlock2d, dropConnect, featureAlphaDropout, maxPoolingDropout1d, maxPoolingDropout2d, spatialDropout1d,
  spatialDropout2d, spatialDropout3d, stochasticDepth, tokenDropout, wordDropout
} from 'tikhonov/dropout'
import {
  bind, concreteDropoutLaws, dropBlockLaws, dropConnectLaws, featureAlphaDropoutLaws, maxPoolingDropoutLaws, spatialDropoutLaws,
  stochasticDepthLaws, tokenDropoutLaws, wordDropoutLaws
} from 'tikhonov/laws'

const checkAll = bind({ describe, it })
checkAll('spatial dropout in 1D', spatialDropoutLaws((rate) => spatialDropout1d(rate), { input: [4, 3] }))
checkAll('spatial dropout in 2D', spatialDropoutLaws((rate) => spatialDropout2d(rate), { input: [2, 2, 3] }))
checkAll('spatial dropout in 3D', spatialDropoutLaws((rate) => spatialDropout3d(rate), { input: [2, 1, 2, 3] }))
checkAll('token dropout', tokenDropoutLaws((rate) => tokenDropout(rate)))
checkAll('feature alpha dropout', featureAlphaDropoutLaws((rate) => featureAlphaDropout(rate)))
checkAll('dropConnect', dropConnectLaws((rate, layer) => dropConnect(rate, layer)))
checkAll('dropBlock in 1D', dropBlockLaws((rate, blockSize) => dropBlock1d(rate, { blockSize }), { input: [6, 2], blockSize: 3 }))
checkAll('dropBlock in 2D', dropBlockLaws((rate, blockSize) => dropBlock2d(rate, { blockSize }), { input: [4, 5, 2], blockSize: 2 }))
checkAll('stochastic depth', stochasticDepthLaws((rate, ...layers) => stochasticDepth(rate, ...layers)))
checkAll('word dropout', wordDropoutLaws((rate, embedding) => wordDropout(rate, embedding)))
checkAll('concrete dropout', concreteDropoutLaws((layer, options) => concreteDropout(layer, options)))
checkAll('max-pooling dropout in 1D', maxPoolingDropoutLaws((rate) => maxPoolingDropout1d(rate, { poolSize: 3 }), { input: [3, 1] }))
checkAll('max-pooling dropout in 2D', maxPoolingDropoutLaws((rate) => maxPoolingDropout2d(rate), { input: [2, 2, 1] }))
