import { DEPENDENCIES, DEV_DEPENDENCIES } from './versions';

const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: ['node', 'jest'],
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    incremental: true,
    rootDir: '.',
    outDir: 'dist',
  },
  include: ['main.ts', 'environments', 'rules', 'test'],
};

const CDK8S = `# For the cdk8s CLI, which empties its output folder first. npm run synth writes manifests/.
language: typescript
app: node dist/main.js
output: dist/cdk8s
`;

const MAIN = `import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { FalcoEgress } from 'falco-egress';
import { environments } from './environments';

// The cdk8s CLI says where it expects the manifests.
const outdir = process.env['CDK8S_OUTDIR'] ?? 'manifests';

for (const [name, props] of Object.entries(environments)) {
  const folder = join(outdir, name);
  rmSync(folder, { recursive: true, force: true });
  const app = new App({ outdir: folder });
  new FalcoEgress(new Chart(app, 'falco-egress'), 'egress', props);
  app.synth();
}
`;

const ENVIRONMENTS = `import type { FalcoEgressProps } from 'falco-egress';
import { production } from './production';

/** Each becomes a folder of manifests/. */
export const environments: Readonly<Record<string, FalcoEgressProps>> = { production };
`;

const PRODUCTION = `import type { FalcoEgressProps } from 'falco-egress';
import { websiteRules } from '../rules/website';

export const production: FalcoEgressProps = {
  cluster: 'production',
  rules: websiteRules,
  // Namespaces that are not watched, such as { payments: { network: 'green' } }.
  namespaceLabels: {},
};
`;

const RULES = `import { egressTo, list, rule } from 'falco-egress';

export const websiteRules = [
  list('website_ips', ['213.215.222.58', '213.215.222.59']),
  rule({
    name: 'Connection to vistatech.it',
    desc: 'A Pod connects to the Vista Technology website',
    // The server's address, or, where the connection was refused, the address that was asked for.
    condition: egressTo('website_ips'),
    output: 'Connection to vistatech.it (pod=%k8s.pod.name ns=%k8s.ns.name dst=%fd.sip:%fd.sport proc=%proc.name)',
    priority: 'WARNING',
    tags: ['network'],
  }),
];
`;

const TEST = `import { Chart, Testing } from 'cdk8s';
import { FalcoEgress } from 'falco-egress';
import { environments } from '../environments';
import { websiteRules } from '../rules/website';

interface KubeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

describe.each(Object.entries(environments))('%s', (_name, props) => {
  // Wrong settings and rules that Falco would refuse throw here.
  const chart = new Chart(Testing.app(), 'test');
  new FalcoEgress(chart, 'egress', props);
  const objects = Testing.synth(chart) as KubeObject[];

  test('Falco runs on every node', () => {
    expect(objects.filter(({ kind }) => kind === 'DaemonSet').map(({ metadata }) => metadata.name)).toContain(
      \`\${props.name ?? 'falco-egress'}-falco\`,
    );
  });

  test('our rules are among those that Falco loads', () => {
    const texts = objects.flatMap(({ data }) => Object.values(data ?? {})).join('\\n');
    const names = websiteRules.flatMap((object) => (object.kind === 'rule' ? [object.name] : []));
    expect(names.filter((name) => !texts.includes(\`rule: \${name}\`))).toEqual([]);
    expect(names).not.toEqual([]);
  });
});
`;

/** A project that composes constructs. */
export function typescriptFiles(name: string): [path: string, text: string][] {
  const packageJson = {
    name,
    private: true,
    scripts: {
      build: 'tsc',
      synth: 'tsc && node dist/main.js',
      test: 'tsc && jest',
      check: 'npm run synth && git add --intent-to-add manifests && git diff --exit-code -- manifests',
    },
    dependencies: DEPENDENCIES,
    devDependencies: DEV_DEPENDENCIES,
    jest: { roots: ['<rootDir>/dist'] },
  };
  return [
    ['package.json', json(packageJson)],
    ['tsconfig.json', json(TSCONFIG)],
    ['cdk8s.yaml', CDK8S],
    ['main.ts', MAIN],
    ['environments/index.ts', ENVIRONMENTS],
    ['environments/production.ts', PRODUCTION],
    ['rules/website.ts', RULES],
    ['test/manifests.test.ts', TEST],
  ];
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
