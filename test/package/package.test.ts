import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import packageJson from '../../package.json';
import type { KubeObject } from '../constructs';
import { blocksOf } from '../docs/blocks';
import { Consumer, packPackage, type Ending, type ProjectName } from './consumer';

let consumer: Consumer;
let pack: ReturnType<typeof packPackage>;

// Packing compiles the library.
beforeAll(() => {
  pack = packPackage();
  consumer = new Consumer(pack.tarball);
}, 180_000);

afterAll(() => {
  consumer.remove();
  pack.remove();
});

jest.setTimeout(60_000);

/** What `npm run lint:package` runs. */
const CHECK = join(__dirname, '../../tools/package/check.mjs');

const FINE: Ending = { code: 0, output: '' };

function objectsIn(path: string): KubeObject[] {
  return loadAll(consumer.read(path)) as KubeObject[];
}

function find(objects: readonly KubeObject[], kind: string, name: string): KubeObject | undefined {
  return objects.find((object) => object.kind === kind && object.metadata.name === name);
}

describe('what is packed', () => {
  const WANTED = [
    /^dist\/lib\/.+\.(js|d\.ts)$/,
    /^dist\/program\/(index\.json|start\.cjs|program\.br\.\d\d)$/,
    /^dist\/(program\/)?THIRD-PARTY-NOTICES\.txt$/,
    /^dist\/(falco-egress\.js|scan-thread\.js|package\.json)$/,
    /^environments\/.+\.(yaml|json)$/,
    /^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  ];
  // Who imports the responder brings a cluster along: what talks to a real one is not for the library.
  const UNWANTED = /\/(cli|synth|test|tools)\/|cluster-connection|real-cluster|\.tmp$/;

  test('the library, the command line and the program for the cluster; no tests and no tools', () => {
    const files = consumer.files('node_modules/falco-egress');
    expect(files.filter((file) => !WANTED.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(files.filter((file) => UNWANTED.test(file))).toEqual([]);
    for (const pattern of WANTED) expect(files.some((file) => pattern.test(file))).toBe(true);
    const scripts = files.filter((file) => /^dist\/lib\/.+\.js$/.test(file));
    expect(scripts.filter((file) => !files.includes(file.replace(/\.js$/, '.d.ts')))).toEqual([]);
  });

  test('every file that package.json names', () => {
    const { exports, bin, main, types } = packageJson;
    const named = [
      main,
      types,
      ...Object.values(bin),
      ...Object.values(exports).flatMap((entry) => Object.values(entry)),
    ];
    for (const file of named.filter((entry) => entry.length > 1))
      expect([file, existsSync(join(consumer.installed, file))]).toEqual([file, true]);
  });

  test('npm installs with it what its files import, and nothing else', () => {
    const files = consumer
      .files('node_modules/falco-egress')
      .filter((file) => /^dist\/.+\.(js|d\.ts)$/.test(file));
    const names = files.flatMap((file) =>
      [
        ...readFileSync(join(consumer.installed, file), 'utf8').matchAll(
          /\b(?:require\("|from '|import\(['"])((?:@[\w-]+\/)?[\w-]+)/g,
        ),
      ].map(([, name = '']) => name),
    );
    const imported = new Set(
      names.filter((name) => !isBuiltin(name) && name !== 'node' && name !== packageJson.name),
    );
    const installed = { ...packageJson.dependencies, ...packageJson.peerDependencies };
    expect([...imported].sort()).toEqual(Object.keys(installed).sort());
  });

  test('without a path of this machine', () => {
    const root = join(__dirname, '../..');
    const files = consumer.files('node_modules/falco-egress').filter((file) => !file.includes('program.br'));
    expect(
      files.filter((file) => readFileSync(join(consumer.installed, file), 'utf8').includes(root)),
    ).toEqual([]);
  });
});

describe('npm run lint:package', () => {
  const check = (tarball: string): Ending => consumer.node(CHECK, tarball);

  test('finds nothing, and says how large the package is', () => {
    const { code, output } = check(pack.tarball);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toMatch(/\n\d+ kB packed, of at most \d+ kB\n$/);
  });

  test.each<[string, string, object, Readonly<Record<string, string | Buffer>>]>([
    ['a file that is not packed', 'pkg.main is ./gone.js', { main: './gone.js' }, {}],
    [
      'types that are not those of the module',
      'Masquerading as ESM',
      { type: 'module', main: './a.cjs', exports: { '.': { types: './a.d.ts', default: './a.cjs' } } },
      { 'a.cjs': 'exports.a = 1;', 'a.d.ts': 'export declare const a: number;' },
    ],
    ['a package that is too large', 'kB packed, of at most', {}, { 'a.bin': randomBytes(1_500_000) }],
  ])('fails on %s', (_, complaint, packageOf, files) => {
    const folder = join(consumer.folder, 'wrong');
    const base = { name: 'wrong', version: '1.0.0', license: 'Apache-2.0', main: './index.js', files: ['*'] };
    consumer.write('wrong/package.json', JSON.stringify({ ...base, ...packageOf }));
    for (const [name, text] of Object.entries({ 'index.js': '', ...files }))
      consumer.write(`wrong/${name}`, text);
    const packed = consumer.execute('npm', 'pack', '--silent', folder);
    expect(packed).toMatchObject({ code: 0 });
    const { code, output } = check(join(consumer.folder, 'wrong-1.0.0.tgz'));
    rmSync(folder, { recursive: true });
    expect(code).toBe(1);
    expect(output).toContain(complaint);
  });
});

/** How TypeScript may be set up beside `nodenext`: Node before it could require modules, a bundler, and of old. */
const RESOLUTIONS: [name: string, ...options: string[]][] = [
  ['node16', '--module', 'node16'],
  ['bundler', '--module', 'esnext', '--moduleResolution', 'bundler'],
  ['node10', '--module', 'commonjs', '--moduleResolution', 'node10', '--ignoreDeprecations', '6.0'],
];

const COMPOSE = `
import { App, Chart } from 'cdk8s';
import { disableRule, FalcoEgress, list, macro, rule, Sidekick, type FalcoEgressProps } from 'falco-egress';
import { egressTo, loadRules, printRules, type Rule } from 'falco-egress/rules';

const own: Rule = rule({
  name: 'Office network',
  desc: 'A Pod connects to the office',
  condition: \`office_hours and \${egressTo('office')}\`,
  output: 'Office (pod=%k8s.pod.name dst=%fd.sip)',
  priority: 'NOTICE',
});
const rules = [list('office', ['192.0.2.1']), macro('office_hours', 'evt.type = connect'), own];
const props: FalcoEgressProps = { cluster: 'prod', name: 'watch', rules: [...rules, disableRule('Run shell untrusted')] };

const app = new App({ outdir: 'out' });
const stack = new FalcoEgress(new Chart(app, 'stack'), 'egress', {
  ...props,
  falco: { config: { log_level: 'debug' } },
  sidekick: { replicas: 7 },
});
stack.labelNamespace('payments', { network: 'blue' });
new Sidekick(new Chart(app, 'alone'), 'sidekick', { cluster: 'prod', sidekick: { replicas: 3 } });
app.synth();

const { findings } = loadRules([{ name: 'a.yaml', text: printRules(rules.slice(0, 2)) }]);
console.log(findings.filter(({ severity }) => severity === 'error').length, stack.settings.falco.version);
`;

const MODULE = `
import { App, Chart } from 'cdk8s';
import { FalcoEgress, SettingsError } from 'falco-egress';
import { egressTo, rule, RulesError } from 'falco-egress/rules';

const make = (id: string, props: object) => new FalcoEgress(new Chart(new App(), id), 'egress', { cluster: 'c', ...props });
const whole = make('whole', {});
const codes = [{ namespaces: { node: 'Falco_1' } }, { rules: [{ macro: 'm', condition: 'nope' }] }].map((props) => {
  try {
    return make('wrong', props);
  } catch (error) {
    return error instanceof SettingsError || error instanceof RulesError ? error.code : error;
  }
});
console.log(whole.node.children.length > 10, typeof egressTo, typeof rule, ...codes);
`;

describe('in TypeScript', () => {
  const [readme] = blocksOf('README.md').filter(({ language }) => language === 'ts');

  beforeAll(() => {
    consumer.write('readme.ts', readme?.text ?? '');
    consumer.write('compose.ts', COMPOSE);
    consumer.write('module.mts', MODULE);
    const sources = ['readme.ts', 'compose.ts', 'module.mts'];
    expect(consumer.tsc('--module', 'nodenext', '--outDir', 'built', ...sources)).toEqual(FINE);
  }, 60_000);

  test.each(RESOLUTIONS)(
    'the example of the README and our own compile under %s too',
    (_name, ...options) => {
      expect(consumer.tsc(...options, '--noEmit', 'readme.ts', 'compose.ts')).toEqual(FINE);
    },
  );

  test('the example of the README makes the manifests that it says', () => {
    expect(readme?.text).toContain("from 'falco-egress'");
    expect(consumer.node('built/readme.js')).toEqual(FINE);
    const objects = objectsIn('dist/security.k8s.yaml');
    expect(find(objects, 'Namespace', 'payments')?.metadata.labels).toMatchObject({ network: 'green' });
    const { data } = find(objects, 'ConfigMap', 'falco-egress-rules-custom') as {
      data?: Record<string, string>;
    };
    expect(Object.values(data ?? {}).join()).toContain('rule: Connection to vistatech.it');
    expect(find(objects, 'DaemonSet', 'falco-egress-falco')).toBeDefined();
  });

  test('the stack with rules and settings of its own, and one construct alone', () => {
    expect(consumer.node('built/compose.js')).toEqual({ code: 0, output: '0 0.44.1\n' });

    const stack = objectsIn('out/stack.k8s.yaml');
    expect(find(stack, 'Namespace', 'payments')?.metadata.labels).toMatchObject({ network: 'blue' });
    expect(find(stack, 'Deployment', 'watch-sidekick')).toMatchObject({ spec: { replicas: 7 } });
    const texts = stack
      .flatMap(({ data }) => Object.values((data ?? {}) as Record<string, string>))
      .join('\n');
    const wanted = [
      'rule: Office network',
      'rule: Run shell untrusted',
      'log_level: "debug"',
      'macro: office_hours',
    ];
    expect(wanted.filter((text) => !texts.includes(text))).toEqual([]);

    const alone = objectsIn('out/alone.k8s.yaml');
    expect(find(alone, 'Deployment', 'falco-egress-sidekick')).toMatchObject({ spec: { replicas: 3 } });
    const components = alone.map(({ metadata }) => metadata.labels?.['app.kubernetes.io/component']);
    expect([...new Set(components)]).toEqual(['sidekick']);
  });

  test('an ES module imports every name, compiled or as it is', () => {
    const said = { code: 0, output: 'true function function INVALID_SETTINGS invalid-rules\n' };
    expect(consumer.node('built/module.mjs')).toEqual(said);
    consumer.write('module.mjs', MODULE.replaceAll(/: (string|object)(?=[,)])/g, ''));
    expect(consumer.node('module.mjs')).toEqual(said);
  });

  test('an ES module sees every value that CommonJS sees', () => {
    const names = `import { createRequire } from 'node:module';
const required = createRequire(import.meta.url);
for (const name of ['falco-egress', 'falco-egress/rules', 'falco-egress/containment']) {
  const imported = await import(name);
  const values = Object.keys(required(name));
  console.log(values.length > 5, values.filter((value) => !(value in imported)).join());
}`;
    consumer.write('names.mjs', names);
    expect(consumer.node('names.mjs')).toEqual({ code: 0, output: 'true \ntrue \ntrue \n' });
  });

  test('a setting that does not exist, and one that is missing, do not compile', () => {
    consumer.write(
      'wrong.ts',
      `import type { FalcoEgressProps } from 'falco-egress';
export const unknown: FalcoEgressProps = { cluster: 'c', sidekick: { replicaz: 3 } };
export const nameless: FalcoEgressProps = {};
`,
    );
    const { code, output } = consumer.tsc('--module', 'nodenext', '--noEmit', 'wrong.ts');
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /wrong\.ts\(2,\d+\): error TS2561: .*'replicaz'.*Did you mean to write 'replicas'\?/,
    );
    expect(output).toMatch(/wrong\.ts\(3,\d+\): error TS2741: Property 'cluster' is missing/);
  });
});

