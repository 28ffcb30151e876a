/**
 * Laws for what you write yourself: check a penalty, a projection, a layer, a trainer against the equations that it must obey.
 *
 * To use a suite, hand it your part; one test is registered for each law:
 *
 * ```
 * import { describe, it } from 'vitest'
 * import { bind, regularizerLaws } from 'tikhonov/laws'
 *
 * bind({ describe, it })('my penalty', regularizerLaws(myPenalty))     // or checkAll(…), where describe and it are globals
 * ```
 *
 * To write a suite: an equation, then its property, then the suite that holds it, a function of its subject. It closes over the subject and
 * asserts nothing; who checks it chooses runs, seed and names. A predicate answers `true` or says in numbers what differs.
 *
 * ```ts
 * import { about, arbitrary, check, every, law, near, same, suite } from 'tikhonov/laws'
 *
 * type Projection = (w: number) => number
 *
 * const idempotent = (project: Projection) =>
 *   law('idempotent', 'project(project(w)) = project(w)', [arbitrary.real()], (w) => same(project(project(w)), project(w)))
 *
 * const odd = (project: Projection) =>
 *   law('odd', 'project(−w) = −project(w)', [arbitrary.real()], (w) => near(project(-w), -project(w), { relative: 1e-15 }))
 *
 * const projectionLaws = (project: Projection) => suite('projection', project, [idempotent(project)], [], {})
 * const symmetricLaws = (project: Projection) => suite('symmetric', project, [odd(project)], [projectionLaws(project)])
 *
 * const clip = (w: number) => Math.max(-1, Math.min(1, w))
 * const keras = (w: number) => w / (1e-7 + Math.max(1, Math.abs(w)))
 * check(symmetricLaws(clip)).map((verdict) => verdict._tag) // => ['Passed', 'Passed']
 * check(symmetricLaws(keras)).map((verdict) => verdict._tag) // => ['Failed', 'Passed']
 * every(about('at 3', same(clip(3), 1)), about('at -3', same(clip(-3), -1))) // => true
 * ```
 *
 * `lawsOf` checks a law once where inheritance meets again (same suite name, same subject, same parameters: the last argument of `suite`,
 * `{}` where there are none; a suite that does not tell them is never taken for another); `corners` puts values before the drawn ones;
 * `mostRuns` caps a dear law; `fc.pre` discards and counts; `asyncLaw` waits. Laws about chance take their bound from `hoeffding`,
 * `bernstein`, `normalMean`, `normalVariance` or `distribution`, given the number of draws and a stated error probability: no tolerance
 * is guessed.
 */
