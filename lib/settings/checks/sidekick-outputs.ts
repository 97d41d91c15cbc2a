import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

/** Keys of falcosidekick's configuration that are no outputs and that the stack writes itself. */
const OWN_KEYS = new Set([
  'listenaddress',
  'listenport',
  'customfields',
  'tlsserver',
  'mutualtlsclient',
  'mutualtlsfilespath',
]);

/** Names of keys whose values are secrets. Fact: falcosidekick 2.34, config.go. */
const SECRET_KEY =
  /password|token|secret|api-?key|accesskey|credentials|authorization|^jwt$|^routingkey$|^webhookurl$|^receiverurl$/;

const URL_WITH_PASSWORD = /:\/\/[^/@]*:[^/@]*@/;

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** `sidekick.outputs`, which is passed through to falcosidekick and lies in a ConfigMap. */
export function checkSidekickOutputs(settings: Settings): SettingsFinding[] {
  const { outputs } = settings.sidekick;
  return [
    ...Object.keys(outputs).flatMap((key) => (OWN_KEYS.has(key.toLowerCase()) ? [ownKey(key)] : [])),
    ...responderAddress(settings),
    ...leaves(outputs, []).flatMap((leaf) => [...checkCase(leaf), ...checkSecret(leaf)]),
  ];
}

function ownKey(key: string): SettingsFinding {
  return {
    path: ['sidekick', 'outputs', key],
    message: `is not an output, and the stack writes it itself; remove it (fields go into sidekick.customFields, certificates into tls)`,
  };
}

function responderAddress({ responder, sidekick }: Settings): SettingsFinding[] {
  return responder.enabled && sidekick.outputs['webhook']?.['address'] !== undefined
    ? [
        {
          path: ['sidekick', 'outputs', 'webhook', 'address'],
          message: `falcosidekick has one webhook, and it leads to the responder; use another output, or set responder.enabled to false`,
        },
      ]
    : [];
}

function checkCase({ path }: Leaf): SettingsFinding[] {
  const key = path.find((name) => name !== name.toLowerCase());
  return key === undefined
    ? []
    : [
        {
          path: ['sidekick', 'outputs', ...path],
          message: `falcosidekick reads keys in lower case, so '${key}' could stand twice; write '${key.toLowerCase()}'`,
        },
      ];
}

/** The value is not repeated here: it may be a secret. */
function checkSecret({ path, value }: Leaf): SettingsFinding[] {
  if (typeof value !== 'string' || value === '') return [];
  const key = path.at(-1)?.toLowerCase() ?? '';
  if (!SECRET_KEY.test(key) && !URL_WITH_PASSWORD.test(value)) return [];
  const [header, ...parents] = [...path].reverse();
  const isHeader = parents[0]?.toLowerCase() === 'customheaders';
  const variable = (isHeader ? path.slice(0, -1) : path).join('_').toUpperCase();
  const content = isHeader ? ` (with the content '${header ?? ''}:VALUE')` : '';
  return [
    {
      path: ['sidekick', 'outputs', ...path],
      message: `would put a secret into a ConfigMap; put it into a Secret and name that in sidekick.secretEnv.${variable}${content}`,
    },
  ];
}

function leaves(value: unknown, path: readonly string[]): Leaf[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))
    : [{ path, value }];
}
