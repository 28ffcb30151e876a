/**
 * Who may import whom. Each folder of src names the folders it sees; what is not named is forbidden, types included.
 * expr ← random, tensor ← part ← the parts ← layer ← layers, dropout ← model ← training ← stream; engines stand on the parts' language.
 */
const language = ['expr', 'random', 'tensor', 'part']
const parts = ['initializers', 'regularizers', 'constraints', 'losses', 'metrics', 'schedules', 'optimizers']
const contract = [...language, ...parts, 'layer']
const learning = [...contract, 'probes', 'layers', 'dropout', 'model', 'engine']

const sees = {
  expr: [],
  random: ['expr'],
  tensor: ['expr', 'random'],
  part: ['expr', 'random', 'tensor'],
  initializers: language,
  schedules: language,
  losses: language,
  regularizers: language,
  // Norms live in regularizers: constraints project onto their balls, clipping divides by them; metrics may be means of losses.
  constraints: [...language, 'regularizers'],
  metrics: [...language, 'losses'],
  optimizers: [...language, 'regularizers', 'constraints', 'schedules'],
  probes: [...language, 'regularizers', 'constraints'],
  layer: [...language, ...parts],
  layers: contract,
  dropout: contract,
  model: [...contract, 'layers', 'engine'],
  engine: language,
  training: learning,
  sparse: [...learning, 'training'],
  adapters: learning,
  report: [...language, 'engine'],
  advice: [...learning, 'training'],
  stream: [...learning, 'training', 'sparse'],
  codec: [...learning, 'training']
}

/** Layers are made of the language, not of each other; activations are plain functions that any of them may apply. */
const sharedByLayers = '^src/layers/(activation|convolution|recurrent/[^/]+|index)\\.ts$'

const entryPoint = ['^src/index\\.ts$', '^src/[^/]+/index\\.ts$']

const direction = Object.entries(sees).map(([folder, others]) => ({
  name: `src-${folder}`,
  comment: `src/${folder} sees ${others.length === 0 ? 'itself only' : others.join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...others].join('|')})/` }
}))

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...direction,
    {
      name: 'src-folders-are-known',
      comment: 'A new folder of src says in this file what it sees.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(sees).join('|')})/` },
      to: {}
    },
    {
      name: 'no-layer-imports-a-layer',
      severity: 'error',
      from: { path: '^src/layers/', pathNot: '^src/layers/index\\.ts$' },
      to: { path: '^src/layers/', pathNot: sharedByLayers }
    },
    {
      name: 'no-circular-imports',
      comment: 'Types may name each other; values may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }
    },
    {
      name: 'no-barrel-from-inside',
      comment: 'src imports the file that has it, so that an entry point loads what it names and no more.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/index\\.ts$' },
      to: { path: entryPoint }
    },
    {
      name: 'rxjs-in-stream-only',
      severity: 'error',
      from: { path: '^(src|laws)/', pathNot: '^(src/stream/|laws/(stream|sweep)\\.ts$)' },
      to: { path: '(^|/)node_modules/rxjs/' }
    },
    {
      name: 'io-ts-in-codec-only',
      severity: 'error',
      from: { path: '^(src|laws)/', pathNot: '^src/codec/' },
      to: { path: '(^|/)node_modules/io-ts/' }
    },
    {
      name: 'fast-check-in-laws-only',
      severity: 'error',
      from: { path: '^(src|examples)/' },
      to: { path: '(^|/)node_modules/fast-check/' }
    },
    {
      name: 'src-stands-on-its-peers',
      comment: 'What users do not have to install, the library may not import; nor what only Node has.',
      severity: 'error',
      from: { path: '^(src|laws)/' },
      to: { pathNot: '^(src|laws)/|(^|/)node_modules/(fp-ts|rxjs|io-ts|fast-check)/' }
    },
    {
      name: 'by-package-name',
      comment: 'Laws and examples are users: they import tikhonov/…, never a path into src.',
      severity: 'error',
      from: { path: '^(laws|examples)/' },
      to: { path: '^src/', dependencyTypes: ['local'] }
    },
    {
      name: 'entry-points-only',
      comment: 'What a user imports is an entry point of the exports map.',
      severity: 'error',
      from: { path: '^(laws|examples)/' },
      to: { path: '^src/', pathNot: entryPoint }
    },
    {
      name: 'nothing-imports-its-tests',
      severity: 'error',
      from: { path: '^(src|laws)/' },
      to: { path: '^(test|examples)/' }
    },
    {
      name: 'resolvable',
      comment: 'What the benchmark compares with is installed by that benchmark, in a folder of its own.',
      severity: 'error',
      from: { pathNot: '^test/bench/peers/adapters/' },
      to: { couldNotResolve: true }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|out|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['tikhonov-source', 'import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json', '.d.ts']
    }
  }
}
