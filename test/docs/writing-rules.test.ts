import ts from 'typescript';
import { compileFunction } from 'node:vm';
import * as rules from '../../lib/rules';
import { LIBRARY_PACKAGES } from '../../lib/rules/library/library-file';
import { EVENT_DEFAULTS } from '../../lib/rules/testing/event-defaults';
import { Project, type Ending } from '../cli/project';
import { blocksOf, read, type Block } from './blocks';

const DOCUMENT = 'docs/writing-rules.md';
const blocks = blocksOf(DOCUMENT);

let project: Project;

beforeEach(() => {
  project = new Project();
});

afterEach(() => {
  project.remove();
});

/** The words of a command, as a shell would pass them. */
function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

function runCommand({ text }: Block): Ending {
  const [npx, program, ...args] = words(text.trim());
  expect([npx, program]).toEqual(['npx', 'falco-egress']);
  return project.run(...args);
}

/** Follows the guide up to a block: writes the files that stand before it. */
function follow(to: Block): void {
  for (const block of blocks.slice(0, blocks.indexOf(to))) {
    if (block.meta.startsWith('file=')) project.write(block.meta.replace('file=', ''), block.text);
  }
}

const commands = blocks.filter(({ language }) => language === 'sh');

test.each(commands.map((block) => [block.place, block] as const))('%s does what it says', (_, block) => {
  follow(block);
  const { code, out, error } = runCommand(block);
  expect([code, error]).toEqual([Number(/^exit=(\d)$/.exec(block.meta)?.[1] ?? 0), '']);
  const next = blocks[blocks.indexOf(block) + 1];
  if (next?.language === 'text') expect(out).toBe(next.text);
});

test('the guide has commands and what they print', () => {
  expect(commands.length).toBeGreaterThan(4);
  expect(blocks.filter(({ language }) => language === 'text').length).toBeGreaterThan(3);
});

test('the example for jest runs', () => {
  const block = blocks.find(({ language }) => language === 'typescript');
  if (block === undefined) throw new Error('there is no example');
  follow(block);
  const { outputText } = ts.transpileModule(block.text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const names: string[] = [];
  // A test can't declare tests while it runs: this stands for jest's own.
  const each =
    (cases: readonly rules.RuleTestResult[]) =>
    (title: string, run: (result: rules.RuleTestResult) => void): void => {
      for (const one of cases) {
        names.push(title.replace('$name', one.name));
        run(one);
      }
    };
  const before = process.cwd();
  process.chdir(project.folder);
  try {
    const run = compileFunction(outputText, ['require', 'exports', 'test', 'expect']) as (
      ...args: unknown[]
    ) => void;
    const load = (name: string): unknown => (name === 'falco-egress/rules' ? rules : undefined);
    run(load, {}, { each }, expect);
  } finally {
    process.chdir(before);
  }
  expect(names).toContain('curl to the website, refused');
});

test('it names all defaults of events, and our packages', () => {
  const text = read(DOCUMENT);
  for (const [name, value] of Object.entries(EVENT_DEFAULTS)) {
    expect(text).toContain(`\`${name}\``);
    expect(text).toContain(`\`${String(value)}\``);
  }
  for (const name of LIBRARY_PACKAGES) expect(text).toContain(`\`${name}\``);
});
