import { join } from 'node:path';
import { Project } from './project';

let project: Project;

beforeEach(() => {
  project = new Project();
});

afterEach(() => {
  project.remove();
});

const DIST = join(__dirname, '../../dist/falco-egress.js');

/** Nobody's cluster: no kubeconfig, and a home without one. */
function alone(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const clean = { KUBECONFIG: '', HOME: project.folder, KUBERNETES_SERVICE_HOST: undefined };
  return project.node([DIST, 'quarantine', ...args], { ...clean, ...env });
}

test.each(['list', 'add', 'approve', 'dismiss', 'release'])(
  '%s prints its options without a cluster',
  (command) => {
    const { code, out, error } = alone([command, '--help']);
    expect([code, error]).toEqual([0, '']);
    for (const part of [
      `quarantine ${command}`,
      '--kubeconfig FILE',
      '--context NAME',
      '--json',
      'Exit code: 0',
    ])
      expect(out).toContain(part);
  },
);

test('the group has a help, here and in the list of commands', () => {
  const { code, out } = alone(['--help']);
  expect(code).toBe(0);
  expect(out).toContain('\n  list ');
  for (const command of ['add', 'approve', 'dismiss', 'release'])
    expect(out).toContain(`\n  ${command} NAMESPACE/POD `);
  expect(project.run('--help').out).toMatch(/^ +quarantine .*list, add, approve, dismiss and release/m);
  expect(project.run('help', 'quarantine').out.trim()).toBe(out.trim());
  expect(alone([]).code).toBe(2);
});

test.each<[string[], string]>([
  [['lsit'], "unknown command 'quarantine lsit' (Did you mean quarantine list?); see --help"],
  [['list', 'shop/cart-0'], "quarantine list takes no 'shop/cart-0'; see --help"],
  [
    ['add', 'cart-0', '--reason', 'x'],
    "name one Pod as NAMESPACE/POD (not 'cart-0'): quarantine add shop/cart-0; see --help",
  ],
  [
    ['add', '../x/y', '--reason', 'x'],
    "name one Pod as NAMESPACE/POD (not '../x/y'): quarantine add shop/cart-0; see --help",
  ],
  [
    ['add', 'shop/a', 'shop/b', '--reason', 'x'],
    'name one Pod as NAMESPACE/POD: quarantine add shop/cart-0; see --help',
  ],
  [['add', 'shop/cart-0'], 'say why: --reason TEXT; see --help'],
  [['add', 'shop/cart-0', '--reason', ' \n'], 'say why: --reason TEXT; see --help'],
  [['add', 'shop/cart-0', '--reason', 'x'.repeat(501)], '--reason has 501 characters, of at most 500'],
  [
    ['add', 'shop/cart-0', '--reason', 'x', '--ttl', '4 hours'],
    "--ttl is a number and one of s, m, h, d, such as 4h (not '4 hours')",
  ],
  [
    ['add', 'shop/cart-0', '--reason', 'x', '--ttl', '9999d'],
    '--ttl 9999d is more than a year; leave it out',
  ],
  [['add', 'shop/cart-0', '--reason', 'x', '--on-expiry', 'hold'], '--on-expiry says nothing without --ttl'],
  [
    ['add', 'shop/cart-0', '--reason', 'x', '--ttl', '4h', '--on-expiry', 'delete'],
    "--on-expiry is release or hold (not 'delete')",
  ],
  [['approve'], 'name one Pod as NAMESPACE/POD: quarantine approve shop/cart-0; see --help'],
  [
    ['dismiss', 'cart-0'],
    "name one Pod as NAMESPACE/POD (not 'cart-0'): quarantine dismiss shop/cart-0; see --help",
  ],
  [['approve', 'shop/cart-0', '--all', '--response', 'x'], 'either --all or --response NAME; see --help'],
  [['release', '--all', 'shop/cart-0'], 'either --all or NAMESPACE/POD; see --help'],
  [['release', 'shop/cart-0', '-n', 'shop'], '--namespace is for --all; see --help'],
  [['list', '--contxt', 'x'], "unknown option '--contxt'; did you mean '--context'?; see --help"],
])('%j is wrong use', (args, message) => {
  expect(alone(args)).toEqual({ code: 2, out: '', error: `${message}\n` });
});

test('a machine is told in JSON', () => {
  const { code, out, error } = alone(['approve', '--json']);
  expect([code, error]).toEqual([2, '']);
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'USAGE' } });
});

const config = (over: object = {}, user: object = { token: 't' }): string =>
  JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'prod' },
    clusters: [{ name: 'prod', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'me', user }],
    contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'me' } }],
    ...over,
  });

test.each<[string, string | undefined, string[], string]>([
  [
    'no file at all',
    undefined,
    [],
    'no cluster: there is neither $KUBECONFIG nor ~/.kube/config; name a file by --kubeconfig',
  ],
  [
    'a context that is none',
    config(),
    ['--context', 'prd'],
    "there is no context 'prd' in FILE; did you mean 'prod'?",
  ],
  [
    'no current context',
    config({ 'current-context': '' }),
    [],
    'FILE names no cluster; choose one by --context',
  ],
  ['no YAML', '{[', [], "FILE can't be read: "],
  [
    'somebody else’s name',
    config({}, { token: 't', as: 'jane' }),
    [],
    'FILE impersonates somebody (as), which is not supported here',
  ],
  [
    'a server that does not answer',
    config(),
    [],
    'the API server did not answer (list pods): connect ECONNREFUSED 127.0.0.1:1',
  ],
])('with %s it says so in a line', (_, text, args, wanted) => {
  const file = join(project.folder, '.kube/config');
  if (text !== undefined) project.write('.kube/config', text);
  for (const env of [
    {},
    ...(text === undefined ? [] : [{ HOME: '/nowhere', KUBECONFIG: `/not/there:${file}` }]),
  ]) {
    const { code, out, error } = alone(['list', ...args], env);
    expect([code, out]).toEqual([2, '']);
    expect(error.replaceAll(file, 'FILE').slice(0, wanted.length)).toBe(wanted);
    expect(error.trimEnd()).not.toContain('\n');
  }
});

test('a file of KUBECONFIG that is not there is named', () => {
  expect(alone(['list'], { KUBECONFIG: '/not/there' }).error).toBe(
    'no cluster: /not/there (KUBECONFIG) is not there\n',
  );
  expect(alone(['list', '--kubeconfig', '/not/there']).error).toMatch(/^\/not\/there can't be read: ENOENT/);
});

test('whoever checks rules does not wait for the client of Kubernetes', () => {
  project.write(
    'loaded.js',
    `process.on('exit', () => { console.error(Object.keys(require.cache).some((file) => file.includes('client-node'))); });`,
  );
  project.write('rules.yaml', '- list: a\n  items: [b]\n');
  const loads = (...args: string[]) =>
    project
      .node(['--require', './loaded.js', DIST, ...args], { KUBECONFIG: '/not/there' })
      .error.split('\n')
      .at(-2);
  expect(loads('rules', 'check', 'rules.yaml')).toBe('false');
  expect(loads('--help')).toBe('false');
  expect(loads('quarantine', '--help')).toBe('false');
  expect(loads('quarantine', 'list')).toBe('true');
});
