/** Every part that the library exports, by the name of its function, put where parts of its sort stand. */
import type { Compared } from 'tikhonov/adapters'
import * as constraints from 'tikhonov/constraints'
import * as dropouts from 'tikhonov/dropout'
import type { Layer } from 'tikhonov/layer'
import * as layers from 'tikhonov/layers'
import * as losses from 'tikhonov/losses'
import * as optimizers from 'tikhonov/optimizers'
import * as regularizers from 'tikhonov/regularizers'
import * as schedules from 'tikhonov/schedules'
import { tensor } from 'tikhonov/tensor'

/** A part where it stands, and the path under which differences tell of it. */
export interface Placed {
  readonly name: string
  readonly compared: Compared
  readonly at: string
}

/** Differences are a matter of specs: nothing is built, and no shape needs to fit. */
const of = (...row: readonly Layer[]): Compared => ({ model: { _tag: 'Model', input: [1], output: [1], layers: row } })

const placed = <A>(parts: Readonly<Record<string, A>>, put: (part: A) => Compared, at: string | ((part: A) => string)): readonly Placed[] =>
  Object.entries(parts).map(([name, part]) => ({ name, compared: put(part), at: typeof at === 'string' ? at : at(part) }))

const pathOf = ({ spec: { kind } }: Layer): string => `${kind}/0`
const { dense, flatten, lstm } = layers
const kernel = tensor([1, 2])

const ofLayers = [
  ...placed<Layer>({
    activation: layers.activation(layers.linear), averagePooling1d: layers.averagePooling1d(), averagePooling2d: layers.averagePooling2d(),
    batchNormalization: layers.batchNormalization(), bidirectional: layers.bidirectional(flatten), conv1d: layers.conv1d(1, 1),
    conv2d: layers.conv2d(1, 1), conv2dTranspose: layers.conv2dTranspose(1, 1), dense: dense(1),
    depthwiseConv2d: layers.depthwiseConv2d(1), embedding: layers.embedding(1, 1), flatten,
    globalAveragePooling1d: layers.globalAveragePooling1d, globalAveragePooling2d: layers.globalAveragePooling2d,
    globalMaxPooling1d: layers.globalMaxPooling1d, globalMaxPooling2d: layers.globalMaxPooling2d,
    gradientPenalty: layers.gradientPenalty({ lambda: 1 }, flatten), groupNormalization: layers.groupNormalization(), gru: layers.gru(1),
    jacobian: layers.jacobian({ lambda: 1 }, flatten), layerNormalization: layers.layerNormalization(), lstm: lstm(1),
    maxPooling1d: layers.maxPooling1d(), maxPooling2d: layers.maxPooling2d(), parallel: layers.parallel([flatten], layers.add),
    reshape: layers.reshape([1]), residual: layers.residual(flatten), separableConv2d: layers.separableConv2d(1, 1),
    simpleRnn: layers.simpleRnn(1), sparseActivity: layers.sparseActivity({ lambda: 1 }, flatten),
    spectralNormalization: layers.spectralNormalization(flatten), weightNormalization: layers.weightNormalization(flatten)
  }, of, pathOf),
  ...placed({
    elu: layers.elu(), gelu: layers.gelu, hardSigmoid: layers.hardSigmoid, leakyRelu: layers.leakyRelu(), linear: layers.linear,
    relu: layers.relu, selu: layers.selu, sigmoid: layers.sigmoid, softmax: layers.softmax, softplus: layers.softplus,
    softsign: layers.softsign, swish: layers.swish, tanh: layers.tanh
  }, (a) => of(layers.activation(a)), 'activation/0/of'),
  ...placed({
    add: layers.add, average: layers.average, concatenate: layers.concatenate(), maximum: layers.maximum, multiply: layers.multiply
  }, (merge) => of(layers.parallel([flatten], merge)), 'parallel/0/merge'),
  ...placed({ eachTimeStep: layers.eachTimeStep(0.1) }, (dropout) => of(lstm(1, { dropout })), 'lstm/0/dropout'),
  ...placed({
    variational: layers.variational(0.1), weightDrop: layers.weightDrop(0.1), withoutMemoryLoss: layers.withoutMemoryLoss(0.1),
    zoneout: layers.zoneout({ h: 0.1 })
  }, (recurrentDropout) => of(lstm(1, { recurrentDropout })), 'lstm/0/recurrentDropout')
]

