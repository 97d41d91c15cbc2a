import type { ResponderConfig } from '../responder/config';
import { given, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { collectorIdentity } from './collector-identity';
import { keepsResponderAlerts } from './collector-loki';
import { host, PORTS, scheme, usesTls } from './endpoints';
import { usesK8smeta } from './k8smeta-plugin';
import { TLS_DIRECTORY } from './tls';

/** Where the configuration is mounted. */
export const RESPONDER_CONFIG_DIRECTORY = '/etc/falco-egress/config';

/** Key of the configuration in its ConfigMap, and name of its file. */
export const RESPONDER_CONFIG_KEY = 'responder.json';

/** Where the token that falcosidekick shows is mounted. */
export const RESPONDER_TOKEN_DIRECTORY = '/etc/falco-egress/token';

/** Key of that token in its Secret, and name of its file. */
export const RESPONDER_TOKEN_KEY = 'token';

/** The responder's configuration: everything but secrets. */
export function responderConfig(settings: Settings): ResponderConfig {
  const { cluster, name, responses, responder, namespaces } = settings;
  const { ingress, allowDns, forensicsNamespace, denyTiers } = responder.quarantine;
  return {
    cluster,
    name,
    namespace: namespaces.services,
    authentication: {
      tokenFile: `${RESPONDER_TOKEN_DIRECTORY}/${RESPONDER_TOKEN_KEY}`,
      collector: when(settings.collector.enabled, () => collectorIdentity(settings)),
    },
    // Falcosidekick and the collector show certificates too: a token alone opens nothing.
    tls: when(usesTls(settings), () => ({
      certificateFile: `${TLS_DIRECTORY}/tls.crt`,
      keyFile: `${TLS_DIRECTORY}/tls.key`,
      clientCaFile: `${TLS_DIRECTORY}/ca.crt`,
    })),
    port: PORTS.responder,
    metricsPort: PORTS.responderMetrics,
    responses,
    protected: {
      // What cuts off others must not be cut off itself.
      namespaces: [...responder.protected.namespaces, namespaces.node, namespaces.services],
      podLabels: responder.protected.podLabels,
    },
    limits: responder.limits,
    intake: responder.intake,
    matching: responder.matching,
    quarantine: {
      ingress,
      allowDns,
      forensicsNamespace: when(given(forensicsNamespace), () => forensicsNamespace),
      denyTiers,
    },
    // Where rules know namespaces by a list, their labels exempt nobody.
    exempt: when(usesK8smeta(settings), () => ({
      label: settings.exempt.label,
      values: settings.exempt.values,
    })),
    sidekickUrl: when(
      settings.sidekick.enabled,
      () => `${scheme(settings)}://${host(settings, 'sidekick')}:${PORTS.sidekick}/`,
    ),
    keepAlerts: when(keepsResponderAlerts(settings), () => true),
    inventory: when(responder.inventory.enabled, () => ({ every: responder.inventory.every })),
  };
}
