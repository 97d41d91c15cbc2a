import { all, either, given, joined, not, overlaid, some, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import type { MinimumPriority } from '../settings/sidekick';
import { hasCanary } from '../settings/has-canary';
import { host, ownLokiUrl, PORTS, scheme, usesTls } from './endpoints';
import { slackMessage } from './slack-message';
import { TLS_DIRECTORY } from './tls';

/** Paths of falcosidekick's that answer on a port of their own, without a client certificate. */
const PLAIN_PATHS = ['/healthz', '/metrics', '/ping'];

/**
 * Pushes to Loki at once. Each alert is a push of its own; with 16 at once instead of one after the other, Loki took
 * twice as many.
 */
const LOKI_CONCURRENCY = 16;

/** falcosidekick's configuration file, in its own keys. */
export type SidekickConfig = Readonly<Record<string, unknown>>;

/**
 * falcosidekick's configuration: what the settings name, the user's `outputs` over it, and over both what must not differ.
 * It holds no secret; those come by environment variables, which win over the file.
 *
 * Facts: falcosidekick 2.34.1, config.go and config_example.yaml. Keys are lower-cased by its reader, so ours are
 * lower-case too: two spellings of one key would be one key with a value by chance.
 */
export function sidekickConfig(settings: Settings): SidekickConfig {
  return overlaid(overlaid(outputs(settings), settings.sidekick.outputs), {
    listenport: PORTS.sidekick,
    customfields: { ...settings.sidekick.customFields, cluster: settings.cluster },
    tlsserver: tlsServer(settings),
    mutualtlsclient: when(usesTls(settings), certificate),
  });
}

function outputs(settings: Settings): object {
  return {
    loki: loki(settings),
    slack: slack(settings),
    alertmanager: alertmanager(settings),
    webhook: webhook(settings),
    webui: when(settings.sidekickUi.enabled, () => ({
      url: `http://${host(settings, 'sidekick-ui')}:${PORTS.sidekickUi}`,
    })),
  };
}

function loki(settings: Settings): object | undefined {
  const { url, endpoint, tenant, minimumPriority, extraLabels } = settings.sidekick.loki;
  return when(some(given(url), sidekickUsesOwnLoki(settings)), () => ({
    hostport: either(
      given(url),
      () => url,
      () => ownLokiUrl(settings),
    ),
    endpoint,
    tenant,
    // The default, `text`, sends only the alert's line: no query by address, Pod or process.
    format: 'json',
    minimumpriority: minimumPriority,
    extralabels: joined(extraLabels, ','),
    checkcert: true,
    maxconcurrentrequests: LOKI_CONCURRENCY,
  }));
}

/** Whether falcosidekick has the stack's own Loki keep alerts: where there is no collector, which would do it better. */
export function sidekickUsesOwnLoki({ sidekick, collector, loki }: Settings): boolean {
  return all(sidekick.enabled, loki.enabled, not(collector.enabled), not(given(sidekick.loki.url)));
}

/** The URL of the webhook, which switches Slack on, is a secret and comes by SLACK_WEBHOOKURL. */
function slack(settings: Settings): object | undefined {
  const { webhookUrl, channel, minimumPriority } = settings.sidekick.slack;
  return when(given(webhookUrl.secret), () => ({
    channel,
    minimumpriority: withoutRecord(settings, minimumPriority),
    messageformat: slackMessage(settings),
    // Under it the alert's own line, and not each of its fields once more.
    outputformat: 'text',
  }));
}

function alertmanager(settings: Settings): object | undefined {
  const { url, minimumPriority } = settings.sidekick.alertmanager;
  return when(given(url), () => ({
    hostport: url,
    // Alertmanager 0.27 and later have no other.
    endpoint: '/api/v2/alerts',
    minimumpriority: withoutRecord(settings, minimumPriority),
    checkcert: true,
  }));
}

/** The responder. Its token is a header, and comes by WEBHOOK_CUSTOMHEADERS. */
function webhook(settings: Settings): object | undefined {
  const { maxConcurrentRequests, minimumPriority } = settings.sidekick.webhook;
  return when(settings.responder.enabled, () => ({
    address: `${scheme(settings)}://${host(settings, 'responder')}:${PORTS.responder}/alerts`,
    minimumpriority: withoutRecord(settings, minimumPriority),
    maxconcurrentrequests: maxConcurrentRequests,
    checkcert: true,
    // Shows our certificate, and trusts the authority that signed it for this output alone.
    mutualtls: when(usesTls(settings), () => true),
  }));
}

/** Record and canary are one step below `notice`. An output that asks for all gets all but these; one that asks for them gets them. */
function withoutRecord(settings: Settings, minimumPriority: MinimumPriority): string {
  const { egress } = settings;
  return either(
    all(some(all(egress.enabled, egress.record.enabled), hasCanary(settings)), not(given(minimumPriority))),
    () => 'notice',
    () => minimumPriority,
  );
}

function tlsServer(settings: Settings): object | undefined {
  return when(usesTls(settings), () => ({
    ...certificate(),
    deploy: true,
    mutualtls: true,
    notlsport: PORTS.sidekickPlain,
    notlspaths: PLAIN_PATHS,
  }));
}

function certificate(): object {
  return {
    certfile: `${TLS_DIRECTORY}/tls.crt`,
    keyfile: `${TLS_DIRECTORY}/tls.key`,
    cacertfile: `${TLS_DIRECTORY}/ca.crt`,
  };
}