const ofDropouts = placed<Layer>({
  alphaDropout: dropouts.alphaDropout(0.1), concreteDropout: dropouts.concreteDropout(flatten), dropBlock1d: dropouts.dropBlock1d(0.1),
  dropBlock2d: dropouts.dropBlock2d(0.1), dropConnect: dropouts.dropConnect(0.1, flatten), dropout: dropouts.dropout(0.1),
  featureAlphaDropout: dropouts.featureAlphaDropout(0.1), gaussianDropout: dropouts.gaussianDropout(0.1),
  gaussianNoise: dropouts.gaussianNoise(0.1), hardConcrete: dropouts.hardConcrete(flatten, { lambda: 1 }),
  maxPoolingDropout1d: dropouts.maxPoolingDropout1d(0.1), maxPoolingDropout2d: dropouts.maxPoolingDropout2d(0.1),
  spatialDropout1d: dropouts.spatialDropout1d(0.1), spatialDropout2d: dropouts.spatialDropout2d(0.1),
  spatialDropout3d: dropouts.spatialDropout3d(0.1), stochasticDepth: dropouts.stochasticDepth(0.1, flatten),
  tokenDropout: dropouts.tokenDropout(0.1), wordDropout: dropouts.wordDropout(0.1, flatten)
}, of, pathOf)

const ofRegularizers = placed({
  confidence: regularizers.confidence(1), exact: regularizers.exact(regularizers.l1(1)),
  elasticWeightConsolidation: regularizers.elasticWeightConsolidation(1, { weights: kernel, fisher: kernel }),
  fusedLasso: regularizers.fusedLasso({ l1: 1, variation: 1 }), groupLasso: regularizers.groupLasso(1),
  kerasOrthogonal: regularizers.kerasOrthogonal(1), l1: regularizers.l1(1), l1l2: regularizers.l1l2({ l1: 1, l2: 1 }),
  l2: regularizers.l2(1), lInf: regularizers.lInf(1), logDet: regularizers.logDet(1), none: regularizers.none,
  nuclear: regularizers.nuclear(1), orthogonal: regularizers.orthogonal(1),
  plus: regularizers.plus(regularizers.ridge(1), regularizers.ridge(1)), ridge: regularizers.ridge(1),
  scale: regularizers.scale(2, regularizers.l1(1)), sparseGroupLasso: regularizers.sparseGroupLasso({ l1: 1, group: 1 }),
  spectralNorm: regularizers.spectralNorm(1), srip: regularizers.srip(1), totalVariation: regularizers.totalVariation(1),
  towards: regularizers.towards(kernel, 1)
}, (kernelRegularizer) => of(dense(1, { kernelRegularizer })), 'dense/0/kernelRegularizer')

const ofConstraints = placed({
  affine: constraints.affine([[1]], [1]), box: constraints.box(0, 1),
  dykstra: constraints.dykstra(9)(constraints.symmetric, constraints.topK(1)),
  halfSpace: constraints.halfSpace([1], 1), hypercube: constraints.hypercube(), hyperplane: constraints.hyperplane([1], 1),
  intersection: constraints.intersection(constraints.nonNegative, constraints.topK(1)), kerasMaxNorm: constraints.kerasMaxNorm(),
  kerasMinMaxNorm: constraints.kerasMinMaxNorm(), kerasUnitNorm: constraints.kerasUnitNorm(), l1Ball: constraints.l1Ball(1),
  l1Sphere: constraints.l1Sphere(1), l2Ball: constraints.l2Ball(1), l2Sphere: constraints.l2Sphere(1), lInfBall: constraints.lInfBall(1),
  lInfSphere: constraints.lInfSphere(1), maxNorm: constraints.maxNorm(1), minMaxNorm: constraints.minMaxNorm({ min: 0, max: 1 }),
  monotone: constraints.monotone('increasing'), nonNegative: constraints.nonNegative, orthonormalColumns: constraints.orthonormalColumns,
  simplex: constraints.simplex(), spectralNormBall: constraints.spectralNormBall(1), symmetric: constraints.symmetric,
  topK: constraints.topK(1), unitNorm: constraints.unitNorm, whole: constraints.whole(constraints.maxNorm(1))
}, (kernelConstraint) => of(dense(1, { kernelConstraint })), 'dense/0/kernelConstraint')

const plain = optimizers.torchSgd(0.1)
const decay = optimizers.addDecay(1)

