import { components } from '../components';
import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { AFFINITY_KEYS, checkKeys, CONTAINER_KEYS, TOLERATION_KEYS } from './fragments';
import { isAnnotationKey, isCidr, isDnsSubdomain, isLabelKey, isLabelValue, isQuantity } from './syntax';

type Path = SettingsFinding['path'];

/** Values that the API server would refuse. */
export function checkKubernetes(settings: Settings): SettingsFinding[] {
  return [...checkMetadata(settings), ...checkPods(settings), ...checkNetwork(settings)];
}

function checkMetadata(settings: Settings): SettingsFinding[] {
  const { namespaces, falco, responder, monitoring, loki } = settings;
  return [
    ...checkLabels(['labels'], settings.labels),
    ...checkAnnotations(['annotations'], settings.annotations),
    ...checkLabels(['namespaces', 'labels'], namespaces.labels),
    ...checkAnnotations(['namespaces', 'annotations'], namespaces.annotations),
    ...checkLabels(['falco', 'external', 'podLabels'], falco.external.podLabels),
    ...checkLabels(['responder', 'protected', 'podLabels'], responder.protected.podLabels),
    ...checkLabels(['monitoring', 'podMonitors', 'labels'], monitoring.podMonitors.labels),
    ...checkLabels(['monitoring', 'scrapers', 'podLabels'], monitoring.scrapers.podLabels),
    ...checkLabels(['loki', 'clients', 'podLabels'], loki.clients.podLabels),
    ...checkLabels(['monitoring', 'rules', 'labels'], monitoring.rules.labels),
    ...checkLabels(['monitoring', 'dashboards', 'labels'], monitoring.dashboards.labels),
    ...checkAnnotations(['monitoring', 'dashboards', 'annotations'], monitoring.dashboards.annotations),
  ];
}

function checkPods(settings: Settings): SettingsFinding[] {
  const { size } = settings.sidekickUi.store;
  return [
    ...components(settings).flatMap(({ path, pod }) => [
      ...checkLabels([...path, 'labels'], pod.labels),
      ...checkLabels([...path, 'nodeSelector'], pod.nodeSelector),
      ...checkAnnotations([...path, 'annotations'], pod.annotations),
      ...checkQuantities([...path, 'resources', 'requests'], pod.resources.requests),
      ...checkQuantities([...path, 'resources', 'limits'], pod.resources.limits),
      ...checkClass([...path, 'priorityClassName'], pod.priorityClassName),
      ...checkKeys([...path, 'affinity'], pod.affinity, AFFINITY_KEYS),
      ...pod.tolerations.flatMap((each, i) => checkKeys([...path, 'tolerations', i], each, TOLERATION_KEYS)),
      ...pod.sidecars.flatMap((each, i) => checkKeys([...path, 'sidecars', i], each, CONTAINER_KEYS)),
    ]),
    ...checkQuantities(['sidekickUi', 'store'], { size }),
    ...checkClass(['sidekickUi', 'store', 'storageClass'], settings.sidekickUi.store.storageClass),
    ...checkQuantities(['loki'], { size: settings.loki.size }),
    ...checkClass(['loki', 'storageClass'], settings.loki.storageClass),
  ];
}

function checkLabels(path: Path, labels: Readonly<Record<string, string>>): SettingsFinding[] {
  return Object.entries(labels)
    .filter(([key, value]) => !isLabelKey(key) || !(value === '' || isLabelValue(value)))
    .map(([key, value]) => ({
      path: [...path, key],
      message: `'${key}: ${value}' is not a label of Kubernetes; write a key such as 'team' or 'example.org/team', and a value of at most 63 letters, digits, '-', '_' or '.'`,
    }));
}

/** The values are free. */
function checkAnnotations(path: Path, annotations: Readonly<Record<string, string>>): SettingsFinding[] {
  return Object.keys(annotations)
    .filter((key) => !isAnnotationKey(key))
    .map((key) => ({
      path: [...path, key],
      message: `'${key}' is not the key of an annotation; write one such as 'team' or 'example.org/team'`,
    }));
}

function checkQuantities(path: Path, quantities: Readonly<Record<string, string>> = {}): SettingsFinding[] {
  return Object.entries(quantities)
    .filter(([, quantity]) => !isQuantity(quantity))
    .map(([key, quantity]) => ({
      path: [...path, key],
      message: `'${quantity}' is not a quantity of Kubernetes; write one such as '100m' or '512Mi'`,
    }));
}

function checkClass(path: Path, name: string): SettingsFinding[] {
  return name === '' || isDnsSubdomain(name)
    ? []
    : [
        {
          path,
          message: `'${name}' is not the name of a class; write lower-case letters, digits, '-' and '.'`,
        },
      ];
}

function checkNetwork({ networkPolicies }: Settings): SettingsFinding[] {
  const { apiServerCidrs, outputCidrs, registryCidrs, apiServerPorts } = networkPolicies;
  return [
    ...Object.entries({ apiServerCidrs, outputCidrs, registryCidrs }).flatMap(([key, cidrs]) =>
      cidrs.flatMap((cidr, index) =>
        isCidr(cidr)
          ? []
          : [
              {
                path: ['networkPolicies', key, index],
                message: `'${cidr}' is not a range of addresses; write one such as '10.0.0.0/8' or 'fd00::/8'`,
              },
            ],
      ),
    ),
    ...apiServerPorts.flatMap((port, index) =>
      port >= 1 && port <= 65535
        ? []
        : [
            {
              path: ['networkPolicies', 'apiServerPorts', index],
              message: `${port} is not a port; write a number from 1 to 65535`,
            },
          ],
    ),
  ];
}
