/** Rules about penalties, decay and constraints. */
import { evaluate } from '../expr/evaluate.js'
import { variable } from '../expr/leaf.js'
import type { Declaration } from '../layer/layer.js'
import { joinPath, type ByPath } from '../part/path.js'
import { weightRoles } from '../part/role.js'
import { showSpec, type Spec, type SpecValue } from '../part/spec.js'
import { l2Norm } from '../regularizers/norms.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Place, Rule, Subject } from './finding.js'

const penalised = ({ regularizer }: Declaration): boolean => (regularizer?.terms ?? []).length > 0

const entries = (parameters: ByPath<Declaration>) => Object.entries(parameters)

/** A spec with all specs within. */
const specsIn = (value: SpecValue): readonly Spec[] =>
  typeof value !== 'object' || value === null ? []
  : 'kind' in value ? [value, ...Object.values(value.options).flatMap(specsIn)] : value.flatMap(specsIn)

/** Whether the optimizer decays all parameters. */
const decaysAll = ({ optimizer }: Subject): boolean => (optimizer === undefined ? [] : specsIn(optimizer.transform.spec)).some(
  ({ kind, options }) => ['addDecay', 'decoupledDecay'].includes(kind) && options.lambda !== 0 &&
    typeof options.where === 'object' && options.where !== null && 'kind' in options.where && options.where.kind === 'everything')

/** Standard deviations along the last axis. */
const spreads = ({ shape, data }: Tensor): readonly number[] => {
  const units = shape.at(-1) ?? 1
  return Array.from({ length: units }, (_, unit) => {
    const own = Array.from(data).filter((__, i) => i % units === unit)
    const mean = own.reduce((a, b) => a + b, 0) / own.length
    return Math.sqrt(own.reduce((s, v) => s + (v - mean) ** 2, 0) / own.length)
  })
}

/** Inputs of different units under one penalty. */
export const notStandardised: Rule = {
  hits: ({ x, places }) => {
    const first = places.find(({ parameters }) => Object.keys(parameters).length > 0)
    const found = first === undefined ? [] : entries(first.parameters).filter(([, d]) => weightRoles.includes(d.role) && penalised(d))
    const spread = x === undefined ? [] : spreads(x).filter((s) => s > 0)
    const ratio = Math.max(...spread) / Math.min(...spread)
    return spread.length > 1 && ratio > 10 ? found.map(([path]) => ({
      path, finding: `a penalty on inputs of which one spreads ${Number(ratio.toPrecision(2))} times as much as another`
    })) : []
  },
  reason: 'a penalty weighs all weights alike, and a weight depends on its input’s unit: inputs that spread little are penalised most',
  paper: 'Tibshirani 1996; Hastie, Tibshirani & Friedman 2009, section 3.4',
  remedy: 'standardise each input to mean 0 and variance 1'
}

const quadratic: readonly string[] = ['l2', 'ridge', 'l1l2']

/** L2 where the length of a kernel does not matter. */
export const scaleFree: Rule = {
  hits: ({ places }) => places.flatMap(({ parameters, layer, rest: [next] }) => {
    const { activation } = layer.spec.options
    const isLinear = typeof activation === 'object' && activation !== null && 'kind' in activation && activation.kind === 'linear'
    if (!isLinear || next?.layer.spec.kind !== 'batchNormalization') return []
    return entries(parameters).flatMap(([path, { role, regularizer }]) => (regularizer?.terms ?? [])
      .filter(({ spec }) => role === 'kernel' && quadratic.includes(spec.kind))
      .map(({ spec }) => ({ path, finding: `${showSpec(spec)} on a kernel that ${next.path} normalises` })))
  }),
  reason: 'batch normalisation undoes the kernel’s length: the penalty restrains no function, it only lets steps turn the kernel faster',
  paper: 'van Laarhoven 2017',
  remedy: 'leave the penalty out, or mean it as a learning rate: penalise the last layer'
}

/** Zeros that a gradient does not give. */
export const noZeros: Rule = {
  hits: ({ probes = [], parameters }) => !probes.some(({ spec }) => spec.kind === 'zeros') ? []
    : entries(parameters).flatMap(([path, { regularizer }]) => (regularizer?.terms ?? [])
      .filter(({ spec, exact = false }) => ['l1', 'groupLasso', 'sparseGroupLasso'].includes(spec.kind) && !exact)
      .map(({ spec }) => ({ path, finding: `zeros are counted, and ${showSpec(spec)} is treated by its gradient` }))),
  reason: 'a gradient step with the sign of a weight passes 0 and comes back: weights become small and not 0',
  paper: 'Duchi & Singer 2009; Langford, Li & Zhang 2009',
  remedy: 'exact(…) treats the penalty by its proximal operator'
}

/** A cap above all that it could cap. */
export const idleCap: Rule = {
  hits: ({ values, parameters }) => entries(parameters).flatMap(([path, { constraint, incoming, shape }]) => {
    const cap = constraint?.spec.kind === 'maxNorm' ? constraint.spec.options.cap : undefined
    const value = values?.[path]
    if (typeof cap !== 'number' || value === undefined) return []
    const longest = Math.max(...evaluate(l2Norm(variable(path, shape), incoming), { [path]: value.data }))
    return longest < cap / 2 ? [{
      path: joinPath(path, 'maxNorm'), finding: `no unit’s weights are longer than ${Number(longest.toPrecision(3))}, the cap is ${cap}`
    }] : []
  }),
  reason: 'a projection that never moves a weight regularises nothing',
  paper: 'Srivastava et al. 2014, section 5.1: caps of 3 to 4 where norms reach them',
  remedy: 'a cap below the norms that weights reach without it'
}

/** Biases that are made small. */
export const decayedBias: Rule = {
  hits: (subject) => entries(subject.parameters).flatMap(([path, declared]) =>
    (declared.role !== 'bias' ? [] : decaysAll(subject) ? [{ path, finding: 'the optimizer decays this bias' }]
      : penalised(declared) ? [{ path, finding: 'a penalty on this bias' }] : [])),
  reason: 'a bias has no input to multiply and little part in overfitting; a small one makes the mean of the data cost',
  paper: 'Goodfellow, Bengio & Courville 2016, section 7.1',
  remedy: 'decay by role, as is the default here, and penalise kernels'
}

/** Half of a recurrent layer. */
export const recurrentAlone: Rule = {
  hits: ({ places }) => places.flatMap(({ path, parameters }: Place) => {
    const ofRole = (role: string) => entries(parameters).filter(([, d]) => d.role === role)
    const [recurrent, kernels] = [ofRole('recurrent'), ofRole('kernel')]
    return recurrent.some(([, d]) => penalised(d)) && kernels.length > 0 && !kernels.some(([, d]) => penalised(d))
      ? [{ path, finding: 'its recurrent kernel is penalised, its kernel is not' }] : []
  }),
  reason: 'what the state may not carry comes in again from the input: the same function by other weights',
  paper: 'Merity, Keskar & Socher 2018, who regularise both',
  remedy: 'kernelRegularizer beside recurrentRegularizer'
}
