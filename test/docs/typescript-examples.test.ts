import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import * as library from '../../lib';
import * as containment from '../../lib/containment';
import { blocksIn, ROOT } from './blocks';

/** This repository as the package, by the names under which it is imported. */
const PACKAGE: ReadonlyMap<string, { readonly source: string; readonly module: object }> = new Map([
  ['falco-egress', { source: 'lib/index.ts', module: library }],
  ['falco-egress/containment', { source: 'lib/containment/index.ts', module: containment }],
]);

const examples = blocksIn('ts').map((block, index) => ({
  ...block,
  path: join(ROOT, `docs-example-${index}.ts`),
}));

/** What the compiler says of all examples, with this repository as the package `falco-egress`. */
function compile(): string[] {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const paths = Object.fromEntries([...PACKAGE].map(([name, { source }]) => [name, [join(ROOT, source)]]));
  const all: ts.CompilerOptions = { ...options, paths };
  const host = ts.createCompilerHost(all);
  const texts = new Map(examples.map(({ path, text }) => [path, text]));
  host.fileExists = (path) => texts.has(path) || ts.sys.fileExists(path);
  host.readFile = (path) => texts.get(path) ?? ts.sys.readFile(path);
  const program = ts.createProgram([...texts.keys()], all, host);
  return examples.flatMap(({ path, place }) => {
    const source = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}

test('all compile', () => {
  expect(examples.length).toBeGreaterThan(2);
  expect(compile()).toEqual([]);
}, 60_000);

test.each(examples.map((example) => [example.place, example.text] as const))('%s runs', (_, text) => {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-docs-'));
  const before = process.env['CDK8S_OUTDIR'];
  process.env['CDK8S_OUTDIR'] = folder;
  try {
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const requireFrom = createRequire(__filename);
    const run = compileFunction(outputText, ['require', 'exports', 'console']) as (
      require: (name: string) => unknown,
      exports: object,
      console: { readonly log: (...values: unknown[]) => void },
    ) => void;
    const printed: string[] = [];
    const log = (...values: unknown[]): void => {
      printed.push(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '));
    };
    run((name) => PACKAGE.get(name)?.module ?? requireFrom(name), {}, { log });
    // It writes manifests, or prints what its last lines say.
    if (printed.length === 0) expect(readdirSync(folder)).not.toEqual([]);
    else
      expect(text.trimEnd().split('\n').slice(-printed.length)).toEqual(printed.map((line) => `// ${line}`));
  } finally {
    if (before === undefined) delete process.env['CDK8S_OUTDIR'];
    else process.env['CDK8S_OUTDIR'] = before;
    rmSync(folder, { recursive: true });
  }
});
