import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { projectFiles } from '../project-template/project';
import type { Streams } from '../synth/report';
import { UsageError } from '../synth/usage-error';

/** What the command line says. */
export interface InitOptions {
  readonly yaml: boolean;
  readonly json: boolean;
}

export const INIT_EXAMPLES = `
Nothing is overwritten: where a file is in the way, none is written.

Examples:
  $ npx falco-egress init egress             a TypeScript project in egress/
  $ npx falco-egress init --yaml             settings and rules alone, in this folder
`;

/** `init`: starts a project in a folder. */
export function runInit(folder: string, { yaml, json }: InitOptions, streams: Streams): void {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new UsageError(`${folder} is a file; give a folder`);
  const files = projectFiles(basename(resolve(folder)), yaml ? 'yaml' : 'typescript');
  const inTheWay = [...files.keys()].map((path) => join(folder, path)).filter((path) => existsSync(path));
  if (inTheWay.length > 0)
    throw new UsageError(
      `already there: ${inTheWay.join(', ')}; nothing was written: give another folder, or move them`,
    );
  for (const [path, text] of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    // Fails where somebody else has been faster.
    writeFileSync(target, text, { flag: 'wx' });
  }
  const written = [...files.keys()].map((path) => join(folder, path));
  if (json) streams.out(`${JSON.stringify({ written })}\n`);
  else {
    const enter = resolve(folder) === process.cwd() ? '' : `cd ${quoted(folder)} && `;
    streams.out(`${written.join('\n')}\n`);
    streams.error(`Next: ${enter}npm install && npm run synth\n`);
  }
}

/** A folder as a shell takes it for one word, and `cd` for no option of its own. */
function quoted(folder: string): string {
  const path = folder.startsWith('-') ? `./${folder}` : folder;
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
