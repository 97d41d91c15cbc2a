import { stringify } from 'yaml';
import { imageReference } from '../constructs/image';
import { imagesDefaults, type ImageName } from '../settings/images';
import { resolveSettings, settingsDefaults } from '../settings/settings';
import { HOMEPAGE, VERSION } from '../version';
import { NOTES } from './notes';
import { chartTemplates } from './templates';
import { valuesFile } from './values-file';
import { valuesSchema, type EnvironmentSchema } from './values-schema';

/** Installs as it is, like the environment of this name. */
const CLUSTER = 'default';

/** Those whose image is not built by the user. */
const IMAGE_NAMES = (Object.keys(imagesDefaults) as (keyof typeof imagesDefaults)[]).filter(
  (name): name is Exclude<ImageName, 'program'> =>
    !['registry', 'pullPolicy', 'pullSecrets', 'program'].includes(name),
);

/** The files of the chart, by path below its folder. */
export function chartFiles(schema: EnvironmentSchema): Map<string, string> {
  const { EnvironmentFile: top = {}, ...definitions } = schema.definitions;
  const defaults = { cluster: CLUSTER, ...settingsDefaults };
  return new Map([
    ['Chart.yaml', chartYaml()],
    ['values.yaml', valuesFile(top, definitions, defaults)],
    ['values.schema.json', `${JSON.stringify(valuesSchema(schema, defaults), undefined, 2)}\n`],
    ['.helmignore', '*.tgz\n'],
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
      home: HOMEPAGE,
      sources: [HOMEPAGE],
      icon: `${HOMEPAGE.replace('github.com', 'raw.githubusercontent.com')}/main/docs/icon.svg`,
      maintainers: [{ name: 'falco-egress', url: HOMEPAGE }],
      annotations: {
        'artifacthub.io/category': 'security',
        'artifacthub.io/license': 'Apache-2.0',
        'artifacthub.io/prerelease': String(VERSION.includes('-')),
        'artifacthub.io/images': stringify(images(), { lineWidth: 0 }),
        'artifacthub.io/links': stringify([
          { name: 'Documentation', url: `${HOMEPAGE}/tree/main/docs` },
          { name: 'Support', url: `${HOMEPAGE}/issues` },
        ]),
      },
    },
    { lineWidth: 0 },
  );
}

/** Every image that the stack can run, as chart hubs list them to scan. */
function images(): { name: string; image: string }[] {
  const settings = resolveSettings({ cluster: CLUSTER });
  return IMAGE_NAMES.map((name) => ({ name, image: imageReference(settings, name) }));
}
