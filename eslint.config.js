import stylistic from '@stylistic/eslint-plugin'
import functional from 'eslint-plugin-functional'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/**
 * Where loops and mutation live, on what was made there and behind pure functions: engines, fills and scans of buffers, traversals of the
 * graph, folds and unfolds; and, behind Observables, the loop that trains with time and what feeds it.
 */
const imperative = [
  'src/engine/**',
  'src/expr/{tabulate,cells,evaluate,orthonormal,recurrence,sort,isotonic,svd,fused}.ts',
  'src/expr/{graph,gradient,share,print,simplify,body,hoist,prune}.ts',
  'src/random/{threefry,bits}.ts',
  'src/part/{once,outside,unfold}.ts',
  'src/training/fold.ts',
  'src/sparse/{entries,fold}.ts',
  'src/stream/{feed,learner,loop}.ts',
  'laws/prepared.ts'
]

/** Where a throw is the contract: a documented RangeError for a mistake of the caller, and how test runners learn of a failure. */
const throwing = [
  'src/engine/wasm/wasm.ts', 'src/expr/evaluate.ts', 'src/part/refuse.ts', 'src/tensor/tensor.ts',
  'laws/kit/{law,runner}.ts'
]

/** Ways around the type checker. */
const casts = [
  {
    selector: 'TSAsExpression > TSAsExpression',
    message: 'A cast through another type hides what the types should say.'
  },
  {
    selector: 'TSTypeAssertion',
    message: 'Write `as`, once, with the reason beside it.'
  }
]

const asserting = 'expect|assert|check|accept|reject'

/** Tests that cannot fail. A body must call something that asserts, `expect(…)`, `fc.assert(…)`, or a function of its file named so. */
const emptyTests = [
  {
    selector:
      ':matches(CallExpression[callee.name=/^(it|test)$/], CallExpression[callee.callee.object.name=/^(it|test)$/]) > :function' +
      `:not(:has(CallExpression[callee.name=/^(${asserting})/])):not(:has(CallExpression[callee.property.name=/^(${asserting})/]))`,
    message: 'A test that asserts nothing cannot fail.'
  },
  {
    selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo|fails)$/]',
    message: 'No test is skipped, singled out or left for later.'
  }
]

export default defineConfig(
  { ignores: ['dist/', 'out/', 'coverage/', 'node_modules/', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,js,cjs,mjs}'],
    plugins: { '@stylistic': stylistic },
    rules: {
      '@stylistic/semi': ['error', 'never'],
      '@stylistic/quotes': ['error', 'single', { avoidEscape: true, allowTemplateLiterals: 'avoidEscape' }],
      '@stylistic/comma-dangle': ['error', 'never'],
      '@stylistic/max-len': ['error', { code: 140, ignoreUrls: true, ignoreRegExpLiterals: true }],
      '@stylistic/no-tabs': 'error',
      '@stylistic/no-trailing-spaces': 'error',
      '@stylistic/eol-last': 'error'
    }
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-exports': ['error', { fixMixedExportsWithInlineTypeSpecifier: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': 'allow-with-description', 'ts-ignore': true, minimumDescriptionLength: 10 }
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', ignoreRestSiblings: true }
      ],
      // Type-level programs say what they mean: {} for no parameters, an argument that equals the default.
      '@typescript-eslint/no-empty-object-type': ['error', { allowObjectTypes: 'always' }],
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      // An index may miss without its type saying so (noUncheckedIndexedAccess is off, for the numeric files), so a check may be needed.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Numbers in messages are the point of the messages.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-syntax': ['error', ...casts],
      'no-console': 'error',
      eqeqeq: 'error'
    }
  },
  {
    files: ['src/**/*.ts', 'laws/**/*.ts'],
    plugins: { functional },
    rules: {
      'functional/no-classes': 'error',
      'functional/no-this-expressions': 'error'
    }
  },
  {
    files: ['src/**/*.ts', 'laws/**/*.ts'],
    ignores: throwing,
    plugins: { functional },
    rules: { 'functional/no-throw-statements': 'error' }
  },
  {
    files: ['src/**/*.ts', 'laws/**/*.ts'],
    ignores: imperative,
    plugins: { functional },
    rules: {
      'functional/no-let': 'error',
      'functional/no-loop-statements': 'error',
      'functional/immutable-data': ['error', { ignoreImmediateMutation: true, ignoreClasses: true }]
    }
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...casts, ...emptyTests],
      'no-console': 'off'
    }
  },
  {
    // What must not compile stands there under @ts-expect-error: it has no type to be safe with.
    files: ['test/types/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off'
    }
  },
  {
    files: ['examples/**/*.ts'],
    rules: { 'no-console': 'off' }
  }
)
