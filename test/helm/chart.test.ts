import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chartFiles } from '../../lib/helm/chart';
import type { EnvironmentSchema } from '../../lib/helm/values-schema';

const root = resolve(__dirname, '../..');

const files = chartFiles(
  JSON.parse(readFileSync(resolve(root, 'environments/settings.schema.json'), 'utf8')) as EnvironmentSchema,
);

/** What gives another result in another cluster or at another time: Argo CD, which only renders, would never be in sync. */
const UNSTEADY =
  /\b(lookup|rand[A-Za-z]+|gen(CA|PrivateKey|SelfSigned\w+|Signed\w+)\w*|uuidv4|shuffle|now|htpasswd|derivePassword|encryptAES|getHostByName)\b|\.Capabilities|\.Release\.(IsUpgrade|IsInstall|Revision)/;

it('prints the same from the same values, wherever and whenever', () => {
  const unsteady = [...files]
    .filter(([path]) => path.startsWith('templates/'))
    // What stands in no action is text.
    .flatMap(([path, text]) => [...text.matchAll(/\{\{[^]*?\}\}/g)].map(([action]) => `${path}: ${action}`))
    .filter((action) => UNSTEADY.test(action.replace(/"(\\.|[^"\\])*"/g, '""')));
  expect(unsteady).toEqual([]);
});

it('would notice what is not steady', () => {
  for (const action of [
    '{{ now }}',
    '{{ randAlphaNum 5 }}',
    '{{ genCA "a" 1 }}',
    '{{ .Capabilities.KubeVersion }}',
  ])
    expect(action).toMatch(UNSTEADY);
});