test.each([
  ['falco-egress', '@kubernetes/client-node'],
  ['falco-egress/rules', '@kubernetes/client-node'],
  ['falco-egress/rules', 'cdk8s'],
  ['falco-egress/containment', '@kubernetes/client-node'],
  ['falco-egress/containment', 'cdk8s'],
  ['falco-egress/responder', '@kubernetes/client-node'],
  ['falco-egress/responder', 'cdk8s'],
])('to import %s does not load %s', (name, unwanted) => {
  const script = `require('${name}'); console.log(Object.keys(require.cache).filter((file) => file.includes('/node_modules/${unwanted}')).length)`;
  expect(consumer.node('-e', script)).toEqual({ code: 0, output: '0\n' });
});

test('the command synthesizes settings and rules of the project', () => {
  const falcoEgress = (...args: string[]) => consumer.execute('npx', '--offline', 'falco-egress', ...args);
  expect(falcoEgress('--version')).toEqual({ code: 0, output: `${packageJson.version}\n` });
  consumer.write('my.yaml', 'cluster: mine\nsidekick: { replicas: 4 }\n');
  consumer.write('rules/office.yaml', '- list: office\n  items: [192.0.2.1]\n');
  const args = ['synth', '--settings', 'my.yaml', '--rules', 'rules/'];
  expect(falcoEgress(...args).output).toMatch(
    /^manifests\/my {2}\d+ files\nrules\/office\.yaml:1:9 warning LOAD_UNUSED_LIST /,
  );
  expect(falcoEgress(...args, '--check').code).toBe(0);

  const objects = consumer
    .files('manifests/my')
    .flatMap((file) => (file.endsWith('.yaml') ? objectsIn(`manifests/my/${file}`) : []));
  expect(find(objects, 'Deployment', 'falco-egress-sidekick')).toMatchObject({ spec: { replicas: 4 } });
  expect(find(objects, 'ConfigMap', 'falco-egress-rules-rules')).toMatchObject({
    data: { '60-rules.office.yaml': '- list: office\n  items: [192.0.2.1]\n' },
  });
  // The program for the cluster came along.
  expect(objects.some(({ metadata }) => /^falco-egress-program-\w+-0$/.test(metadata.name))).toBe(true);
});

