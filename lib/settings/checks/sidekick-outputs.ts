import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { holdsSecret, isSecretKey } from './secret';

/** Keys of falcosidekick's configuration that are no outputs and that the stack writes itself. */
const OWN_KEYS = new Set([
  'listenaddress',
  'listenport',
  'customfields',
  'tlsserver',
  'mutualtlsclient',
  'mutualtlsfilespath',
]);

/** Keys of the webhook that decide who gets the alerts, and whether it is who it says. */
const WEBHOOK_KEYS = ['address', 'checkcert', 'mutualtls', 'customheaders'];

interface Leaf {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** `sidekick.outputs`, which is passed through to falcosidekick and lies in a ConfigMap. */
export function checkSidekickOutputs(settings: Settings): SettingsFinding[] {
  const { outputs } = settings.sidekick;
  return [
    ...Object.keys(outputs).flatMap((key) => (OWN_KEYS.has(key.toLowerCase()) ? [ownKey(key)] : [])),
    ...responderWebhook(settings),
    ...leaves(outputs, []).flatMap((leaf) => [...checkCase(leaf), ...checkSecret(leaf)]),
  ];
}

function ownKey(key: string): SettingsFinding {
  return {
    path: ['sidekick', 'outputs', key],
    message: `is not an output, and the stack writes it itself; remove it (fields go into sidekick.customFields, certificates into tls)`,
  };
}

function responderWebhook({ responder, sidekick }: Settings): SettingsFinding[] {
  if (!responder.enabled) return [];
  return Object.keys(sidekick.outputs['webhook'] ?? {})
    .filter((key) => WEBHOOK_KEYS.includes(key.toLowerCase()))
    .map((key) => ({
      path: ['sidekick', 'outputs', 'webhook', key],
      message: `falcosidekick has one webhook, and it leads to the responder; use another output, or set responder.enabled to false`,
    }));
}

function checkCase({ path }: Leaf): SettingsFinding[] {
  const key = path.filter(isText).find((name) => name !== name.toLowerCase());
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
  const keys = path.filter(isText);
  if (!isSecretKey(keys.at(-1) ?? '') && !holdsSecret(value)) return [];
  const [header, parent] = keys.toReversed();
  const isHeader = parent?.toLowerCase() === 'customheaders';
  const variable = (isHeader ? keys.slice(0, -1) : keys).join('_').toUpperCase();
  const content = isHeader ? ` (with the content '${header ?? ''}:VALUE')` : '';
  return [
    {
      path: ['sidekick', 'outputs', ...path],
      message: `would put a secret into a ConfigMap; put it into a Secret and name that in sidekick.secretEnv.${variable}${content}`,
    },
  ];
}

function leaves(value: unknown, path: Leaf['path']): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => leaves(item, [...path, index]));
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))
    : [{ path, value }];
}

function isText(key: string | number): key is string {
  return typeof key === 'string';
}
