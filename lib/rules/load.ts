import { Definitions } from './definitions';
import { RulesError, type Finding } from './finding';
import type { RulesObject } from './object';
import { readItem } from './read/item';
import type { Node, Report } from './read/node';
import { parseYaml } from './read/yaml';
import { renderFindings, type RulesFile } from './render';
import type { StockNames } from './stock';

/** The engine version of Falco 0.44.1. */
const ENGINE_VERSION = '0.62.0';

/** What rules files are checked against. */
export interface LoadOptions {
  /** What is loaded before them; without it they must stand on their own. */
  readonly stock?: StockNames;
  /** The engine that will load them; that of Falco 0.44.1 if absent. */
  readonly engineVersion?: string;
}

/** An object of a rules file, and where it stands. */
export interface LoadedObject {
  readonly object: RulesObject;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What rules files hold, and what is wrong with them; what Falco would refuse isn't among the objects. */
export interface LoadedRules {
  readonly objects: readonly LoadedObject[];
  /** In the order of the files, then of the lines. */
  readonly findings: readonly Finding[];
}

/** Reads rules files in the order in which Falco will, and checks what needs no knowledge of fields. */
export function loadRules(files: readonly RulesFile[], options: LoadOptions = {}): LoadedRules {
  const context = { engineVersion: options.engineVersion ?? ENGINE_VERSION };
  const definitions = new Definitions(options.stock);
  const objects: LoadedObject[] = [];
  const reports: Report[] = [];
  for (const file of files) {
    const { roots, report } = parseYaml(file);
    reports.push(report);
    for (const node of roots.flatMap((root) => itemsOf(root, report))) {
      const item = readItem(node, context, report);
      if (item?.defines !== undefined) definitions.add(item.defines, report);
      if (item?.object !== undefined) {
        objects.push({ object: item.object, file: file.name, ...report.position(item.node.start) });
      }
      // An item without a name may have defined anything.
      if (item?.object === undefined && item?.defines === undefined && hasErrors(report)) {
        definitions.incomplete = true;
      }
    }
    if (roots.length === 0 && hasErrors(report)) definitions.incomplete = true;
    definitions.checkMacros();
  }
  return { objects, findings: reports.flatMap(({ findings }) => inOrder(findings)) };
}

/** Reads rules files that must be right: throws a {@link RulesError} with all findings if one is an error. */
export function loadRulesOrThrow(files: readonly RulesFile[], options: LoadOptions = {}): LoadedRules {
  const loaded = loadRules(files, options);
  const errors = loaded.findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new RulesError('invalid-rules', renderFindings(errors, files), loaded.findings);
  return loaded;
}

function itemsOf(root: Node, report: Report): readonly Node[] {
  if (root.type === 'sequence') return root.items;
  if (root.type !== 'null') {
    report.error('LOAD_ERR_YAML_VALIDATE', root, 'a rules file is a sequence: every item starts with "- "');
  }
  return [];
}

function hasErrors({ findings }: Report): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