test('a project that init has started compiles strictly, synthesizes and passes its own test', () => {
  expect(consumer.execute('npx', '--offline', 'falco-egress', 'init', 'started').code).toBe(0);
  const script = (name: string): Ending =>
    consumer.execute(
      'sh',
      '-c',
      `cd started && PATH="${join(__dirname, '../../node_modules/.bin')}:$PATH" npm run --silent ${name}`,
    );
  expect(script('synth')).toEqual(FINE);
  const objects = objectsIn('started/manifests/production/falco-egress.k8s.yaml');
  expect(find(objects, 'DaemonSet', 'falco-egress-falco')).toBeDefined();
  const { data = {} } = find(objects, 'ConfigMap', 'falco-egress-rules-custom') as {
    data?: Record<string, string>;
  };
  expect(Object.values(data).join()).toContain('rule: Connection to vistatech.it');

  expect(script('test')).toMatchObject({
    code: 0,
    output: expect.stringMatching(/Tests: +2 passed/) as string,
  });
  consumer.write(
    'started/rules/website.ts',
    consumer.read('started/rules/website.ts').replace(/egressTo\('website_ips'\)/, `'nowhere_defined'`),
  );
  expect(script('test').output).toContain(`macro 'nowhere_defined'`);
}, 120_000);

describe.each<ProjectName>(['commonjs', 'esm'])('a project of its own: %s', (name) => {
  let project: Consumer;
  const jest = (...args: string[]): Ending => project.execute('npm', 'test', '--silent', '--', ...args);

  beforeAll(() => {
    project = new Consumer(pack.tarball, name);
  }, 60_000);

  afterAll(() => {
    project.remove();
  });

  test('synthesizes the stack with its own rule, settings, sidecar and patch', () => {
    expect(project.node('main.js')).toEqual(FINE);
    const objects = loadAll(project.read('out/security.k8s.yaml')) as KubeObject[];
    expect(find(objects, 'Deployment', 'falco-egress-sidekick')).toMatchObject({
      spec: {
        replicas: 3,
        template: {
          spec: { containers: [{}, { name: 'audit', image: 'registry.example.org/audit:1.0.0' }] },
        },
      },
    });
    expect(find(objects, 'DaemonSet', 'falco-egress-falco')).toMatchObject({ spec: { minReadySeconds: 20 } });
    expect(find(objects, 'Namespace', 'payments')?.metadata.labels).toMatchObject({ network: 'green' });
    const rules = find(objects, 'ConfigMap', 'falco-egress-rules-custom');
    expect(JSON.stringify(rules)).toContain('rule: Office network');
  });

  test('its own tests write a snapshot of the stack, hold the next against it, and fail on a change', () => {
    const first = jest('--ci=false');
    expect(first).toEqual({ code: 0, output: expect.stringMatching(/1 snapshot written/) as string });
    const snapshot = project.read('__snapshots__/security.test.js.snap');
    expect(snapshot).toContain('rule: Office network');

    expect(jest('--ci')).toMatchObject({ code: 0 });

    const props = JSON.parse(project.read('props.json')) as { readonly sidekick: object };
    const changed = { ...props, sidekick: { ...props.sidekick, replicas: 4 } };
    project.write('props.json', JSON.stringify(changed));
    const third = jest('--ci');
    expect(third.code).toBe(1);
    expect(third.output).toMatch(/- +"replicas": 3,\n.*\+ +"replicas": 4,/);
    expect(project.read('__snapshots__/security.test.js.snap')).toBe(snapshot);
  });
});
