import { checkBaseSyscalls } from '../../lib/settings/checks/base-syscalls';
import { checkFalco } from '../../lib/settings/checks/falco';
import { checkFalcoOutputs } from '../../lib/settings/checks/falco-outputs';
import { checkRulesFiles, checkRulesPackages } from '../../lib/settings/checks/rules-packages';
import { flat } from '../../lib/settings/finding';
import { fillDefaults, type FalcoEgressProps } from '../../lib/settings/settings';

function findings(props: Partial<FalcoEgressProps>): string[] {
  const settings = fillDefaults({ cluster: 'test', ...props });
  return [
    ...checkFalco(settings),
    ...flat([checkFalcoOutputs(settings), checkBaseSyscalls(settings), checkRulesPackages(settings)]),
    ...checkRulesFiles(settings),
  ].map(({ path, message }) => `${path.join('.')}: ${message}`);
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
  [
    'no HTTP output, and so no JSON',
    { falco: { config: { http_output: { enabled: false }, json_output: false } } },
  ],
  [
    'only the calls of egress, without the stock rules',
    { falco: { stockRules: false, baseSyscalls: { egressOnly: true } } },
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
    { falco: { baseSyscalls: { egressOnly: true } } },
    'falco.baseSyscalls.egressOnly: the stock rules would see old files, directories and rights, and bring most of the calls back; set falco.stockRules to false, or leave egressOnly out',
  ],
  [
    { rulesPackages: { egress: { 'a.yaml': '' } } },
    "rulesPackages.egress: 'egress' is the name of a package of ours; take another one",
  ],
  [
    { rulesPackages: { a: { [`${'b'.repeat(54)}.yaml`]: '' } } },
    `rulesPackages.a.${'b'.repeat(54)}.yaml: package and file name together have 60 characters, and at most 59 fit into a key of Kubernetes; shorten one of them`,
  ],
  ...['insecure', 'mtls', 'url', 'ca_cert', 'ca_bundle', 'client_key'].map(
    (key): [Partial<FalcoEgressProps>, string] => [
      {
        tls: { issuer: 'certManager' },
        falco: { config: { http_output: { [key]: /i|m/.test(key[0] ?? '') ? true : 'x' } } },
      },
      `falco.config.http_output.${key}: with tls.issuer certManager the stack says how Falco and falcosidekick know each other; remove it, or set tls.issuer to none`,
    ],
  ),
  [
    { collector: { enabled: true }, falco: { config: { json_output: false } } },
    'falco.config.json_output: the collector reads alerts as JSON; remove it, or set collector.enabled to false',
  ],
  [
    { falco: { config: { json_output: false } } },
    'falco.config.json_output: falcosidekick reads alerts as JSON; remove it, or set sidekick.enabled to false',
  ],
  [
    { collector: { enabled: true }, falco: { config: { stdout_output: { enabled: false } } } },
    "falco.config.stdout_output.enabled: the collector reads alerts from Falco's log; remove it, or set collector.enabled to false",
  ],
])('%j', (props, message) => {
  expect(findings(props)).toEqual([message]);
});
