import { Construct } from 'constructs';
import { all, each, eachEntry, is, joined, not, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { metadata } from './metadata';
import { namespaced } from './object';
import { rulesPackagesOf, type NamedRules } from './rules';
import { RulesConfigMap, rulesConfigMapName } from './rules-config-map';

/** Settings that the rules for somebody else's Falco read. */
export type ExternalFalcoProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'namespaces'
  | 'namespaceLabels'
  | 'exempt'
  | 'falco'
  | 'plugins'
  | 'egress'
  | 'rules'
  | 'rulesPackages'
  | 'demo'
  | 'labels'
  | 'annotations'
>;

/** The one key of a ConfigMap that the operator reads. Fact: falco-operator, api/common/v1alpha1. */
const OPERATOR_KEY = 'rules.yaml';

/**
 * Our rules for a Falco that somebody else installs (`falco.install: false`), in the form that it takes: ConfigMaps to
 * mount, or `Rulesfile` objects of the official operator. The third form, values for the official chart, is a file and no
 * object: `officialChartValues`.
 */
export class ExternalFalco extends Construct {
  constructor(scope: Construct, id: string, props: ExternalFalcoProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    const { install, external } = settings.falco;
    when(all(not(install), is(external.form, 'configMap')), () =>
      each(
        rulesPackagesOf(settings),
        (rules) =>
          new RulesConfigMap(this, rules.package, {
            ...settings,
            ...rules,
            namespace: external.namespace,
          }),
      ),
    );
    when(all(not(install), is(external.form, 'rulesfile')), () =>
      each(rulesPackagesOf(settings), (rules) => {
        this.addRulesfile(settings, rules);
      }),
    );
  }

  /**
   * A Rulesfile refers to one text, so the files of a package become documents of one. The operator gives files their
   * order by a priority from 0 to 99, 50 by default; Falco loads the higher ones later, and ours build on the stock rules.
   */
  private addRulesfile(settings: Settings, rules: NamedRules): void {
    const { namespace } = settings.falco.external;
    const name = rulesConfigMapName(settings, rules.package);
    const text = joined(
      eachEntry(rules.files, (_file, content) => content),
      '\n---\n',
    );
    namespaced(this, `text-${rules.package}`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(settings, 'rules', { name, namespace }),
      data: { [OPERATOR_KEY]: text },
    });
    namespaced(this, `rulesfile-${rules.package}`, {
      apiVersion: 'artifact.falcosecurity.dev/v1alpha1',
      kind: 'Rulesfile',
      metadata: metadata(settings, 'rules', { name, namespace }),
      spec: { configMapRef: { name }, priority: rules.priority },
    });
  }
}
