import { falcoVersion, FALCO_VERSIONS } from '../../falco/versions';
import { nearest } from '../../schema/nearest';
import type { CompiledRule, Ruleset } from '../compile/compiled';
import type { Event } from '../evaluate/event';
import { RuleEngine } from '../evaluate/rules';
import type { FieldCatalogue } from '../fields/field';
import { RulesError, type Finding } from '../finding';
import { mayHoldRules, rulesWithin, type EmbeddedRules } from '../embedded';
import { libraryFile } from '../library/library-file';
import { loadRules } from '../load';
import type { Report, ScalarNode } from '../read/node';
import { renderFindings, type RulesFile } from '../render';
import type { StockNames } from '../stock';
import { compareAlerts } from './compare-alerts';
import { recordedEvent, writtenEvent } from './event-defaults';
import { INVALID_TEST } from './mapping';
import { readTestFile } from './read-test-file';
import { readRecordedEvents } from './recorded-events';
import type { RaisedAlert, RuleTestResult, RuleTestResults } from './results';
import type { RuleTest, TestFile } from './test-file';
import { whyMissed } from './why-missed';

/**
 * Reads a file that a test file names.
 *
 * @param path as the test file has it
 * @returns its text, and the name for messages; `undefined` if there is none
 */
export type ReadNamedFile = (path: string) => RulesFile | undefined;

/**
 * Runs the tests of a file.
 *
 * @param stock stock rules for a test file that names none
 * @throws {@link RulesError} with all findings if the test file, its rules or its recorded events are wrong
 */
export function runTests(
  file: RulesFile,
  read: ReadNamedFile,
  stock: readonly RulesFile[] = [],
): RuleTestResults {
  return new Run(file, read, stock).results();
}

class Run {
  private readonly files: RulesFile[];
  private readonly report: Report;
  private readonly catalogue: FieldCatalogue;
  private readonly tests: TestFile | undefined;

  constructor(
    private readonly file: RulesFile,
    private readonly read: ReadNamedFile,
    private readonly stock: readonly RulesFile[],
  ) {
    this.files = [file];
    ({ report: this.report, catalogue: this.catalogue, tests: this.tests } = readTestFile(file));
  }

  results(): RuleTestResults {
    const { tests } = this;
    const given = new Map(tests?.tests.map((test) => [test, this.eventsOf(test, tests.defaults)]));
    const rulesFiles = (tests?.rules ?? []).flatMap((path) => this.named(path) ?? []);
    const stockFiles = (tests?.stock ?? []).flatMap((path) => this.named(path) ?? []);
    if (tests === undefined || this.report.findings.length > 0) throw this.refused('invalid-test');
    const stock = stockFiles.length > 0 ? stockFiles : this.stock;
    const ruleset = this.load(tests, rulesFiles, stock);
    const rules = new Map(ruleset.rules.map((rule) => [rule.name, rule]));
    this.checkNames(tests, rules);
    if (this.report.findings.length > 0) throw this.refused('invalid-test');
    const engine = new RuleEngine(ruleset, tests.matching);
    const stockNames = new Set(stock.map(({ name }) => name));
    const results = tests.tests.map((test) =>
      this.run(test, given.get(test) ?? [], engine, rules, stockNames),
    );
    return { file: this.file.name, passed: results.every(({ passed }) => passed), tests: results };
  }

  private run(
    test: RuleTest,
    events: readonly Event[],
    engine: RuleEngine,
    rules: ReadonlyMap<string, CompiledRule>,
    stockFiles: ReadonlySet<string>,
  ): RuleTestResult {
    const alerts: RaisedAlert[] = events.flatMap((event, index) =>
      engine.alerts(event).map((alert) => ({ ...alert, event: index + 1 })),
    );
    const expectations = test.expected.flatMap((alert) => {
      const rule = rules.get(alert.rule.text);
      return rule === undefined ? [] : [{ alert, rule }];
    });
    const named = new Set(expectations.map(({ rule }) => rule.name));
    // Who tests rules of their own needn't say what the stock rules raise beside.
    const ignored = ({ rule }: RaisedAlert): boolean =>
      !named.has(rule) && stockFiles.has(rules.get(rule)?.known.place?.report.file ?? '');
    const differences = compareAlerts(expectations, alerts, ignored, (rule) =>
      whyMissed(rule, events, alerts, this.catalogue),
    );
    const { line, column } = this.report.position(test.at.start);
    return { name: test.name, line, column, passed: differences.length === 0, alerts, differences };
  }

