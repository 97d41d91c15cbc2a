import { resolve } from 'node:path';
import * as fc from 'fast-check';
import ts from 'typescript';
import { adviceAsTypescript } from '../../lib/advise/as-typescript';
import { advised, attempt } from './advised';
import { history } from './histories';

/* What `advise --typescript` prints, held to by the real compiler, strictly, against cdk8s as it is installed here. */

/** What the compiler says, each with the place of its module. */
function complaints(modules: readonly string[]): string[] {
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, noUnusedLocals: true, noUnusedParameters: true },
    ...{ exactOptionalPropertyTypes: true, types: [] },
    ...{ module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const texts = new Map(modules.map((text, at) => [resolve(__dirname, `advised-module-${at}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.fileExists = (path) => texts.has(path) || ts.sys.fileExists(path);
  host.getSourceFile = (path, target) => {
    const text = texts.get(path);
    return text === undefined ? read(path, target) : ts.createSourceFile(path, text, target);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const place = [...texts.keys()].indexOf(resolve(file?.fileName ?? ''));
    return `${place}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

test('policies as TypeScript compile; what is no program does not', () => {
  const modules = fc.sample(history, { numRuns: 5, seed: 11 }).map(({ objects, lines }) => {
    const all = [
      ...lines,
      ...Array.from({ length: 12 }, (_, at) => attempt(`2001:db8::${at}`, 8000 + 2 * at)),
      attempt('198.51.100.9', 443),
    ];
    return adviceAsTypescript(advised(objects, all).advice, ["a remark with '`${quotes}*/", 'and\nlines']);
  });
  const none = adviceAsTypescript([], []);
  expect(modules.some((text) => text.includes('new ApiObject('))).toBe(true);
  const wrong = none.replace('ApiObject[]', 'ApiObject');
  expect(complaints([...modules, none, wrong])).toEqual([
    expect.stringContaining(`${modules.length + 1}: Type 'never[]'`),
  ]);
}, 120_000);
