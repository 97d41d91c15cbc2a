import { objectName } from '../names';
import { all, either, is, named, not } from '../settings/decide';
import type { Settings } from '../settings/settings';

/** Ports on which our Pods listen. The numbers are those of the programs' own documentation. */
export const PORTS = {
  /** Falco's web server: health and metrics. */
  falco: 8765,
  sidekick: 2801,
  /** falcosidekick's own port for probes and metrics where the main one asks for a client certificate. */
  sidekickPlain: 2810,
  sidekickUi: 2802,
  sidekickUiStore: 6379,
  metacollector: 45000,
  metacollectorMetrics: 8080,
  metacollectorProbes: 8081,
  /** The responder's API: alerts. */
  responder: 8080,
  /** The responder's health and metrics. */
  responderMetrics: 9090,
  loki: 3100,
  grafana: 3000,
  collectorHealth: 13133,
  collectorMetrics: 8888,
} as const;

/** A component that others connect to; all of them live in `namespaces.services`. */
export type Server =
  'sidekick' | 'sidekick-ui' | 'sidekick-ui-store' | 'metacollector' | 'responder' | 'loki' | 'grafana';

/** DNS name of a component's Service. */
export function host(settings: Settings, server: Server): string {
  return `${objectName(settings.name, server)}.${settings.namespaces.services}.svc`;
}

/** DNS names that the certificate of a component carries. */
export function dnsNames(settings: Settings, server: Server): string[] {
  const name = host(settings, server);
  return [name, `${name}.cluster.local`];
}

/** Whether the hops between our Pods are encrypted and authenticated by certificates. */
export function usesTls(settings: Settings): boolean {
  return not(is(settings.tls.issuer, 'none'));
}

/** `https` or `http`, as the settings have it. */
export function scheme(settings: Settings): string {
  return named(
    'scheme',
    either(
      usesTls(settings),
      () => 'https',
      () => 'http',
    ),
  );
}

/** URL of the Loki that the stack deploys. */
export function ownLokiUrl(settings: Settings): string {
  return `http://${host(settings, 'loki')}:${PORTS.loki}`;
}

/** Whether the UI runs: it shows what falcosidekick sends it, so never without falcosidekick. */
export function usesSidekickUi(settings: Settings): boolean {
  return all(settings.sidekick.enabled, settings.sidekickUi.enabled);
}
