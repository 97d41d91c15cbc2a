import { falcoVersion } from '../falco/versions';
import {
  loadRulesOrThrow,
  type LoadedRules,
  type LoadOptions,
  renderFindings,
  RulesError,
  type RulesFile,
  type StockNames,
} from '../rules';
import { eachEntry } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { usesK8smeta } from './k8smeta-plugin';
import { CUSTOM_RULES_FILE, rulesPackagesOf } from './rules';

/**
 * Reads the rules of an installation as its Falco will: all files, in their order, after the stock rules where these are
 * loaded. A file is named as in Falco's directory.
 *
 * This is a check and no construct: it adds nothing to a chart, runs at synth time only, and so may branch on settings.
 *
 * @throws {@link RulesError} with every finding, if Falco would refuse a file
 */
export function assertRules(settings: Settings): LoadedRules {
  const files = rulesFilesOf(settings);
  const options = loadOptionsOf(settings);
  const key = JSON.stringify([options.falco, options.plugins, options.stock === NOTHING, files]);
  if (last?.key === key) return last.loaded;
  const loaded = loadRulesOrThrow(files, options);
  // Ours are as settings want them, such as with a command line.
  const findings = loaded.findings.filter(({ file }) => !OWN_FILES.test(file));
  last = { key, loaded: { ...loaded, findings } };
  return last.loaded;
}

/**
 * The same for a stack in TypeScript, whose author never wrote the file that a place is in: what is wrong with the setting
 * `rules` names the rule, macro or list.
 *
 * @throws {@link RulesError}
 */
export function assertRulesByName(settings: Settings): LoadedRules {
  try {
    return assertRules(settings);
  } catch (error) {
    if (!(error instanceof RulesError)) throw error;
    const files = rulesFilesOf(settings);
    const lines = files.find(({ name }) => name === CUSTOM_RULES_FILE)?.text.split('\n') ?? [];
    const findings = error.findings.map((finding) =>
      finding.file === CUSTOM_RULES_FILE
        ? { ...finding, message: `${itemAt(lines, finding.line)}: ${finding.message}` }
        : finding,
    );
    const errors = findings.filter(({ severity }) => severity === 'error');
    throw new RulesError(error.code, renderFindings(errors, files), findings);
  }
}

/** The item that a line of a printed rules file belongs to, such as `rule 'A'`. */
function itemAt(lines: readonly string[], line: number): string {
  const start = lines.slice(0, line).findLastIndex((text) => text.startsWith('- '));
  const end = lines.findIndex((text, index) => index > start && text.startsWith('- '));
  const item = lines.slice(Math.max(0, start), end < 0 ? undefined : end).join('\n');
  const [, kind = 'item', name = ''] = /^(?:- |\s+)(rule|macro|list): ['"]?(.*?)['"]?$/m.exec(item) ?? [];
  return `${kind} '${name}'`;
}

/**
 * Tells what Falco loads of an installation's rules, but what hardly means what its author wanted: to a person, each thing
 * once in a process, as a warning of Node's with the code `FALCO_EGRESS_RULES`.
 */
export function warnOnce({ findings }: LoadedRules, settings: Settings): void {
  const text = renderFindings(
    findings.filter((finding) => !told.has(JSON.stringify(finding))),
    rulesFilesOf(settings),
  );
  for (const finding of findings) told.add(JSON.stringify(finding));
  if (text !== '') process.emitWarning(`\n${text}`, { type: 'RulesWarning', code: 'FALCO_EGRESS_RULES' });
}

const told = new Set<string>();

/** What the rules files of an installation are loaded with. */
export function loadOptionsOf(settings: Settings): LoadOptions {
  const plugins = usesK8smeta(settings) ? ['container', 'k8smeta'] : ['container'];
  return { falco: settings.falco.version, plugins, stock: stockNamesOf(settings) };
}

/** What Falco loads before the rules of an installation. */
export function stockNamesOf({ falco: { version, stockRules } }: Settings): StockNames {
  if (!stockRules) return NOTHING;
  const { rules, macros, lists } = falcoVersion(version).stockIndex();
  return { rules: new Set(rules), macros: new Set(macros), lists: new Set(lists) };
}

/** The names of files of our own rules in Falco's directory. */
const OWN_FILES = /^[12]\d-/;

/** Environments of one repository mostly have the same rules, one after the other. */
let last: { readonly key: string; readonly loaded: LoadedRules } | undefined;

const NOTHING: StockNames = { rules: new Set(), macros: new Set(), lists: new Set() };

/** The rules files of an installation, in the order in which Falco loads them. */
export function rulesFilesOf(settings: Settings): readonly RulesFile[] {
  let files = printed.get(settings);
  if (files === undefined) {
    files = rulesPackagesOf(settings)
      .flatMap((rules) => eachEntry(rules.files, (name, text) => ({ name, text })))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    printed.set(settings, files);
  }
  return files;
}

/** Settings don't change once they are whole, and printing rules is most of the work of checking them again. */
const printed = new WeakMap<Settings, readonly RulesFile[]>();
