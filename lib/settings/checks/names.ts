import { objectName, type Component } from '../../names';
import { given, lengthOf, moreThan, present, when } from '../decide';
import type { Findings, SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { isDnsLabel, isDnsSubdomain } from './syntax';

/** What Kubernetes adds to the name of a StatefulSet in a label of its Pods, which is at most 63 letters long. */
const REVISION = '-0123456789';

/** The component with the longest name; a test holds all others to it. */
const LONGEST_COMPONENT: Component = 'sidekick-ui-store';

/** How long the name of an installation may be, which is the prefix of all names. */
export const NAME_LENGTH = 63 - REVISION.length - objectName('', LONGEST_COMPONENT).length;

/** Names that the API server would refuse: RFC 1123. */
export function checkNames(settings: Settings): SettingsFinding[] {
  const { namespaces, secrets, tls, falco, responder } = settings;
  const { forensicsNamespace } = responder.quarantine;
  const scrapers = settings.monitoring.scrapers.namespace;
  const clients = settings.loki.clients.namespace;
  const labels: [SettingsFinding['path'], string][] = [
    [['namespaces', 'node'], namespaces.node],
    [['namespaces', 'services'], namespaces.services],
    [['falco', 'external', 'namespace'], falco.external.namespace],
    [['tls', 'certManager', 'namespace'], tls.certManager.namespace],
    ...present([
      when(given(forensicsNamespace), (): [SettingsFinding['path'], string] => [
        ['responder', 'quarantine', 'forensicsNamespace'],
        forensicsNamespace,
      ]),
      when(given(scrapers), (): [SettingsFinding['path'], string] => [
        ['monitoring', 'scrapers', 'namespace'],
        scrapers,
      ]),
      when(given(clients), (): [SettingsFinding['path'], string] => [
        ['loki', 'clients', 'namespace'],
        clients,
      ]),
    ]),
    ...responder.protected.namespaces.map((name, index): [SettingsFinding['path'], string] => [
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
    [['secrets', 'grafana', 'name'], secrets.grafana.name],
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

/** The name of the installation, with which all others begin. */
export function checkNameLength({ name }: Settings): Findings {
  return when(moreThan(lengthOf(name), NAME_LENGTH), () => ({
    path: ['name'],
    message: `'${name}' has ${lengthOf(name)} letters; at most ${NAME_LENGTH} fit, since Kubernetes takes 63 and the name of the UI's store and its revision follow; shorten it`,
  }));
}
