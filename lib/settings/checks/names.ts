import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { isDnsLabel, isDnsSubdomain } from './syntax';

/** Namespaces of the demo. A test holds them to what the construct makes. */
export const DEMO: readonly string[] = ['demo', 'testkatz', 'testkatz-exempt'];

/** Names that the API server would refuse: RFC 1123. */
export function checkNames(settings: Settings): SettingsFinding[] {
  const { namespaces, secrets, tls, falco } = settings;
  const labels: [SettingsFinding['path'], string][] = [
    [['namespaces', 'node'], namespaces.node],
    [['namespaces', 'services'], namespaces.services],
    [['falco', 'external', 'namespace'], falco.external.namespace],
    [['tls', 'certManager', 'namespace'], tls.certManager.namespace],
    ...settings.responder.protected.namespaces.map((name, index): [SettingsFinding['path'], string] => [
      ['responder', 'protected', 'namespaces', index],
      name,
    ]),
    ...settings.egress.podGuard.exceptNamespaces.map((name, index): [SettingsFinding['path'], string] => [
      ['egress', 'podGuard', 'exceptNamespaces', index],
      name,
    ]),
    ...Object.keys(settings.namespaceLabels).map((name): [SettingsFinding['path'], string] => [
      ['namespaceLabels', name],
      name,
    ]),
    ...Object.keys(settings.rulesPackages).map((name): [SettingsFinding['path'], string] => [
      ['rulesPackages', name],
      name,
    ]),
  ];
  const subdomains: [SettingsFinding['path'], string][] = [
    [['secrets', 'responderToken', 'name'], secrets.responderToken.name],
    [['secrets', 'sidekickUi', 'name'], secrets.sidekickUi.name],
    [['secrets', 'sidekickUiStore', 'name'], secrets.sidekickUiStore.name],
    ...settings.images.pullSecrets.map((name, index): [SettingsFinding['path'], string] => [
      ['images', 'pullSecrets', index],
      name,
    ]),
    ...Object.entries(tls.existingSecrets).map(([key, name]): [SettingsFinding['path'], string] => [
      ['tls', 'existingSecrets', key],
      name,
    ]),
  ];
  const found = [
    ...labels.filter(([, name]) => !isDnsLabel(name)),
    ...subdomains.filter(([, name]) => !isDnsSubdomain(name)),
  ].map(([path, name]) => ({
    path,
    message: `'${name}' is not a name of Kubernetes (RFC 1123): lower-case letters, digits and '-', with a letter or digit at both ends, at most 63`,
  }));
  if (namespaces.node === namespaces.services)
    found.push({
      path: ['namespaces', 'services'],
      message: `is the privileged namespace '${namespaces.node}' too; give everything that need not touch the node one of its own`,
    });
  for (const own of [namespaces.node, namespaces.services])
    if (Object.hasOwn(settings.namespaceLabels, own))
      found.push({
        path: ['namespaceLabels', own],
        message: `'${own}' is a namespace of the stack itself, which carries the labels that it needs; leave it out`,
      });
  return [...found, ...checkSecretNames(settings), ...checkDemo(settings)];
}

/** Each is a Secret of its own, with keys of its own. */
function checkSecretNames({ secrets }: Settings): SettingsFinding[] {
  const { responderToken, sidekickUi, sidekickUiStore } = secrets;
  const named = Object.entries({ responderToken, sidekickUi, sidekickUiStore });
  return named.flatMap(([key, { name }], index) => {
    const [other] = named.slice(0, index).find(([, before]) => before.name === name) ?? [];
    return other === undefined
      ? []
      : [
          {
            path: ['secrets', key, 'name'],
            message: `'${name}' is the Secret of secrets.${other} too; give each a name of its own`,
          },
        ];
  });
}

function checkDemo({ demo, namespaces, namespaceLabels }: Settings): SettingsFinding[] {
  if (!demo.enabled) return [];
  const places = [
    ...(['node', 'services'] as const).map((key) => ({ path: ['namespaces', key], name: namespaces[key] })),
    ...Object.keys(namespaceLabels).map((name) => ({ path: ['namespaceLabels', name], name })),
  ];
  return places
    .filter(({ name }) => DEMO.includes(name))
    .map(({ path, name }) => ({
      path,
      message: `'${name}' is a namespace of the demo, which makes it itself; take another one, or set demo.enabled to false`,
    }));
}
