import { nearest } from '../schema/nearest';
import { macroReferences } from './macro-references';
import type { Definition, ItemKind } from './read/item';
import type { Range, Report, ScalarNode } from './read/node';
import type { StockNames } from './stock';

/** A part of a condition, as it stands in a file. */
interface Segment {
  readonly scalar: ScalarNode;
  readonly report: Report;
}

interface Known {
  /** When the name first came up: only what comes up later can use it. */
  readonly index: number;
  /** When it was last defined or changed: it can use what came up before that. */
  lastChange: number;
  /** Whether the condition starts with text that we don't have, since a stock file defines it. */
  continued: boolean;
  segments: Segment[];
  foreign: boolean;
  /** Where its name last stood. */
  file: string;
}

const STOCK_INDEX = -1;

/** What the files read so far define, as Falco keeps it: later definitions replace earlier ones, overrides change them. */
export class Definitions {
  private readonly known: Readonly<Record<ItemKind, Map<string, Known>>> = {
    rule: new Map(),
    macro: new Map(),
    list: new Map(),
  };
  private readonly reported = new Set<ScalarNode>();
  private next = 0;

  /** Set when a file couldn't be read: then nothing is said about names that it may define. */
  incomplete = false;

  constructor(stock: StockNames | undefined) {
    if (stock === undefined) return;
    for (const [kind, names] of [
      ['rule', stock.rules],
      ['macro', stock.macros],
      ['list', stock.lists],
    ] as const) {
      for (const name of names) {
        this.known[kind].set(name, { ...blank(STOCK_INDEX), continued: true, file: '' });
      }
    }
  }

  /** Takes note of an item of a file. */
  add(definition: Definition, report: Report): void {
    const { kind, name, how, condition } = definition;
    const before = this.known[kind].get(name.text);
    // Falco makes a macro or a list of a 'replace' without anything to replace, but not a rule.
    if (
      before === undefined &&
      how !== 'define' &&
      (how === 'append' || kind === 'rule') &&
      !this.incomplete
    ) {
      this.reportMissingBase(definition, report);
    }
    const index = this.next++;
    const known = before ?? blank(index);
    if (how === 'define') {
      if (before?.file === report.file) {
        const text = `${kind} '${name.text}' is defined twice in this file: the second definition wins`;
        report.warning(`duplicate-${kind}`, name, text);
      }
      known.segments = [];
      known.foreign = definition.foreign ?? false;
    }
    if (condition !== undefined) {
      const segment = { scalar: condition, report };
      if (how === 'append') known.segments = [...known.segments, segment];
      else {
        known.segments = [segment];
        known.continued = false;
      }
    }
    known.lastChange = index;
    known.file = report.file;
    this.known[kind].set(name.text, known);
  }

  /** Finds macros that are used without being defined. Falco compiles everything after each file, so this must run then. */
  checkMacros(): void {
    if (this.incomplete) return;
    for (const known of this.known.macro.values()) this.checkCondition(known, known.lastChange);
    for (const known of this.known.rule.values()) {
      if (!known.foreign) this.checkCondition(known, Infinity);
    }
  }

  private checkCondition(known: Known, before: number): void {
    const text = known.segments.map(({ scalar }) => scalar.text).join(' ');
    for (const { name, offset } of macroReferences(text, known.continued ? 'connective' : 'operand')) {
      const macro = this.known.macro.get(name);
      if (macro !== undefined && macro.index < before) continue;
      // A list's name is replaced by its items before the condition is read, so it may well become a macro's.
      if (this.known.list.has(name)) continue;
      this.reportMacro(known, name, offset, macro !== undefined);
    }
  }

  private reportMacro(known: Known, name: string, offset: number, isLater: boolean): void {
    let start = 0;
    for (const { scalar, report } of known.segments) {
      const end = start + scalar.text.length;
      if (offset < end) {
        if (this.reported.has(scalar)) return;
        this.reported.add(scalar);
        const meant = isLater ? undefined : nearest(name, this.known.macro.keys());
        report.error(
          'LOAD_ERR_VALIDATE',
          placeOf(name, offset - start, scalar, report),
          isLater ? `macro '${name}' is used before it is defined` : `undefined macro '${name}'`,
          isLater ? 'a macro may use earlier macros only' : meant && `did you mean '${meant}'?`,
        );
        return;
      }
      start = end + 1;
    }
  }

  private reportMissingBase({ kind, name }: Definition, report: Report): void {
    const meant = nearest(name.text, this.known[kind].keys());
    report.error(
      'LOAD_ERR_VALIDATE',
      name,
      `no earlier ${kind} '${name.text}' to change`,
      meant === undefined ? undefined : `did you mean '${meant}'?`,
    );
  }
}

function blank(index: number): Known {
  return { index, lastChange: index, continued: false, segments: [], foreign: false, file: '' };
}

/** Where a word of a scalar's text stands in the file: the text may be folded there, so words are counted. */
function placeOf(word: string, offset: number, scalar: ScalarNode, report: Report): Range {
  const pattern = new RegExp(`\\b${word}\\b`, 'g');
  const nth = [...scalar.text.slice(0, offset).matchAll(pattern)].length;
  const match = [...report.source(scalar).matchAll(pattern)][nth];
  if (match === undefined) return scalar;
  const start = scalar.start + match.index;
  return { start, end: start + word.length };
}
