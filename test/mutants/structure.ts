/** Mutants of layers that hold or wrap layers, and of embeddings. */
import {
  abs, add, constant, div, floor, gather, keepAxes, matmul, max, min, mul, reshape, select, sqrt, stopGradient, sub, sum, variable,
  type Expr
} from 'tikhonov/expr'
import { ones, randomUniform } from 'tikhonov/initializers'
import {
  axesOf, layer, reparametrised, run, same, spec, wrapper, type Declaration, type Layer, type Output, type Rewritten
} from 'tikhonov/layer'
import { embeddingLaws, parallelLaws, residualLaws, spectralNormalizationLaws, weightNormalizationLaws } from 'tikhonov/laws'
import {
  embedding, parallel, relu, residual, spectralNormalization, weightNormalization, type Branch, type Merge
} from 'tikhonov/layers'
import { l2Norm } from 'tikhonov/regularizers'
import type { Mutant } from './harness.js'

const oneEdit = 'one edit'

/** A residual block of another equation. */
const block = (equation: (x: Expr, f: Expr) => Expr) => (...layers: readonly Layer[]): Layer => {
  const correct = residual(...layers)
  return wrapper({
    spec: spec('residual'), rule: correct.rule,
    apply: (scope) => (x) => {
      const f = run(layers)(scope)(x)
      return correct.rule.check(x.shape.slice(1)) === undefined ? { ...f, y: equation(x, f.y) } : correct.apply(scope)(x)
    }
  })
}

/** Broadcasts what f makes to its input. */
const lax = (...layers: readonly Layer[]): Layer =>
  wrapper({
    spec: spec('residual'), rule: same,
    apply: (scope) => (x) => {
      const f = run(layers)(scope)(x)
      return { ...f, y: add(x, f.y) }
    }
  })

const rowOf = (branch: Branch): readonly Layer[] => ('_tag' in branch ? [branch] : branch)

/** Branches that share a path, or are merged in another order, or are not checked. */
const beside = (at: (i: number) => string, order: (ys: readonly Expr[]) => readonly Expr[], checked: 'checked' | 'unchecked' = 'checked') =>
  (branches: readonly Branch[], merge: Merge): Layer => {
    const correct = parallel(branches, merge)
    return wrapper({
      spec: spec('parallel'), rule: checked === 'checked' ? correct.rule : same,
      apply: ({ path, mode }) => (x) => {
        const refused = checked === 'checked' && correct.rule.check(x.shape.slice(1)) !== undefined
        if (branches.length === 0 || refused) return correct.apply({ path, mode })(x)
        const outputs = branches.map((branch, i) => run(rowOf(branch))({ path: `${path}${at(i)}`, mode })(x))
        return {
          y: merge.of(order(outputs.map(({ y }) => y))),
          parameters: Object.assign({}, ...outputs.map((o) => o.parameters)) as Output['parameters'],
          state: {}, penalties: {}, issues: outputs.flatMap(({ issues }) => issues)
        }
      }
    })
  }

const lookUp = (of: (w: Expr, x: Expr, inputDim: number) => Expr) => (inputDim: number, outputDim: number): Layer => {
  const shape = [inputDim, outputDim]
  const embeddings: Declaration = { shape, role: 'embedding', initial: randomUniform().initial(shape), incoming: [1] }
  return layer({
    spec: spec('embedding'), rule: same, parameters: () => ({ embeddings }), apply: ({ embeddings: w }) => (x) => of(w, x, inputDim)
  })
}

/** Weight normalisation of another equation. */
const directed = (
  equation: (v: Expr, g: Expr) => Expr,
  first: (kernel: Expr) => Expr = (kernel) => l2Norm(kernel, [0]),
  penalised: 'read' | 'declared' = 'read'
) => (of: Layer): Layer => wrapper({
  spec: spec('weightNormalization'), rule: of.rule,
  apply: reparametrised({
    roles: ['kernel'],
    rewrite: (_, { regularizer, ...declared }, path): Rewritten => {
      const lengths = declared.shape.slice(1)
      const weight = equation(variable(`${path}/v`, declared.shape), variable(`${path}/g`, lengths))
      return {
        weight,
        parameters: {
          [`${path}/v`]: { ...declared, initial: () => declared.initial(path), ...(penalised === 'declared' ? { regularizer } : {}) },
          [`${path}/g`]: { shape: lengths, role: 'scale', incoming: [], initial: () => first(declared.initial(path)) }
        },
        penalties: penalised === 'declared' ? {}
          : Object.fromEntries((regularizer?.terms ?? []).map((term) =>
            [`${path}/${term.name}`, term.penalty(weight, axesOf(weight.shape))]))
      }
    }
  }, of)
})

const over = (norm: Expr, g: Expr, v: Expr): Expr => div(mul(g, v), norm)

/** From W [incoming, units], u [units, 1], v = W·u/‖W·u‖ and the u after it: the weight that is read and the next u. */
type Iteration = (w: Expr, u: Expr, v: Expr, next: Expr) => { readonly weight: Expr; readonly next: Expr }

