/**
 * Every penalty against every suite that it obeys: of each the same wrong edits, so that none is held by the laws of another.
 */
import { add, constant, mean, mul, reshape, stopGradient, type Expr } from 'tikhonov/expr'
import type { Axes } from 'tikhonov/layer'
import {
  convexLaws, convexProximalLaws, groupLaws, homogeneousLaws, lambdaLaws, lawsOf, moreauLaws, ontoLaws, proximalFamilyLaws,
  proximalLaws, regularizerLaws, rotationLaws, separableLaws, suite, title, type Grouping, type Suite
} from 'tikhonov/laws'
import type { Bounded, Proximal, Regularizer, Separable } from 'tikhonov/regularizers'
import {
  boundeds, byGroups, convex, crooked, norms, ofMatrices, ofSizes, ofSquares, proximals, separables, type Norm, type Subject
} from '../regularizers/subjects.js'
import type { Area } from './harness.js'

/** What is wrong with a penalty, and the law that says so. */
interface Edit<S> {
  readonly name: string
  readonly law: string
  readonly of: (subject: S) => S
}

/** The one law of a suite that has this name or title: by which others a mutant is caught is asked of one penalty, in penalties.ts. */
const only = (name: string, from: Suite): Suite =>
  suite(name, from, [], lawsOf(from).filter((each) => each.law.name === name || title(each) === name)
    .map((each) => suite(each.suite, each, [each.law])))

/** A suite for each subject, and a mutant of each. */
const line = <S>(subjects: Readonly<Record<string, S>>, laws: (subject: S) => Suite, ...edits: readonly Edit<S>[]): Area => ({
  suites: Object.values(subjects).map((subject) => laws(subject)),
  mutants: Object.entries(subjects).flatMap(([subject, right]) => edits.map(({ name, law, of }) =>
    ({ name: `${subject}: ${name}`, origin: 'one edit', law, suite: () => only(law, laws(of(right))) })))
})

/** The same change of the penalty of each strength. */
const each = <R extends Regularizer>(change: (r: R) => R) => <S extends Subject<R>>(subject: S): S =>
  ({ ...subject, make: (lambda: number) => change(subject.make(lambda)) })

/** R by a formula made of its own. */
const valued = (of: (penalty: (w: Expr) => Expr, w: Expr) => Expr) => <R extends Regularizer>(r: R): R => ({
  ...r, terms: r.terms.map((t) => ({ ...t, penalty: (w: Expr, axes: Axes) => of((v) => t.penalty(v, axes), w) }))
})
/** R whose derivative is so many times its own. */
const sloped = (by: number) => valued((penalty, w) => add(mul(by, penalty(w)), mul(1 - by, stopGradient(penalty(w)))))
const sizeOf = ({ shape }: Expr): number => shape.reduce((n, d) => n * d, 1)
/** R of weights that count by their place. */
const placed = valued((penalty, w) => penalty(mul(w, reshape(constant(Array.from({ length: sizeOf(w) }, (_, i) => i + 1)), w.shape))))
/** The operator of R by a step that is so many times too long. */
const stepped = (by: number) => <R extends Proximal>(r: R): R => ({ ...r, proximal: (t, axes) => r.proximal(mul(by, t), axes) })

const at = 0.5
const grouped = (groups: Grouping): Area => line<Subject<Proximal>>(byGroups[groups], ({ make }) => groupLaws(make(at), groups), {
  name: `of weights that count by their place, ${groups}`, law: 'order within a group', of: each(placed)
})
const homogeneous = (degree: 1 | 2, subjects: Readonly<Record<string, Subject>>): Area =>
  line<Subject>(subjects, ({ make }) => homogeneousLaws(degree)(make(at)), {
    name: 'squared', law: 'homogeneous', of: each(valued((penalty, w) => mul(penalty(w), penalty(w))))
  })

const regular = (subjects: Readonly<Record<string, Subject>>): Area =>
  line<Subject>(subjects, ({ make, trial }) => regularizerLaws(make(at), trial),
    { name: 'half of the derivative', law: 'regularizer › derivative', of: each(sloped(0.5)) })
/** What suites hold already as parents of others needs its mutants only. */
const parental = ({ mutants }: Area): Area => ({ suites: [], mutants })

const lines: readonly Area[] = [
  regular(crooked),
  parental(regular(convex)),
  parental(line<Subject<Proximal>>(proximals, ({ make, trial }) => proximalLaws(make(at), trial),
    { name: 'a step too long', law: 'beats its neighbours', of: each<Proximal>(stepped(2)) })),
  line<Subject>(convex, ({ make, trial }) => convexLaws(make(at), trial),
    { name: 'the derivative turned over', law: 'subgradient', of: each(sloped(-1)) }),
  homogeneous(1, ofSizes),
  homogeneous(2, ofSquares),
  line<Subject>({ ...convex, ...crooked }, ({ make, trial }) => lambdaLaws(make, trial), {
    name: 'λ squared', law: 'linear', of: (subject) => ({ ...subject, make: (lambda) => subject.make(lambda * lambda) })
  }),
  line<Subject<Proximal>>(proximals, ({ make, trial }) => convexProximalLaws(make(at), trial),
    { name: 'half a step', law: 'the rest is a subgradient', of: each<Proximal>(stepped(0.5)) }),
  line<Subject<Proximal>>(proximals, ({ make, trial }) => proximalFamilyLaws(make, trial), {
    name: 'λ does not reach the operator', law: 'λ is a step',
    of: (subject) => ({ ...subject, make: (lambda) => ({ ...subject.make(lambda), proximal: subject.make(1).proximal }) })
  }),
  line<Subject<Separable>>(separables, ({ make, trial }) => separableLaws(make(at), trial), {
    name: 'the mean step for each weight', law: 'each weight by itself',
    of: each<Separable>((r) => ({ ...r, proximal: (t) => r.proximal(typeof t === 'number' ? t : mean(t)) }))
  }),
  line<Subject<Bounded>>(boundeds, ({ make, trial }) => ontoLaws(make(at), trial), {
    name: 'λ does not reach the bound', law: 'allowed',
    of: each<Bounded>((r) => ({ ...r, onto: (c, axes) => r.onto(mul(1 / at, c), axes) }))
  }),
  line<Norm<Proximal>>(norms, ({ make, dual }) => moreauLaws(make(at), (q) => dual(q) / at),
    { name: 'half a step leaves a rest', law: 'the rest is aligned', of: each<Proximal>(stepped(0.5)) },
    { name: 'two steps leave a rest', law: 'the rest is in the dual ball', of: each<Proximal>(stepped(2)) }),
  line<Subject>(ofMatrices, ({ make }) => rotationLaws(make(at)),
    { name: 'of weights that count by their place', law: 'rows may turn', of: each(placed) }),
  grouped('incoming'), grouped('outgoing')
]

export const suites = lines.flatMap((area) => area.suites)
export const mutants = lines.flatMap((area) => area.mutants)
