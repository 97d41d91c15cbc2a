import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadRules, renderFindings, type LoadedRules } from '../../lib/rules';
import type { CompiledRule } from '../../lib/rules/compile/compiled';
import { printResolved } from '../../lib/rules/language/print';
import { fieldsOf, macroUses } from '../../lib/rules/language/walk';
import { recordings, type Recording, type RecordedRule } from './recordings';

/** The stock rules are Falco's own: they are read where somebody has put them, never kept here. */
const STOCK = resolve(__dirname, '../../../shared/data/rules/falco_rules.yaml');

/** Where we differ from Falco on purpose, by id. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'f152-rpv-future': 'Falco prints no code for a plugin that is too old; ours is unmet-plugin-version',
};

/** How many names Falco counts where a condition binds to every event, some that its own catalogue leaves out. */
const EVERY_EVENT = 465;
/** What `evt.type` may be compared with, but is no event's name. */
const NAMELESS = ['syscall', 'unknown', 'container_added', 'container_removed'];

/** As the recordings were made: Falco with the container plugin alone; what only we warn of is left out. */
function load({ id, yaml }: Recording): LoadedRules {
  return loadRules([{ name: id, text: yaml }], { plugins: ['container'] });
}

function codes({ findings }: LoadedRules, severity: string): string[] {
  return findings.filter((finding) => finding.severity === severity).map(({ code }) => code);
}

/** Falco's own codes. */
function isFalcos(code: string): boolean {
  return code.startsWith('LOAD_');
}

/** What `falco -L` would say of a rule. */
function described(rule: CompiledRule, { ruleset }: LoadedRules, recorded?: RecordedRule): RecordedRule {
  const { output, outputText = '', eventTypes } = rule;
  if (output === undefined || rule.priority === undefined) throw new Error(`${rule.name} is not complete`);
  const priority = { INFO: 'Informational' }[rule.priority as string] ?? capitalized(rule.priority);
  return {
    rule: rule.name,
    condition_compiled: printResolved(rule.condition),
    output_compiled: output.parts.map(({ start, end }) => outputText.slice(start, end)).join(''),
    priority,
    enabled: rule.enabled,
    tags: [...rule.tags].sort(),
    events: eventsOf(eventTypes, ruleset, typeof recorded?.events === 'number'),
    condition_fields: [...new Set(fieldsOf(rule.condition).map(({ name }) => name))].sort(),
    lists: [...rule.lists].sort(),
    macros: [...new Set(macroUses(rule.condition).map(({ name }) => name))].sort(),
  };
}

function capitalized(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase();
}

function eventsOf(
  found: CompiledRule['eventTypes'],
  { catalogue }: LoadedRules['ruleset'],
  counted: boolean,
): RecordedRule['events'] {
  if (counted) {
    const every = [...catalogue.eventTypes].filter((name) => !NAMELESS.includes(name));
    return EVERY_EVENT - every.filter((name) => found !== 'all' && !found.has(name)).length;
  }
  // Falco delivers events of plugins to every rule, and its name for the event of accept is that of accept4 too.
  const more = found !== 'all' && found.has('accept') ? ['asyncevent', 'accept4'] : ['asyncevent'];
  return [...new Set([...found, ...more])].sort();
}

/** Falco gives sets in no order of any meaning. */
function inOrder(rule: RecordedRule): RecordedRule {
  const { events, condition_fields, lists, macros, tags } = rule;
  return {
    ...rule,
    tags: [...tags].sort(),
    events: typeof events === 'number' ? events : [...events].sort(),
    condition_fields: condition_fields.map((field) => field.replace(/\[.*\]$/, '')).sort(),
    lists: [...lists].sort(),
    macros: [...macros].sort(),
  };
}

const rows = [...recordings('conditions'), ...recordings('rules-files')];

test('the recordings are there', () => {
  expect(rows.length).toBeGreaterThan(300);
});

test('every exception names a recording', () => {
  const ids = rows.map(({ id }) => id);
  expect(Object.keys(EXCEPTIONS).filter((id) => !ids.includes(id))).toEqual([]);
});

describe.each(rows.map((row) => [row.id, row] as const))('%s', (id, row) => {
  const loaded = load(row);

  test('the verdict is Falco’s', () => {
    expect(codes(loaded, 'error').length === 0).toBe(row.ok);
  });

  test('the first error has Falco’s code', () => {
    const [code] = codes(loaded, 'error');
    if (id in EXCEPTIONS) expect([code, row.errors]).toEqual(['unmet-plugin-version', []]);
    else expect(code).toBe(row.errors[0]?.code);
  });

  test('the warnings are Falco’s', () => {
    const expected = row.warnings.map(({ code }) => code).sort();
    expect(codes(loaded, 'warning').filter(isFalcos).sort()).toEqual(expected);
  });

  const compiled = row.compiled ?? [];
  if (row.ok && compiled.length > 0)
    test('the rules compile to the same', () => {
      const { rules } = loaded.ruleset;
      expect(rules.map(({ name }) => name)).toEqual(compiled.map(({ rule }) => rule));
      expect(rules.map((rule, index) => described(rule, loaded, compiled[index]))).toEqual(
        compiled.map((recorded) => pick(inOrder(recorded))),
      );
    });
});

function pick(recorded: RecordedRule): RecordedRule {
  const { rule, condition_compiled, output_compiled, priority, enabled, tags, events } = recorded;
  const { condition_fields, lists, macros } = recorded;
  return {
    ...{ rule, condition_compiled, output_compiled, priority, enabled, tags, events },
    ...{ condition_fields, lists, macros },
  };
}

if (!existsSync(STOCK)) console.log(`skipped: the stock rules; ${STOCK} is not there`);

(existsSync(STOCK) ? describe : describe.skip)('the stock rules', () => {
  test('have no error and no warning of Falco’s', () => {
    const file = { name: 'falco_rules.yaml', text: readFileSync(STOCK, 'utf8') };
    const { findings, ruleset } = loadRules([file], { plugins: ['container'] });
    expect(renderFindings(findings.filter(({ code }) => isFalcos(code)))).toBe('');
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(ruleset.rules.length).toBeGreaterThan(20);
  });
});
