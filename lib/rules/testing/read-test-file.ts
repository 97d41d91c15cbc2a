import { falcoVersion, FALCO_VERSIONS, UnknownFalcoVersionError } from '../../falco/versions';
import { falcoFields, FIELD_PLUGINS } from '../fields/catalogue';
import type { FieldCatalogue } from '../fields/field';
import { LIBRARY_PACKAGES } from '../library/library-file';
import type { Node, Report, ScalarNode } from '../read/node';
import { parseYaml } from '../read/yaml';
import type { RulesFile } from '../render';
import { INVALID_TEST, scalarsOf, textOf, valuesOf, wordOf } from './mapping';
import { readExpected } from './read-expected';
import type { GivenEvents, RuleTest, TestFile } from './test-file';
import { readEvent, readFields } from './written-event';

/** A rule test file, as far as it could be read, and what is wrong with it. */
export interface ReadTestFile {
  readonly tests: TestFile | undefined;
  readonly catalogue: FieldCatalogue;
  readonly report: Report;
}

const KEYS = ['rules', 'library', 'stock', 'falco', 'plugins', 'matching', 'defaults', 'tests'] as const;
const TEST_KEYS = ['name', 'given', 'expect'] as const;

/** Reads a rule test file. It is strict: a key or a field that isn't known is an error, with its place. */
export function readTestFile(file: RulesFile): ReadTestFile {
  const { roots, report } = parseYaml(file);
  const [root, second] = roots;
  const newest = FALCO_VERSIONS.at(-1) ?? '';
  if (root === undefined || root.type !== 'mapping' || second !== undefined) {
    if (report.findings.length === 0) {
      const at = second ?? root ?? { start: 0, end: 0 };
      report.error(INVALID_TEST, at, 'a test file is one mapping, with the keys rules and tests');
    }
    return { tests: undefined, catalogue: falcoFields(newest), report };
  }
  const values = valuesOf(root, 'a test file', KEYS, report);
  const falco = falcoOf(values.falco, report);
  const plugins = pluginsOf(values.plugins, report);
  const catalogue = falcoFields(falco ?? newest, plugins);
  const rules = scalarsOf(values.rules, 'rules', report);
  const library = sequenceOf(values.library).flatMap(
    (node) => wordOf(node, 'library', LIBRARY_PACKAGES, report) ?? [],
  );
  if (rules.length === 0 && library.length === 0) {
    report.error(INVALID_TEST, values.rules ?? firstLine(root), 'a test file names rules: [files]');
  }
  const tests: TestFile = {
    rules,
    library,
    stock: scalarsOf(values.stock, 'stock', report),
    falco,
    plugins,
    matching: wordOf(values.matching, 'matching', ['first', 'all'], report) ?? 'all',
    defaults: values.defaults === undefined ? {} : readFields(values.defaults, 'defaults', catalogue, report),
    tests: readTests(values.tests, root, catalogue, report),
  };
  return { tests, catalogue, report };
}

function falcoOf(node: Node | undefined, report: Report): string | undefined {
  const version = node === undefined ? undefined : textOf(node, 'falco', node, report);
  if (version === undefined || node === undefined) return undefined;
  try {
    return falcoVersion(version).version;
  } catch (error) {
    if (!(error instanceof UnknownFalcoVersionError)) throw error;
    report.error(INVALID_TEST, node, error.message);
    return undefined;
  }
}

function pluginsOf(node: Node | undefined, report: Report): readonly string[] | undefined {
  if (node === undefined) return undefined;
  return sequenceOf(node).flatMap((item) => wordOf(item, 'plugins', FIELD_PLUGINS, report) ?? []);
}

function readTests(
  node: Node | undefined,
  root: Node,
  catalogue: FieldCatalogue,
  report: Report,
): readonly RuleTest[] {
  if (node === undefined || node.type !== 'sequence' || node.items.length === 0) {
    report.error(INVALID_TEST, node ?? firstLine(root), 'a test file has tests: a sequence of at least one');
    return [];
  }
  const tests = node.items.flatMap((item) => readTest(item, catalogue, report) ?? []);
  const seen = new Set<string>();
  for (const { name, at } of tests) {
    if (seen.has(name)) report.error(INVALID_TEST, at, `two tests are called '${name}'`);
    seen.add(name);
  }
  return tests;
}

function readTest(item: Node, catalogue: FieldCatalogue, report: Report): RuleTest | undefined {
  const { name: nameNode, given, expect } = valuesOf(item, 'a test', TEST_KEYS, report);
  const name = textOf(nameNode, 'name of the test', firstLine(item), report);
  if (name === undefined || nameNode === undefined) return undefined;
  if (given === undefined) report.error(INVALID_TEST, nameNode, `'${name}' has no events: given`);
  if (expect === undefined) {
    report.error(INVALID_TEST, nameNode, `'${name}' expects nothing`, "write 'expect: none' for no alert");
  }
  return {
    name,
    at: nameNode,
    given: sequenceOf(given).flatMap((event) => readGiven(event, catalogue, report) ?? []),
    expected: expect === undefined ? [] : readExpected(expect, catalogue, report),
  };
}

function readGiven(node: Node, catalogue: FieldCatalogue, report: Report): GivenEvents | undefined {
  if (node.type === 'mapping' && node.entries.some(({ key }) => key.text === 'file')) {
    const { file } = valuesOf(node, 'given', ['file'], report);
    const path = scalarOf(file, report);
    return path === undefined ? undefined : { kind: 'file', path };
  }
  return { kind: 'event', event: readEvent(node, catalogue, report) };
}

function scalarOf(node: Node | undefined, report: Report): ScalarNode | undefined {
  return scalarsOf(node, 'file', report)[0];
}

function sequenceOf(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return node.type === 'sequence' ? node.items : [node];
}

/** Where to show that something is missing. */
function firstLine(node: Node): Node {
  const first = node.type === 'mapping' ? node.entries[0]?.key : undefined;
  return first ?? node;
}
