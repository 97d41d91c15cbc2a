import { objectName } from '../names';
import {
  canaryRules,
  commandLineFields,
  egressRules,
  publicScope,
  recordRules,
  vistatechRules,
  type EgressRulesOptions,
} from '../rules/library';
import { printRules } from '../rules/print';
import {
  all,
  decided,
  each,
  eachEntry,
  either,
  given,
  holds,
  is,
  joined,
  listItem,
  named,
  not,
  present,
  valueAt,
  when,
} from '../settings/decide';
import type { OWN_PACKAGES, RulesPackage } from '../settings/egress';
import type { Settings } from '../settings/settings';
import { declaredText } from './declared-text';
import { hasCanary } from '../settings/has-canary';
import { DEMO_NAMESPACES } from './demo';
import { PORTS } from './endpoints';
import { usesK8smeta } from './k8smeta-plugin';
import { rulesText } from './rules-text';

type OwnPackage = (typeof OWN_PACKAGES)[number];

/** The name in Falco's directory of the file with the setting `rules`. */
export const CUSTOM_RULES_FILE = '50-rules.yaml';

/** Rules files that one ConfigMap holds. */
export interface NamedRules {
  /** Name of the package. */
  readonly package: string;
  /** Texts by file name. A name is that of the file in Falco's directory too, so no two packages share one. */
  readonly files: RulesPackage;
  /** The place of the package among the others, for Falco's operator: higher ones are loaded later. */
  readonly priority: number;
}

/**
 * The rules of an installation, a package each. Falco loads files in the order of their names: ours, then those of
 * `rules`, then those of `rulesPackages`; a later file may use and change what an earlier one defines.
 */
export function rulesPackagesOf(settings: Settings): NamedRules[] {
  const { egress, rules, rulesPackages } = settings;
  return present([
    when(egress.enabled, () => own('egress', 60, '10-egress.yaml', ownRules(settings))),
    when(all(egress.enabled, is(egress.scope, 'public')), () =>
      own('scope', 61, '11-scope.yaml', printRules(publicScope())),
    ),
    when(all(egress.enabled, given(egress.declared)), () =>
      own('declared', 62, '12-declared.yaml', declaredText(egress.declared)),
    ),
    when(all(egress.enabled, egress.record.enabled), () =>
      own('record', 65, '15-record.yaml', recordText(settings)),
    ),
    when(hasCanary(settings), () => own('canary', 66, '16-canary.yaml', canaryText(settings))),
    when(all(egress.enabled, egress.vistatech), () =>
      own('vistatech', 70, '20-vistatech.yaml', demoRules(settings)),
    ),
    when(given(rules), () => own('custom', 80, CUSTOM_RULES_FILE, rulesText(rules))),
    ...eachEntry(rulesPackages, (name, files) => ({
      package: name,
      files: placed(name, files),
      priority: 90,
    })),
  ]);
}

function own(name: OwnPackage, priority: number, file: string, text: string): NamedRules {
  return { package: name, files: { [file]: named(`rules.${name}`, text) }, priority };
}

function placed(name: string, files: RulesPackage): RulesPackage {
  return Object.fromEntries(eachEntry(files, (file, text) => [rulesFileName(name, file), text]));
}

/**
 * The name in Falco's directory of a file of `rulesPackages`. A package's name has no dot, so the first one ends it and no
 * two files meet.
 */
export function rulesFileName(name: string, file: string): string {
  return `60-${name}.${file}`;
}

function ownRules(settings: Settings): string {
  return exempting(settings, (options) => printRules(egressRules(options)));
}

function recordText(settings: Settings): string {
  return exempting(settings, (options) => printRules(recordRules(options)));
}

function canaryText({ name, namespaces }: Settings): string {
  return printRules(
    canaryRules({
      namespace: namespaces.node,
      pods: `${objectName(name, 'collector')}-`,
      port: PORTS.collectorHealth,
    }),
  );
}

/** Rules that leave the exempt namespaces out, and tell what the settings say. */
function exempting(settings: Settings, print: (options: EgressRulesOptions) => string): string {
  const { label, values } = settings.exempt;
  const moreFields = commandLine(settings);
  return either(
    usesK8smeta(settings),
    () => print({ exemption: 'label', exemptLabel: label, exemptValues: listItems(values), moreFields }),
    () =>
      print({
        exemption: 'namespaces',
        exemptNamespaces: listItems(exemptNamespaces(settings)),
        moreFields,
      }),
  );
}

function demoRules(settings: Settings): string {
  const moreFields = commandLine(settings);
  return either(
    usesK8smeta(settings),
    () => printRules(vistatechRules({ owner: true, moreFields })),
    () => printRules(vistatechRules({ moreFields })),
  );
}

/** What outputs tell of command lines. */
function commandLine({ privacy }: Settings): string {
  return either(
    is(privacy.commandLine, 'full'),
    () => commandLineFields('full'),
    () =>
      either(
        is(privacy.commandLine, 'redacted'),
        () => commandLineFields('redacted'),
        () => commandLineFields('never'),
      ),
  );
}

/** The items of a list of a rule; those of a chart's values as one, which the chart writes out. */
function listItems(items: readonly string[]): readonly string[] {
  return decided(items) ? items : [joined(each(items, listItem), ', ')];
}

/**
 * Namespaces known to be exempt without a look at the cluster: ours, that of somebody else's Falco, and those that the
 * settings label so.
 */
export function exemptNamespaces(settings: Settings): string[] {
  const { label, values } = settings.exempt;
  const { node, services } = settings.namespaces;
  const { install, external } = settings.falco;
  return present([
    node,
    services,
    when(
      all(not(install), not(is(external.namespace, node)), not(is(external.namespace, services))),
      () => external.namespace,
    ),
    when(settings.demo.enabled, () => DEMO_NAMESPACES.exempt),
    ...eachEntry(settings.namespaceLabels, (name, labels) =>
      when(holds(values, valueAt(labels, label)), () => name),
    ),
  ]);
}
