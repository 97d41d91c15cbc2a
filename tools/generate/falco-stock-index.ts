import { load } from 'js-yaml';
import {
  banner,
  generatedPath,
  printKey,
  quote,
  runGenerator,
  wrap,
  type GeneratedFile,
} from './falco-generated';

const SCRIPT = 'falco-stock-index.ts';

/** Falco's stock rules file, as far from the root of this repository as our own copy of the data stands. */
export const STOCK_RULES_SOURCE = '../shared/data/rules/falco_rules.yaml';

/** Reads Falco's stock rules file and prints the names in it: no condition, no output, no description. */
export function generateStockIndex(yaml: string, version: string): GeneratedFile[] {
  const entries = load(yaml);
  if (!Array.isArray(entries)) throw new Error('The stock rules file must be a list.');
  const rules = new Map<string, boolean>();
  const macros = new Set<string>();
  const lists = new Set<string>();
  const plugins = new Map<string, string>();
  let engine: string | undefined;
  for (const entry of entries as unknown[]) {
    if (!isRecord(entry)) throw new Error('An entry of the stock rules file is not an object.');
    const { rule, macro, list, required_engine_version, required_plugin_versions, enabled } = entry;
    if (typeof rule === 'string') rules.set(rule, enabled !== false);
    else if (typeof macro === 'string') macros.add(macro);
    else if (typeof list === 'string') lists.add(list);
    else if (typeof required_engine_version === 'string') engine = required_engine_version;
    else if (Array.isArray(required_plugin_versions)) {
      for (const plugin of required_plugin_versions as unknown[]) {
        if (!isRecord(plugin)) throw new Error('An entry of required_plugin_versions is not an object.');
        plugins.set(String(plugin['name']), String(plugin['version']));
      }
    } else {
      throw new Error(
        `An entry of the stock rules file is of no known kind: ${Object.keys(entry).join(', ')}`,
      );
    }
  }
  if (engine === undefined) throw new Error('The stock rules file has no required_engine_version.');
  const disabled = [...rules].filter(([, enabled]) => !enabled).map(([name]) => name);
  const text = [
    banner(SCRIPT, `the stock rules of Falco ${version}`),
    "import type { StockIndex } from '../../stock-index';",
    '',
    `/** Names in the stock rules that Falco ${version} ships. */`,
    'export function stockIndex(): StockIndex {',
    '  return {',
    `    requiredEngineVersion: ${quote(engine)},`,
    `    requiredPluginVersions: { ${[...plugins].map(([name, least]) => `${printKey(name)}: ${quote(least)}`).join(', ')} },`,
    ...names('rules', rules.keys()),
    ...names('disabledRules', disabled),
    ...names('macros', macros),
    ...names('lists', lists),
    '  };',
    '}',
    '',
  ].join('\n');
  return [{ path: generatedPath(version, 'stock-index.ts'), text }];
}

function names(key: string, values: Iterable<string>): string[] {
  const quoted = [...values].map(quote);
  return quoted.length === 0 ? [`    ${key}: [],`] : [`    ${key}: [`, ...wrap(quoted, '      '), '    ],'];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

if (require.main === module) runGenerator(STOCK_RULES_SOURCE, generateStockIndex);