/** Spectral normalisation of another equation. */
const divided = (equation: Iteration) => (of: Layer): Layer =>
  wrapper({
    spec: spec('spectralNormalization'), rule: of.rule,
    apply: (scope) => reparametrised({
      roles: ['kernel'],
      rewrite: (w, declared, path): Rewritten => {
        const shape = [declared.shape[1], 1]
        const u = variable(`${path}/u`, shape)
        const unit = (x: Expr) => div(x, select(l2Norm(x), l2Norm(x), 1))
        const v = unit(matmul(w, u))
        const after = unit(matmul(w, v, { a: true }))
        const { weight, next } = equation(w, u, v, after)
        const first = randomUniform({ min: 0.1, max: 1 }).initial(shape)
        return {
          weight,
          parameters: { [path]: declared },
          state: { [`${path}/u`]: { shape, initial: (p) => unit(first(p)), next: scope.mode._tag === 'Train' ? next : u } }
        }
      }
    }, of)(scope)
  })

/** vᵀ·W·u, guarded. */
const sigma = (w: Expr, u: Expr, v: Expr): Expr => {
  const found = reshape(matmul(v, matmul(w, u), { a: true }), [])
  return select(found, found, 1)
}

const kept = (next: Expr, u: Expr): Expr => select(l2Norm(next), next, u)

const named = (name: string, law: string, suite: Mutant['suite'], origin = oneEdit, runs?: number): Mutant =>
  ({ name, origin, law, suite, ...(runs === undefined ? {} : { runs }) })

export const mutants: readonly Mutant[] = [
  named('f without its input', 'adds its input', () => residualLaws(block((_, f) => f))),
  named('an activation after the sum', 'around nothing is the identity', () => residualLaws(block((x, f) => relu.of(add(x, f)))),
    'ResNet’s first form, under the name of its second'),
  named('a sum that broadcasts', 'refuses what does not keep the shape', () => residualLaws(lax), 'tensor libraries that broadcast'),
  named('branches from the last to the first', 'merges its branches', () =>
    parallelLaws(beside((i) => `/branch/${i}`, (ys) => [...ys].reverse()))),
  named('branches of one path', 'branches draw and learn for themselves', () => parallelLaws(beside(() => '', (ys) => ys))),
  named('a merge that broadcasts', 'refuses what does not merge', () =>
    parallelLaws(beside((i) => `/branch/${i}`, (ys) => ys, 'unchecked')), 'tensor libraries that broadcast'),
  named('numbers count from 1', 'is a product with one-hot rows', () => embeddingLaws(lookUp((w, x) => gather(w, sub(x, 1))))),
  named('learns from the first place only', 'its derivative is the product’s', () => embeddingLaws(lookUp((w, x) => {
    const y = gather(w, x)
    return select(constant([1, 0, 0], [3, 1]), y, stopGradient(y))
  }))),
  named('a number too large is the largest', 'a number that is no row gives NaN', () =>
    embeddingLaws(lookUp((w, x, n) => gather(w, min(max(floor(x), 0), n - 1)))), 'JAX, which clamps'),
  named('as many rows as are asked for', 'as many rows as float32 has whole numbers', () => embeddingLaws(lookUp((w, x) => gather(w, x)))),
  named('one length for the whole kernel', 'the length of a unit’s weights is |g|', () =>
    weightNormalizationLaws(directed((v, g) => over(l2Norm(v), g, v)))),
  named('a length has no sign', 'the direction is that of v', () =>
    weightNormalizationLaws(directed((v, g) => over(l2Norm(v, [0]), abs(g), v)))),
  named('ε is added to the length', 'the length of v does not matter', () =>
    weightNormalizationLaws(directed((v, g) => over(add(l2Norm(v, [0]), 1e-7), g, v)))),
  named('g begins at 1', 'begins as the layer would have', () =>
    weightNormalizationLaws(directed((v, g) => over(l2Norm(v, [0]), g, v), () => ones.initial([3])('g')))),
  named('penalises the direction', 'penalises what is read', () =>
    weightNormalizationLaws(directed((v, g) => over(l2Norm(v, [0]), g, v), undefined, 'declared')), 'weight decay on v'),
  named('each unit by its own length', 'reads the kernel by a factor', () => spectralNormalizationLaws(
    divided((w, u, _, next) => ({ weight: div(w, keepAxes(l2Norm(w, [0]), w.shape, [0])), next: kept(next, u) })))),
  named('the Frobenius norm', 'the largest singular value is at least 1', () => spectralNormalizationLaws(
    divided((w, u, _, next) => ({ weight: div(w, max(sqrt(sum(mul(w, w))), 1e-9)), next: kept(next, u) })))),
  named('the direction never moves', 'the largest singular value becomes 1', () => spectralNormalizationLaws(
    divided((w, u, v) => ({ weight: div(w, sigma(w, u, v)), next: u }))), oneEdit, 10),
  named('a direction of any length', 'states are directions', () => spectralNormalizationLaws(
    divided((w, u, v, next) => ({ weight: div(w, sigma(w, u, v)), next: kept(mul(2, next), u) })))),
  named('divides by 0', 'a kernel of zeros stays', () => spectralNormalizationLaws(
    divided((w, u, v, next) => ({ weight: div(w, matmul(v, matmul(w, u), { a: true })), next: kept(next, u) }))))
]

export const suites = [
  residualLaws((...layers) => residual(...layers)),
  parallelLaws((branches, merge) => parallel(branches, merge)),
  embeddingLaws((inputDim, outputDim) => embedding(inputDim, outputDim)),
  weightNormalizationLaws((of) => weightNormalization(of)),
  spectralNormalizationLaws((of) => spectralNormalization(of)),
  spectralNormalizationLaws((of) => spectralNormalization(of, { powerIterations: 3 }))
]
