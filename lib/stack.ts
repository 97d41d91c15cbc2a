import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { AlertingRules } from './constructs/alerting-rules';
import { Certificates } from './constructs/certificates';
import { Collector } from './constructs/collector';
import { Dashboards } from './constructs/dashboards';
import { Demo } from './constructs/demo';
import { ExemptGuard } from './constructs/exempt-guard';
import { ExternalFalco } from './constructs/external-falco';
import { ExternalSecrets } from './constructs/external-secrets';
import { Falco } from './constructs/falco';
import { Grafana } from './constructs/grafana';
import { Installation } from './constructs/installation';
import { artifactReference, usesK8smeta } from './constructs/k8smeta-plugin';
import { Loki } from './constructs/loki';
import { Metacollector } from './constructs/metacollector';
import { NamespaceLabelling, Namespaces } from './constructs/namespaces';
import { OFFICIAL_CHART_VALUES_FILE, officialChartValues } from './constructs/official-chart-values';
import { PodGuard } from './constructs/pod-guard';
import { PodMonitors } from './constructs/pod-monitors';
import { ProgramConfigMaps } from './constructs/program';
import { QuarantineGuard } from './constructs/quarantine-guard';
import { Responder } from './constructs/responder';
import { findingsOfResponses, warnOfResponses } from './constructs/responses-check';
import { assertRules, assertRulesByName, warnOnce } from './constructs/rules-check';
import { SecretsJob } from './constructs/secrets-job';
import { Sidekick } from './constructs/sidekick';
import { SidekickUi } from './constructs/sidekick-ui';
import { SidekickUiStore } from './constructs/sidekick-ui-store';
import { decided } from './settings/decide';
import { SettingsError } from './settings/check';
import { resolveSettings, type FalcoEgressProps, type Settings } from './settings/settings';

/** Two installations of one name in a chart would be one set of objects, declared twice. */
function assertAlone(scope: Construct, { name }: Settings): void {
  const others = Chart.of(scope)
    .node.findAll()
    .filter((node): node is FalcoEgress => node instanceof FalcoEgress);
  if (others.some((other) => other.settings.name === name))
    throw new SettingsError([
      {
        path: ['name'],
        message: `'${name}' is installed in this chart already; give one of them another name`,
      },
    ]);
}

/**
 * The whole stack: Falco with our rules, falcosidekick and its UI, the durable path, the responder, and what they need.
 * Its props are what an environment file holds. Every part is a construct that can be used alone; each adds itself only
 * where the settings want it.
 */
export class FalcoEgress extends Construct {
  /** The settings with every default. */
  readonly settings: Settings;
  private readonly labelled: Set<string>;

  /**
   * @throws {@link SettingsError} where settings contradict each other, or Kubernetes or Falco would refuse them
   * @throws `RulesError` where Falco would refuse the rules
   */
  constructor(scope: Construct, id: string, props: FalcoEgressProps) {
    // All of it before `super`: what is refused never joins the tree, where it would stand in the way of another.
    const settings = resolveSettings(props);
    assertAlone(scope, settings);
    if (decided(settings)) {
      // What comes checked comes from an environment file: whoever read that tells what is wrong and its warnings.
      const loaded = settings === props ? assertRules(settings) : assertRulesByName(settings);
      const findings = findingsOfResponses(settings, loaded);
      if (findings.length > 0) throw new SettingsError(findings);
      if (settings !== props) {
        warnOnce(loaded, settings);
        warnOfResponses(settings);
      }
    }
    super(scope, id);
    this.settings = settings;
    this.labelled = new Set(Object.keys(settings.namespaceLabels));

    new Namespaces(this, 'namespaces', settings);
    new ExemptGuard(this, 'exempt-guard', settings);
    new PodGuard(this, 'pod-guard', settings);
    new Installation(this, 'installation', settings);
    new Certificates(this, 'certificates', settings);
    new ProgramConfigMaps(this, 'program', settings);
    new SecretsJob(this, 'secrets-job', settings);
    new ExternalSecrets(this, 'external-secrets', settings);
    new Metacollector(this, 'metacollector', settings);
    new Falco(this, 'falco', settings);
    new ExternalFalco(this, 'external-falco', settings);
    new Collector(this, 'collector', settings);
    new Sidekick(this, 'sidekick', settings);
    new SidekickUi(this, 'sidekick-ui', settings);
    new SidekickUiStore(this, 'sidekick-ui-store', settings);
    new Loki(this, 'loki', settings);
    new Grafana(this, 'grafana', settings);
    new Responder(this, 'responder', settings);
    new QuarantineGuard(this, 'quarantine-guard', settings);
    new PodMonitors(this, 'pod-monitors', settings);
    new AlertingRules(this, 'alerting-rules', settings);
    new Dashboards(this, 'dashboards', settings);
    new Demo(this, 'demo', settings);
  }

  /**
   * Labels a namespace that is there already, as `namespaceLabels` does.
   *
   * @throws {@link SettingsError} without the k8smeta plugin, where exempt namespaces must be known when the rules are made,
   *   and for a namespace that is labelled already
   */
  labelNamespace(name: string, labels: Readonly<Record<string, string>>): void {
    if (!usesK8smeta(this.settings))
      throw new SettingsError([
        {
          path: ['namespaceLabels', name],
          message: `without the k8smeta plugin the rules list the exempt namespaces; give these labels as the prop namespaceLabels`,
        },
      ]);
    resolveSettings({ ...this.settings, namespaceLabels: { [name]: labels } });
    if (this.labelled.has(name))
      throw new SettingsError([
        {
          path: ['namespaceLabels', name],
          message: `the namespace has labels already, and two objects for it would undo each other; give all of its labels at once, as the prop namespaceLabels or in one call`,
        },
      ]);
    this.labelled.add(name);
    new NamespaceLabelling(this, `labels-${name}`, { name, labels });
  }

  /** OCI artifacts, beside images, that a cluster pulls. */
  get artifacts(): string[] {
    const { falco, plugins } = this.settings;
    return falco.install && plugins.k8smeta.source === 'artifact' ? [artifactReference(this.settings)] : [];
  }

  /** Files beside the manifests, by name: values for somebody else's chart of Falco. */
  get files(): Map<string, string> {
    const { install, external } = this.settings.falco;
    const wanted = !install && external.form === 'helmValues';
    return new Map(wanted ? [[OFFICIAL_CHART_VALUES_FILE, officialChartValues(this.settings)]] : []);
  }
}
