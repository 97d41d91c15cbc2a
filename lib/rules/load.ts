import { runLints } from './checks/run-lints';
import { Silencers } from './checks/silencers';
import type { StockIndex } from '../falco/stock-index';
import { falcoVersion, FALCO_VERSIONS } from '../falco/versions';
import { Collection } from './compile/collection';
import type { Ruleset } from './compile/compiled';
import { Compiler } from './compile/compiler';
import { missingMacro } from './compile/missing-macro';
import { falcoFields } from './fields/catalogue';
import { RulesError, type Finding } from './finding';
import type { RulesObject } from './object';
import { readItem, type ReadContext } from './read/item';
import type { Node, Report } from './read/node';
import { parseYaml } from './read/yaml';
import { renderFindings, type RulesFile } from './render';
import type { StockNames } from './stock';

/** The plugins that are loaded if nothing else is said: those of our stack. */
export const DEFAULT_PLUGINS = ['container', 'k8smeta'] as const;

/** What rules files are checked against. */
export interface LoadOptions {
  /**
   * What is loaded before them; without it they must stand on their own. Names alone let files use and change what they
   * name; files let them be checked through and through. Of files of others only errors are reported: Falco would not get
   * as far as yours.
   */
  readonly stock?: StockNames | readonly RulesFile[];
  /**
   * The Falco that will load them.
   *
   * @default the newest that is known
   */
  readonly falco?: string;
  /**
   * The plugins that Falco loads: `container`, `k8smeta`.
   *
   * @default both
   */
  readonly plugins?: readonly string[];
  /**
   * Whether to warn of what Falco loads, but what hardly means what its author wanted (docs/lints.md).
   *
   * @default true
   */
  readonly lints?: boolean;
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
  /** In the order of the files, the stock's first, then of the lines. */
  readonly findings: readonly Finding[];
  /** What all files, the stock's included, make together. */
  readonly ruleset: Ruleset;
}

/**
 * Reads and compiles rules files in the order in which Falco will.
 *
 * @throws UnknownFalcoVersionError for a Falco that nothing is known about
 */
export function loadRules(files: readonly RulesFile[], options: LoadOptions = {}): LoadedRules {
  const loader = new Loader(options);
  const reports = files.map((file) => loader.load(file));
  if (![...loader.stock, ...reports].some(hasErrors)) loader.compiler.warnOfUnused();
  loader.lint();
  // Later files can break earlier ones: what is wrong with the stock is known at the end only.
  const findings = [
    ...loader.stock.flatMap((report) => inOrder(report.findings.filter(isError))),
    ...reports.flatMap((report) => inOrder(report.findings)),
  ];
  return { objects: loader.objects, findings, ruleset: loader.ruleset };
}

/** Reads rules files that must be right: throws a {@link RulesError} with all findings if one is an error. */
export function loadRulesOrThrow(files: readonly RulesFile[], options: LoadOptions = {}): LoadedRules {
  const loaded = loadRules(files, options);
  const errors = loaded.findings.filter(isError);
  if (errors.length > 0) {
    const shown = [...stockFilesOf(options), ...files];
    throw new RulesError('invalid-rules', renderFindings(errors, shown), loaded.findings);
  }
  return loaded;
}

class Loader {
  objects: LoadedObject[] = [];
  ruleset: Ruleset;
  /** What is wrong with the files that are loaded before those that are checked. */
  readonly stock: readonly Report[];
  readonly compiler: Compiler;
  private readonly collection: Collection;
  private readonly silencers = new Map<Report, Silencers>();
  private readonly lints: boolean;
  private readonly stockIndex: () => StockIndex;
  private readonly context: ReadContext;

  constructor({
    falco = FALCO_VERSIONS.at(-1) ?? '',
    plugins = DEFAULT_PLUGINS,
    stock,
    lints = true,
  }: LoadOptions) {
    const row = falcoVersion(falco);
    const catalogue = falcoFields(falco, plugins);
    this.stockIndex = row.stockIndex;
    this.lints = lints;
    const loaded = Object.entries(row.plugins).filter(([name]) => plugins.includes(name));
    this.context = {
      engineVersion: row.engine,
      plugins: new Map(loaded.map(([name, { version }]) => [name, version])),
    };
    this.collection = new Collection(stock !== undefined && 'length' in stock ? undefined : stock, catalogue);
    this.compiler = new Compiler(this.collection, catalogue, (name) => missingMacro(name, row.stockIndex()));
    this.ruleset = { rules: [], macros: new Map(), lists: new Set(), ownItems: new Set(), catalogue };
    this.stock = stockFilesOf({ stock }).map((file) => this.load(file));
    // A broken file may have defined what the checked ones use: they aren't to blame.
    if (!this.stock.some(hasErrors)) this.collection.incomplete = false;
    this.silencers.clear();
    this.objects = [];
  }

  /** What is wrong so far with a file is in its report; files that come later can add to it. */
  load(file: RulesFile): Report {
    const { roots, report } = parseYaml(file);
    if (this.lints)
      this.silencers.set(report, new Silencers(file.text.replace(/^\ufeff/, ''), report, roots));
    for (const node of roots.flatMap((root) => itemsOf(root, report))) {
      const item = readItem(node, this.context, report);
      if (item !== undefined) this.collection.add(item, report);
      if (item?.object !== undefined) {
        const { object } = item;
        this.objects.push({ object, file: file.name, ...report.position(item.node.start) });
      }
      // An item without a name may have defined anything.
      if (item?.object === undefined && item?.defines === undefined && hasErrors(report)) {
        this.collection.incomplete = true;
      }
    }
    if (roots.length === 0 && hasErrors(report)) this.collection.incomplete = true;
    this.ruleset = this.compiler.compile();
    return report;
  }

  /** Warns of what Falco loads, but what hardly means what its author wanted; in the files that are checked. */
  lint(): void {
    if (!this.lints) return;
    const { lists } = this.ruleset;
    const stockLists = new Set(this.stockIndex().lists.filter((name) => !lists.has(name)));
    runLints(this.ruleset, this.silencers, stockLists);
    for (const [report, silencers] of this.silencers) {
      // What is broken wasn't looked at.
      if (!hasErrors(report)) silencers.warnOfUnused();
    }
  }
}

/** The files that are loaded before those that are checked, as far as more than their names is known. */
export function stockFilesOf({
  stock,
}: {
  readonly stock?: LoadOptions['stock'] | undefined;
}): readonly RulesFile[] {
  return stock !== undefined && 'length' in stock ? stock : [];
}

function itemsOf(root: Node, report: Report): readonly Node[] {
  // Falco passes over items that are nothing: a lone '-'.
  if (root.type === 'sequence') return root.items.filter(({ type }) => type !== 'null');
  if (root.type !== 'null') {
    report.error('LOAD_ERR_YAML_VALIDATE', root, 'a rules file is a sequence: every item starts with "- "');
  }
  return [];
}

function hasErrors({ findings }: Report): boolean {
  return findings.some(isError);
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
