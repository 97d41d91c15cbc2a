import { stringify } from 'yaml';
import { settingsDefaults } from '../settings/settings';
import { VERSION } from '../version';
import { NOTES } from './notes';
import { chartTemplates } from './templates';
import { valuesFile } from './values-file';
import { valuesSchema, type EnvironmentSchema } from './values-schema';

/** Installs as it is, like the environment of this name. */
const CLUSTER = 'default';

/** The files of the chart, by path below its folder. */
export function chartFiles(schema: EnvironmentSchema): Map<string, string> {
  const { EnvironmentFile: top = {}, ...definitions } = schema.definitions;
  return new Map([
    ['Chart.yaml', chartYaml()],
    ['values.yaml', valuesFile(top, definitions, { cluster: CLUSTER, ...settingsDefaults })],
    ['values.schema.json', `${JSON.stringify(valuesSchema(schema), undefined, 2)}\n`],
    ['.helmignore', 'README.md.gotmpl\n*.tgz\n'],
    ['templates/NOTES.txt', NOTES],
    ...[...chartTemplates()].map(([path, text]): [string, string] => [`templates/${path}`, text]),
  ]);
}

function chartYaml(): string {
  return stringify(
    {
      apiVersion: 'v2',
      name: 'falco-egress',
      description:
        'See, keep and act on every outbound connection of every Pod: Falco, falcosidekick and a responder',
      type: 'application',
      version: VERSION,
      appVersion: VERSION,
      // appArmorProfile, and sidecars that restart, are fields since then.
      kubeVersion: '>=1.30.0-0',
      keywords: ['falco', 'egress', 'security', 'networkpolicy', 'cdk8s'],
      annotations: {
        'artifacthub.io/category': 'security',
        'artifacthub.io/license': 'Apache-2.0',
      },
    },
    { lineWidth: 0 },
  );
}