const ofOptimizers = [
  ...placed({
    adagrad: optimizers.adagrad(), adam: optimizers.adam(), adamw: optimizers.adamw(),
    after: optimizers.after(optimizers.clipByValue(1), plain), before: optimizers.before(optimizers.decoupledDecay(1), plain),
    cumulativePenalty: optimizers.cumulativePenalty(0.1, { lambda: 1 }), fista: optimizers.fista(), ftrl: optimizers.ftrl(),
    rda: optimizers.rda(), rmsprop: optimizers.rmsprop(), sgd: optimizers.sgd(), torchAdagrad: optimizers.torchAdagrad(),
    torchAdam: optimizers.torchAdam(), torchAdamW: optimizers.torchAdamW(), torchRmsprop: optimizers.torchRmsprop(),
    torchSgd: optimizers.torchSgd(), truncatedGradient: optimizers.truncatedGradient(0.1, { gravity: 1 })
  }, (optimizer) => ({ ...of(), optimizer }), 'optimizer'),
  ...placed({
    adaptiveClip: optimizers.adaptiveClip(), addDecay: decay, chain: optimizers.chain(), clipByGlobalNorm: optimizers.clipByGlobalNorm(1),
    clipByNorm: optimizers.clipByNorm(1), clipByValue: optimizers.clipByValue(1), decoupledDecay: optimizers.decoupledDecay(1),
    descend: optimizers.descend, emaOfWeights: optimizers.emaOfWeights(), freeze: optimizers.freeze('dense'),
    gradientNoise: optimizers.gradientNoise(), lookahead: optimizers.lookahead(), masked: optimizers.masked(optimizers.everything, decay),
    momentum: optimizers.momentum(0.9), nesterov: optimizers.nesterov(0.9), sam: optimizers.sam(),
    scaleByAdagrad: optimizers.scaleByAdagrad(), scaleByAdam: optimizers.scaleByAdam(), scaleByRms: optimizers.scaleByRms(),
    swa: optimizers.swa({ after: 1 })
  }, (transform) => ({ ...of(), optimizer: optimizers.before(transform, plain) }), 'optimizer/transform')
]

const ofLosses = placed({
  binaryCrossEntropy: losses.binaryCrossEntropy(), categoricalCrossEntropy: losses.categoricalCrossEntropy(), hinge: losses.hinge(),
  huber: losses.huber(), logCosh: losses.logCosh(), mae: losses.mae(), mse: losses.mse(),
  sparseCategoricalCrossEntropy: losses.sparseCategoricalCrossEntropy()
}, (loss) => ({ ...of(), loss }), 'loss')

const decaying = { decaySteps: 10, decayRate: 0.5 }
const ofSchedules = placed({
  annealIn: schedules.annealIn(1, { steps: 9 }), annealOut: schedules.annealOut(1, { steps: 9 }), constant: schedules.constant(1),
  cosine: schedules.cosine(1, decaying), cosineRestarts: schedules.cosineRestarts(1, { firstDecaySteps: 9 }),
  exponential: schedules.exponential(1, decaying), inverseTime: schedules.inverseTime(1, decaying),
  kerasPiecewise: schedules.kerasPiecewise([1], [1, 2]), piecewise: schedules.piecewise([1], [1, 2]),
  polynomial: schedules.polynomial(1, decaying), ramp: schedules.ramp(0, 1, { steps: 9 }),
  warmup: schedules.warmup(9, schedules.constant(1))
}, (learningRate) => ({ ...of(), optimizer: optimizers.torchSgd(learningRate) }), 'optimizer/learningRate')

/** What each module exports beside parts: functions of expressions, ways to make parts of one's own, and what chooses parameters. */
const others = {
  layers: ['activationOf', 'gruCell', 'gruOver', 'lstmCell', 'lstmOver', 'seluAlpha', 'seluScale', 'simpleRnnCell', 'simpleRnnOver'],
  dropouts: [
    'alphaDropoutWith', 'alphaPrime', 'concreteDropoutWith', 'depthRates', 'dropBlockGamma', 'dropBlockWith', 'dropoutWith',
    'gaussianDropoutWith', 'hardConcreteWith', 'maxPoolExpected', 'maxPoolKept', 'trainingOnly'
  ],
  regularizers: [
    'bounded', 'l1Norm', 'l2Norm', 'lInfNorm', 'lpNorm', 'penaltyOf', 'proximal', 'regularizer', 'regularizerMonoid', 'separable',
    'softThreshold'
  ],
  constraints: ['constraint'],
  optimizers: [
    'byPath', 'byRole', 'everything', 'globalNorm', 'gradientTransform', 'not', 'optimizer', 'remember', 'slot', 'stateless', 'unchanged',
    'where'
  ],
  losses: ['logOf', 'logOneMinus', 'lossOf', 'oneHot'],
  schedules: ['schedule', 'scheduled']
} as const

/** By module: what it exports, what of that are parts, and what not. */
export const modules = {
  layers: { exported: Object.keys(layers), parts: ofLayers, others: others.layers },
  dropouts: { exported: Object.keys(dropouts), parts: ofDropouts, others: others.dropouts },
  regularizers: { exported: Object.keys(regularizers), parts: ofRegularizers, others: others.regularizers },
  constraints: { exported: Object.keys(constraints), parts: ofConstraints, others: others.constraints },
  optimizers: { exported: Object.keys(optimizers), parts: ofOptimizers, others: others.optimizers },
  losses: { exported: Object.keys(losses), parts: ofLosses, others: others.losses },
  schedules: { exported: Object.keys(schedules), parts: ofSchedules, others: others.schedules }
} as const
