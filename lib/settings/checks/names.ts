import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { isDnsLabel, isDnsSubdomain } from './syntax';

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
  return [
    ...labels.filter(([, name]) => !isDnsLabel(name)),
    ...subdomains.filter(([, name]) => !isDnsSubdomain(name)),
  ].map(([path, name]) => ({
    path,
    message: `'${name}' is not a name of Kubernetes (RFC 1123): lower-case letters, digits and '-', with a letter or digit at both ends, at most 63`,
  }));
}
