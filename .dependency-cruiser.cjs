const room = (names) => `^lib/(${names.join('|')})(/|\\.ts$)`;
/** Rooms a room may import from, beside itself. A type alone may come from anywhere it is declared. */
const allowed = {
  schema: [],
  falco: ['schema'],
  rules: ['names', 'schema', 'falco'],
  settings: ['names', 'schema', 'falco', 'rules'],
  constructs: [
    'names',
    'version',
    'schema',
    'settings',
    'falco',
    'rules',
    'program',
    'responder',
    'secrets-job',
  ],
  'secrets-job': ['names', 'schema', 'program'],
  responder: ['names', 'schema', 'rules', 'containment', 'program'],
  synth: ['names', 'version', 'schema', 'settings', 'rules', 'constructs', 'stack'],
};
const rooms = [...Object.keys(allowed), 'names', 'version', 'program', 'stack', 'cli', 'index'];

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
      name: 'names-imports-nothing',
      severity: 'error',
      from: { path: '^lib/names\\.ts$' },
      to: { path: '.' },
    },
    ...Object.entries(allowed).map(([name, others]) => ({
      name: `${name}-imports-only-${others.join('-') || 'nothing'}`,
      severity: 'error',
      from: { path: room([name]) },
      to: {
        path: room(rooms.filter((other) => other !== name && !others.includes(other))),
        dependencyTypesNot: ['type-only'],
      },
    })),
    {
      name: 'nobody-imports-cli',
      severity: 'error',
      from: { pathNot: room(['cli']) },
      to: { path: room(['cli']) },
    },
    {
      name: 'client-node-at-the-edge',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(cli/|[^/]+/cluster[^/]*\\.ts$)' },
      to: { path: '@kubernetes/client-node', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
