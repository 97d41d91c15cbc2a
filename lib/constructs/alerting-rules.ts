import { Construct } from 'constructs';
import type { AlertingRule, WatchedInstallation } from '../observability/alerting-rule';
import { certificateEnds, certificateNotRenewed } from '../observability/alerts/certificates';
import * as collectorAlerts from '../observability/alerts/collector';
import * as falcoAlerts from '../observability/alerts/falco';
import { grafanaDown } from '../observability/alerts/grafana';
import * as lokiAlerts from '../observability/alerts/loki';
import { metricsAbsent } from '../observability/alerts/metrics-absent';
import * as responderAlerts from '../observability/alerts/responder';
import * as sidekickAlerts from '../observability/alerts/sidekick';
import { IO_URING_RULE, OUTBOUND_RULE, RECORD_RULE } from '../rules/library';
import { all, each, eachEntry, hasKey, is, joined, not, present, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { hasCanary } from '../settings/has-canary';
import { storesInLoki } from './collector-loki';
import { configText } from './config-text';
import { sha256 } from './digest';
import { usesK8smeta } from './k8smeta-plugin';
import { metadata } from './metadata';
import { namespaced } from './object';
import { rulesPackagesOf } from './rules';

/** Name of the file in the ConfigMap. */
const RULES_FILE = 'falco-egress.yaml';

/** What no file has: an expression that begins with it matches nothing where there are no files. */
const NO_DIGEST = 'none';

/** Settings that the alerting rules read. */
export type AlertingRulesProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'namespaces'
  | 'namespaceLabels'
  | 'exempt'
  | 'falco'
  | 'plugins'
  | 'egress'
  | 'privacy'
  | 'rules'
  | 'rulesPackages'
  | 'sidekick'
  | 'collector'
  | 'responder'
  | 'loki'
  | 'grafana'
  | 'tls'
  | 'monitoring'
  | 'demo'
  | 'labels'
  | 'annotations'
>;

/**
 * Alerting rules for Prometheus, as an object of its operator or as a file: what must not go unnoticed of the stack itself.
 * The digests of the rules files are in them, and in no Pod template.
 */
export class AlertingRules extends Construct {
  constructor(scope: Construct, id: string, props: AlertingRulesProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    const { form, labels } = settings.monitoring.rules;
    const { services } = settings.namespaces;
    when(is(form, 'prometheusRule'), () =>
      namespaced(this, 'prometheus-rule', {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PrometheusRule',
        metadata: metadata(settings, 'monitoring', { namespace: services, labels }),
        spec: alertingRules(settings),
      }),
    );
    when(is(form, 'configMap'), () =>
      namespaced(this, 'config-map', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: metadata(settings, 'monitoring', { namespace: services, labels }),
        data: { [RULES_FILE]: configText(alertingRules(settings)) },
      }),
    );
  }
}

interface RuleGroup {
  readonly name: string;
  readonly rules: readonly AlertingRule[];
}

/** What a rules file of Prometheus holds. */
function alertingRules(settings: Settings): { readonly groups: readonly RuleGroup[] } {
  const watched = {
    cluster: settings.cluster,
    name: settings.name,
    runbooks: settings.monitoring.rules.runbooks,
  };
  return {
    groups: present([
      { name: settings.name, rules: generalRules(settings, watched) },
      ...loadedRules(settings, watched),
    ]),
  };
}

function generalRules(settings: Settings, watched: WatchedInstallation): AlertingRule[] {
  const { collector, egress, falco, grafana, loki, responder, sidekick, tls } = settings;
  const { services } = settings.namespaces;
  const measured = all(falco.install, falco.metrics);
  return present([
    when(measured, () => metricsAbsent(watched, 'falco')),
    when(sidekick.enabled, () => metricsAbsent(watched, 'sidekick')),
    when(responder.enabled, () => metricsAbsent(watched, 'responder')),
    when(collector.enabled, () => metricsAbsent(watched, 'collector')),
    when(loki.enabled, () => metricsAbsent(watched, 'loki')),
    when(collector.enabled, () => collectorAlerts.collectorLoses(watched)),
    when(collector.enabled, () => collectorAlerts.collectorBehind(watched)),
    when(all(measured, collector.enabled, storesInLoki(settings)), () =>
      collectorAlerts.collectorMisses(watched),
    ),
    when(measured, () => falcoAlerts.nodeWithoutFalco(watched)),
    when(all(measured, hasCanary(settings)), () => falcoAlerts.nodeWithoutCanary(watched)),
    when(measured, () => falcoAlerts.eventsDropped(watched)),
    when(measured, () => falcoAlerts.alertsDropped(watched)),
    when(all(falco.install, sidekick.enabled), () => falcoAlerts.hotReloadFailed(watched)),
    when(sidekick.enabled, () => sidekickAlerts.outputFailing(watched)),
    when(all(measured, sidekick.enabled), () => sidekickAlerts.alertsLost(watched)),
    when(all(sidekick.enabled, egress.enabled), () =>
      sidekickAlerts.unattributed(watched, [OUTBOUND_RULE, IO_URING_RULE, RECORD_RULE].join('|')),
    ),
    when(responder.enabled, () => responderAlerts.responderBehind(watched)),
    when(responder.enabled, () => responderAlerts.responderThrottles(watched)),
    when(responder.enabled, () => responderAlerts.responseFailed(watched)),
    when(responder.enabled, () => responderAlerts.limitReached(watched)),
    when(all(responder.enabled, usesK8smeta(settings)), () => responderAlerts.exemptionChanged(watched)),
    when(responder.enabled, () => responderAlerts.responderNotReady(watched)),
    when(responder.enabled, () => responderAlerts.responderAbsent(watched)),
    when(responder.enabled, () => responderAlerts.notContained(watched)),
    when(loki.enabled, () => lokiAlerts.lokiDown(watched, services)),
    when(loki.enabled, () => lokiAlerts.lokiRefuses(watched)),
    when(loki.enabled, () => lokiAlerts.lokiVolumeFull(watched, services)),
    when(grafana.enabled, () => grafanaDown(watched, services)),
    when(is(tls.issuer, 'certManager'), () => certificateNotRenewed(watched)),
    when(is(tls.issuer, 'certManager'), () => certificateEnds(watched)),
  ]);
}

/** A group for each package of rules: whether Falco has loaded its files, and, in the first, whether it has loaded others. */
function loadedRules(settings: Settings, watched: WatchedInstallation): (RuleGroup | undefined)[] {
  const { falco } = settings;
  const measured = all(falco.install, falco.metrics);
  const packages = rulesPackagesOf(settings);
  return [
    // Files that the user has Falco read besides are none of ours.
    when(all(measured, not(hasKey(falco.config, 'rules_files'))), () => ({
      name: `${settings.name}-rules`,
      rules: [
        falcoAlerts.rulesUnknown(
          watched,
          joined(
            [
              NO_DIGEST,
              ...each(packages, ({ files }) =>
                joined(
                  eachEntry(files, (_file, text) => sha256(text)),
                  '|',
                ),
              ),
            ],
            '|',
          ),
        ),
      ],
    })),
    ...each(packages, ({ package: name, files }) =>
      when(measured, () => ({
        name: `${settings.name}-rules-${name}`,
        rules: eachEntry(files, (file, text) =>
          falcoAlerts.rulesDiffer(watched, { file, sha256: sha256(text) }),
        ),
      })),
    ),
  ];
}