  private eventsOf(test: RuleTest, defaults: Event): readonly Event[] {
    return test.given.flatMap((given, index) => {
      if (given.kind === 'event') return [writtenEvent(given.event, defaults, index + 1)];
      const file = this.named(given.path);
      if (file === undefined) return [];
      const { events, findings } = readRecordedEvents(file, this.catalogue);
      this.report.findings.push(...findings);
      if (events.length === 0 && findings.length === 0) {
        this.report.error(INVALID_TEST, given.path, `${given.path.text} holds no event`);
      }
      return events.map((event) => recordedEvent(event, defaults));
    });
  }

  private load(tests: TestFile, files: readonly RulesFile[], stock: readonly RulesFile[]): Ruleset {
    const { falco, plugins } = tests;
    const library = tests.library.map((name) => libraryFile(name, plugins));
    const within = files.flatMap(rulesIn);
    const all = [...library, ...within.map(({ file }) => file)];
    const { findings, ruleset } = loadRules(all, {
      stock: stock.length > 0 ? stock : stockNames(falco),
      lints: false,
      ...(falco !== undefined && { falco }),
      ...(plugins !== undefined && { plugins }),
    });
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      const written = errors.map(
        (error) => within.find(({ file }) => file.name === error.file)?.whereWritten(error) ?? error,
      );
      throw this.refused('invalid-rules', written, [...stock, ...files, ...library]);
    }
    return ruleset;
  }

  private checkNames(tests: TestFile, rules: ReadonlyMap<string, CompiledRule>): void {
    const at = tests.rules[0] ?? { start: 0, end: 0 };
    for (const { name, enabled, complete, known } of rules.values()) {
      if (!enabled || complete || known.place === undefined) continue;
      const message = `rule '${name}' uses stock rules of which only the names are known`;
      this.report.error(INVALID_TEST, at, message, 'name their file: stock: …/falco_rules.yaml');
    }
    for (const { rule } of tests.tests.flatMap(({ expected }) => expected)) {
      const found = rules.get(rule.text);
      if (found === undefined) {
        const meant = nearest(rule.text, rules.keys());
        const hint = meant === undefined ? undefined : `did you mean '${meant}'?`;
        this.report.error(INVALID_TEST, rule, `there is no rule '${rule.text}'`, hint);
      } else if (!found.complete && found.known.place === undefined) {
        const hint = 'name their file: stock: …/falco_rules.yaml';
        this.report.error(
          INVALID_TEST,
          rule,
          `of the stock rule '${rule.text}' only the name is known`,
          hint,
        );
      }
    }
  }

  /** A file that the test file names; a finding if there is none. */
  private named(path: ScalarNode): RulesFile | undefined {
    const file = this.read(path.text);
    if (file === undefined) this.report.error(INVALID_TEST, path, `there is no file ${path.text}`);
    else if (!this.files.some(({ name }) => name === file.name)) this.files.push(file);
    return file;
  }

  private refused(
    code: string,
    findings: readonly Finding[] = this.report.findings,
    files: readonly RulesFile[] = this.files,
  ): RulesError {
    return new RulesError(code, renderFindings(findings, files), findings);
  }
}

/** A rules file, or those in the ConfigMaps of a manifest: what is deployed can be tested. */
function rulesIn(file: RulesFile): readonly EmbeddedRules[] {
  const within = mayHoldRules(file.text) ? rulesWithin(file) : undefined;
  return within ?? [{ file, whereWritten: (finding) => finding }];
}

function stockNames(falco: string = FALCO_VERSIONS.at(-1) ?? ''): StockNames {
  const { rules, macros, lists } = falcoVersion(falco).stockIndex();
  return { rules: new Set(rules), macros: new Set(macros), lists: new Set(lists) };
}
