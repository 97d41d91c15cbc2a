import { checkFalco } from '../../lib/settings/checks/falco';
import { checkRulesPackages } from '../../lib/settings/checks/rules-packages';
import { fillDefaults, type FalcoEgressProps } from '../../lib/settings/settings';

function findings(props: Partial<FalcoEgressProps>): string[] {
  const settings = fillDefaults({ cluster: 'test', ...props });
  return [...checkFalco(settings), ...checkRulesPackages(settings)].map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
}

test.each<[string, Partial<FalcoEgressProps>]>([
  ['the defaults', {}],
  [
    'a part of what the stack completes',
    { falco: { config: { http_output: { insecure: true }, load_plugins: ['container'] } } },
  ],
  [
    'a directory of configuration beside ours',
    {
      falco: { config: { config_files: ['/etc/mine', '/run/falco-egress/config.d'] } },
    },
  ],
  ['a long name that just fits', { rulesPackages: { a: { [`${'b'.repeat(53)}.yaml`]: '' } } }],
])('%s: nothing to say', (_, props) => {
  expect(findings(props)).toEqual([]);
});

test.each<[Partial<FalcoEgressProps>, string]>([
  [
    { falco: { config: { config_files: ['/etc/falco/config.d'] } } },
    "falco.config.config_files: without '/run/falco-egress/config.d' Falco would load none of our rules; add it to the list",
  ],
  [
    { rulesPackages: { egress: { 'a.yaml': '' } } },
    "rulesPackages.egress: 'egress' is the name of a package of ours; take another one",
  ],
  [
    { rulesPackages: { a: { [`${'b'.repeat(54)}.yaml`]: '' } } },
    `rulesPackages.a.${'b'.repeat(54)}.yaml: package and file name together have 60 characters, and at most 59 fit into a key of Kubernetes; shorten one of them`,
  ],
])('%j', (props, message) => {
  expect(findings(props)).toEqual([message]);
});
