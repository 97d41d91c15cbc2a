import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Names that the API server would refuse: RFC 1123. */
export function checkNames(settings: Settings): SettingsFinding[] {
  const { namespaces, secrets, tls, falco } = settings;
  const labels: [SettingsFinding['path'], string][] = [
    [['namespaces', 'node'], namespaces.node],
    [['namespaces', 'services'], namespaces.services],
    [['falco', 'external', 'namespace'], falco.external.namespace],
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
    ...Object.entries(tls.existingSecrets).map(([key, name]): [SettingsFinding['path'], string] => [
      ['tls', 'existingSecrets', key],
      name,
    ]),
  ];
  const found = [
    ...labels.filter(([, name]) => !DNS_LABEL.test(name)),
    ...subdomains.filter(([, name]) => !DNS_SUBDOMAIN.test(name)),
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
  return found;
}
