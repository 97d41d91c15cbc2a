import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { binaries } from './control-plane/binaries';
import type { ControlPlane } from './control-plane';

const ROOT = resolve(__dirname, '../..');

/** The commands of a document that install from a checkout: those of its first block of them, one each. */
export function documentedCommands(file: string): readonly string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const [, block = ''] = /^```sh\n([^]*?)^```$/m.exec(text) ?? [];
  return block
    .replace(/\\\n */g, '')
    .split('\n')
    .filter(Boolean);
}

/** Runs commands as somebody does who types them in at the root of the project. Throws what the first says that fails. */
export async function inShell(
  commands: readonly string[],
  { helm, plane }: { readonly helm: string; readonly plane: ControlPlane },
): Promise<void> {
  const programs = mkdtempSync(join(plane.folder, 'path-'));
  try {
    symlinkSync(helm, join(programs, 'helm'));
    symlinkSync((await binaries()).kubectl, join(programs, 'kubectl'));
    await promisify(execFile)('sh', ['-e', '-c', commands.join('\n')], {
      cwd: ROOT,
      env: {
        ...process.env,
        PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}`,
        HOME: plane.folder,
        KUBECONFIG: plane.kubeconfig,
      },
    });
  } finally {
    rmSync(programs, { recursive: true });
  }
}
