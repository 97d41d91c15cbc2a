import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { parseSecretsSpec } from '../../lib/secrets-job/spec';
import type { KubeObject } from '../constructs';
import { blocksIn, ROOT } from './blocks';

const ENVIRONMENTS = readdirSync(join(ROOT, 'manifests'));

function objectsOf(environment: string): KubeObject[] {
  const folder = join(ROOT, 'manifests', environment);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => loadAll(readFileSync(join(folder, name), 'utf8')) as KubeObject[]);
}

/** What is off by default, such as the stack's Loki, is in the demo. */
const objects = ['default', 'demo'].flatMap(objectsOf);

/** Secrets that the Job makes. */
function madeSecrets(): string[] {
  return objects
    .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'falco-egress-secrets')
    .flatMap((spec) => {
      const { 'secrets.json': text = '' } = (spec as unknown as { data: Record<string, string> }).data;
      return parseSecretsSpec(JSON.parse(text)).secrets.map(({ name }) => name);
    });
}

const lines = blocksIn('sh').flatMap(({ place, text }) =>
  text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => ({ place, line })),
);

const KINDS = 'secret|service|deployment|statefulset|daemonset|configmap';

/** Objects that commands name: `kubectl -n NAMESPACE … KIND NAME` or `KIND/NAME`. */
const named = lines.flatMap(({ place, line }) => {
  const [, namespace = ''] = / -n (\S+)/.exec(line) ?? [];
  const found = new RegExp(` (${KINDS})[ /]([a-z][-a-z0-9]*)((?: [a-z][-a-z0-9]*)*)`).exec(line);
  if (!line.startsWith('kubectl') || found === null || / create /.test(line)) return [];
  const [, kind = '', first = '', more = ''] = found;
  return [first, ...more.split(' ').filter((name) => name.startsWith('falco-egress'))].map(
    (name) => [place, namespace, kind, name] as const,
  );
});

test.each(named)(
  '%s names what the environment `default` or `demo` has: %s %s %s',
  (_, namespace, kind, name) => {
    const known = objects
      .filter((object) => object.kind.toLowerCase() === kind && object.metadata.namespace === namespace)
      .map(({ metadata }) => metadata.name);
    expect(kind === 'secret' ? madeSecrets() : known).toContain(name);
  },
);

test('commands that run a script of package.json name one', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const used = lines.flatMap(({ line }) =>
    [...line.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
  );
  expect(used).toContain('synth');
  for (const name of used) expect(Object.keys(scripts)).toContain(name);
});

test('paths in commands are there', () => {
  const used = lines.flatMap(({ line }) =>
    [...line.matchAll(/ -f (manifests\/\S+)/g)].map(([, path = '']) => path),
  );
  expect(used.length).toBeGreaterThan(1);
  for (const path of used) expect(existsSync(join(ROOT, path))).toBe(true);
});

test.each(ENVIRONMENTS)('everything of %s carries the label by which README deletes it', (environment) => {
  const without = objectsOf(environment).filter(
    ({ metadata }) => metadata.labels?.['app.kubernetes.io/instance'] !== 'falco-egress',
  );
  expect(without.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
});