export * from './kit/index.js'
export * as arbitrary from './arbitraries/index.js'
export * from './layer.js'
export { type LayerTrial } from './layerTrial.js'
export { gradientLaws } from './gradient.js'
export * from './expr.js'
export * from './activity.js'
export { parallelLaws, residualLaws } from './branches.js'
export { embeddingLaws } from './embedding.js'
export { spectralNormalizationLaws, weightNormalizationLaws } from './normalisedWeights.js'
export * from './adjoint.js'
export { compactLaws, type Compacting } from './compact.js'
export * from './constrained.js'
export {
  constraintLaws, convexProjectionLaws, ownAxesLaws, projectionLaws, relaxationLaws, type ConstraintTrial, type Layout
} from './constraints.js'
export * from './convolution.js'
export { crossValidationLaws, curveLaws, foldLaws } from './crossValidation.js'
export { exactLaws, paceLaws, type ExactTrial } from './exact.js'
export { acceleratedLaws, fistaLaws } from './fista.js'
export { lambdaMaxLaws, pathLaws } from './path.js'
export * as feasible from './feasible.js'
export { groupLassoLaws, groupLaws, type Grouping } from './groups.js'
export { hardConcreteLaws, type Gated, type GateOptions } from './hardConcrete.js'
export { gradientPenaltyLaws, jacobianLaws, type JacobianPenalty, type SlopePenalty } from './jacobian.js'
export { intersectionLaws, type IntersectionTrial } from './intersections.js'
export { rotationLaws, variationLaws } from './matrices.js'
export * from './norms.js'
export { ontoLaws } from './onto.js'
export { penalisedLaws } from './penalised.js'
export * from './penaltyAlgebra.js'
export * from './pooling.js'
export { convexProximalLaws, moreauLaws, proximalFamilyLaws, proximalLaws, separableLaws } from './proximal.js'
export { convexLaws, homogeneousLaws, regularizerLaws, type PenaltyTrial } from './regularizers.js'
export { scaledLaws, type Scaling } from './scaled.js'
export * from './strengths.js'
export * from './combined.js'
export { idleLaws } from './idle.js'
export * from './optimizers.js'
export * from './sparseSteps.js'
export { trajectory, type Course, type Parameter, type Point } from './trajectory.js'
export * from './transforms.js'
export * from './averaging.js'
export * from './shapedGradients.js'
export { scanLaws, unrolled, type Scan } from './scan.js'
export * from './schedules.js'
export { asleepLaws, awakeLaws, type AwakeTrial } from './awake.js'
export { concreteDropoutLaws, type ConcreteDropout, type ConcreteTrial } from './concreteDropout.js'
export { dropBlockLaws, type DropBlock, type DropBlockTrial } from './dropBlock.js'
export { dropConnectLaws, type DropConnect } from './dropConnect.js'
export { dropoutLaws, type DropoutTrial } from './dropout.js'
export { featureAlphaDropoutLaws, spatialDropoutLaws, tokenDropoutLaws, type SharedTrial } from './sharedDropout.js'
export { maxPoolingDropoutLaws, type RegionTrial } from './maxPoolingDropout.js'
export { stochasticDepthLaws, type StochasticDepth } from './stochasticDepth.js'
export { wordDropoutLaws, type WordDropout } from './wordDropout.js'
export { initializerLaws, orthogonalLaws, spreadLaws, type InitializerTrial, type Spread } from './initializers.js'
export { alphaDropoutLaws, noiseLaws, type NoiseTrial } from './noise.js'
export {
  batchNormalizationLaws, layerNormalizationLaws, type BatchNormalizationTrial, type LayerNormalizationTrial
} from './normalisation.js'
export { bidirectionalLaws, recurrentLaws, type BothWays } from './recurrent.js'
export { gatedDropoutLaws, recurrentDropoutLaws } from './recurrentDropout.js'
export { type RecurrentChoice, type RecurrentFamily } from './recurrence.js'
export { perturbationLaws, type Perturbation, type PerturbationTrial } from './perturbation.js'
export { blockLaws, distributed, normallyDistributed, randomLaws, type Block, type Words } from './random.js'
export {
  linkLaws, lossLaws, properLossLaws, residualLossLaws, smoothingLaws, type LossTrial, type ProperTrial, type SmoothingTrial
} from './losses.js'
export {
  accuracyLaws, aucLaws, binaryAccuracyLaws, labelled, metricLaws, r2Laws, scores, topKLaws, type MetricTrial, type Scored
} from './metrics.js'
export { weightLaws, type Weighted, type WeightTrial } from './weights.js'
export * from './engine.js'
export * from './threads.js'
export { batchesFor, type TrainingTrial } from './trainingTrial.js'
export { deterministicLaws } from './deterministic.js'
export { probeLaws, type ProbeTrial, type SeenNumbers } from './probes.js'
export { restLaws } from './rest.js'
export { sparseBatchesFor, sparseLaws, type SparseTrial } from './sparse.js'
export { sparseActivityLaws, type ActivityPenalty } from './sparseActivity.js'
export { samplesLaws, type Sampler } from './samples.js'
export { shardLaws } from './shards.js'
export { streamLaws, type Streamed, type StreamedOptions } from './stream.js'
export { sweepLaws, type SweepTrial } from './sweep.js'
export { tallyLaws, type Tallying } from './tally.js'
export { trainingLaws } from './training.js'
