/** Sets of vectors that constraints project onto, for their laws: how far outside a vector is, and points inside. */
export { ball, l2Sphere, orthant, shell, sphere, type FeasibleSet } from './feasibleLengths.js'
export { spectralNormBall, stiefel, symmetric } from './feasibleMatrices.js'
export { box, flat, l1Ball, l1Sphere, lInfSphere, monotone, simplex, sparse } from './feasibleSums.js'
