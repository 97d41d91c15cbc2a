const room = (names) => `^lib/(${names.join('|')})(/|\\.ts$)`;
/** Rooms a room may import from, beside itself. A type alone may come from anywhere it is declared. */
const allowed = {
  schema: [],
  falco: ['schema'],
  rules: ['names', 'schema', 'falco'],
  settings: ['names', 'sorted-json', 'intake-defaults', 'version', 'schema', 'falco', 'rules'],
  observability: ['names'],
  constructs: [
    'names',
    'observability',
    'sorted-json',
    'version',
    'schema',
    'settings',
    'falco',
    'rules',
    'program',
    'responder',
    'secrets-job',
    'inventory',
  ],
  program: ['schema'],
  'secrets-job': ['names', 'schema', 'program'],
  containment: ['names'],
  inventory: [],
  responder: ['names', 'intake-defaults', 'schema', 'rules', 'containment', 'program', 'inventory'],
  history: ['observability', 'rules', 'containment', 'program', 'inventory'],
  who: ['html-text', 'rules', 'history'],
  report: ['html-text', 'rules', 'history', 'containment'],
  advise: ['names', 'rules', 'containment', 'history'],
  helm: ['names', 'version', 'schema', 'falco', 'settings', 'constructs', 'stack'],
  'import-values': ['schema', 'falco', 'rules', 'settings', 'constructs', 'synth'],
  'project-template': ['version'],
  synth: ['names', 'version', 'schema', 'settings', 'rules', 'constructs', 'stack'],
};
const rooms = [
  ...Object.keys(allowed),
  'names',
  'html-text',
  'sorted-json',
  'intake-defaults',
  'version',
  'stack',
  'cli',
  'index',
];
/** Where the program begins: it alone of its room joins the rooms that run in the cluster. */
const programEntry = '^lib/program/main\\.ts$';
const joinedByProgram = ['version', 'responder', 'secrets-job'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'names-and-single-files-import-nothing',
      severity: 'error',
      from: { path: '^lib/(names|html-text|sorted-json|intake-defaults)\\.ts$' },
      to: { path: '.' },
    },
    ...Object.entries(allowed).map(([name, others]) => ({
      name: `${name}-imports-only-${others.join('-') || 'nothing'}`,
      severity: 'error',
      from: { path: room([name]), pathNot: programEntry },
      to: {
        path: room(rooms.filter((other) => other !== name && !others.includes(other))),
        dependencyTypesNot: ['type-only'],
      },
    })),
    {
      name: `program-main-imports-only-${joinedByProgram.join('-')}`,
      severity: 'error',
      from: { path: programEntry },
      to: { path: room(rooms.filter((other) => other !== 'program' && !joinedByProgram.includes(other))) },
    },
    {
      name: 'nobody-imports-program-main',
      severity: 'error',
      from: {},
      to: { path: programEntry },
    },
    {
      name: 'nobody-imports-cli',
      severity: 'error',
      from: { pathNot: room(['cli']) },
      to: { path: room(['cli']) },
    },
    {
      name: 'client-node-at-the-edge',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(cli/|[^/]+/cluster(/|[^/]*\\.ts$))' },
      to: { path: '@kubernetes/client-node', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
