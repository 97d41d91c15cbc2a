import { OWN_PACKAGES } from '../settings/egress';
import { isDnsLabel } from '../settings/checks/syntax';
import { CHART_KEYS } from './chart';
import { Draft, type SecretKey } from './draft';
import type { Line } from './line';
import { isMap } from './mapping';
import { settle } from './settle';
import { placed, type PlacedLine } from './places';
import { readValuesFile } from './values-file';
import { walk } from './walk';

/** What came of a values file. */
export interface Imported {
  /** Settings that can be synthesized, without the rules. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Rules files, by their names. */
  readonly rules: Readonly<Record<string, string>>;
  /** Name of the package of these rules. */
  readonly rulesPackage: string;
  /** What became of each value, in the order of the file. */
  readonly lines: readonly PlacedLine[];
  /** Secrets that a person has to make first, with the namespace of the Pods that read them. */
  readonly secrets: readonly (SecretKey & {
    readonly file: string;
    readonly line: number;
    readonly column: number;
  })[];
  readonly namespace: string;
}

/**
 * Makes settings out of a values file of the official falco chart, of version 1.x (2021) to 9.x. Pure: it neither reads
 * nor writes files.
 *
 * @param file name of the file, for places
 * @param options.name name of the environment; the cluster's name too, unless the values or `cluster` say another
 * @throws {@link ValuesFileError} where the text is no values file
 */
export function importValues(
  file: string,
  text: string,
  options: { readonly name: string; readonly cluster?: string },
): Imported {
  const yaml = readValuesFile(file, text, CHART_KEYS);
  const rulesPackage = packageName(options.name);
  const draft = new Draft(rulesPackage);
  walk(yaml.value, draft);
  complete(draft, options);
  const notes = settle(draft, rulesPackage);
  const { rulesPackages, ...settings } = draft.settings();
  const packages = (rulesPackages ?? {}) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const rules = packages[rulesPackage] ?? {};
  const about = notes.flatMap(({ file: name, outcome, message, line, column }): Line[] => {
    const { path } = draft.lineOfRules(name) ?? {};
    return path === undefined ? [] : [{ path, outcome, settings: [], message, at: { line, column } }];
  });
  const { services } = (isMap(settings['namespaces']) ? settings['namespaces'] : {}) as { services?: string };
  return {
    settings,
    rules,
    rulesPackage,
    lines: placed(yaml, [...draft.lines, ...about]),
    secrets: draft.secrets.map((key) => {
      const { line, column } = yaml.span(key.path, 'value');
      return { ...key, file, line, column };
    }),
    namespace: services ?? 'falco-egress',
  };
}

/** What the chart does where the values are silent, and what settings can't be without. */
function complete(draft: Draft, { name, cluster }: { name: string; cluster?: string }): void {
  const nowhere = { path: [], value: undefined };
  if (!draft.has('cluster'))
    draft.take(
      nowhere,
      ['cluster'],
      cluster ?? name,
      cluster === undefined ? `every alert names its cluster; set it, or give --cluster` : '',
    );
  if (!draft.has('sidekick', 'enabled'))
    draft.take(
      nowhere,
      ['sidekick', 'enabled'],
      false,
      `the chart has no falcosidekick unless it is switched on`,
    );
  if (!draft.has('sidekickUi', 'enabled'))
    draft.take(nowhere, ['sidekickUi', 'enabled'], false, 'the chart has no UI unless it is switched on');
}

/** A name for the package of rules: that of the environment, as far as it can be one. */
function packageName(name: string): string {
  const own: readonly string[] = OWN_PACKAGES;
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 20)
    .replace(/^-+|-+$/g, '');
  return isDnsLabel(label) && !own.includes(label) ? label : 'imported';
}
