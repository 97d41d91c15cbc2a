import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from './control-plane/cache.mjs';
import { checkGo, goEnvironment } from './control-plane/go.mjs';

const FLAGS = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w'];

/** Options of go, of which the key of the cache is made. */
function flagsOf({ tags = [] }) {
  return tags.length > 0 ? [...FLAGS, `-tags=${tags.join(',')}`] : FLAGS;
}

/**
 * Builds one program from the Go module in a folder, whose name it has, and prints one JSON object, its name to its path, on
 * stdout; progress goes to stderr. What is already in the cache is not built again, and needs no Go.
 * With `--cached` nothing is built: what isn't there is an error.
 *
 * @param {{ folder: string, name: string, files: string[], target: string, tags?: string[] }} program `files` of the
 *   folder, which it is made of, the package to build, and its build tags
 */
export function buildGoProgram(program) {
  try {
    const home = homeOf(program);
    const path = join(home, program.name);
    if (!existsSync(path)) {
      if (process.argv.includes('--cached')) throw new Error('not built yet');
      build(program, home);
    }
    console.log(JSON.stringify({ [program.name]: path }, null, 2));
  } catch (error) {
    console.error(`${program.name}: ${error.message}`);
    process.exitCode = 1;
  }
}

/** Where the program goes: another folder for every change of what it is made of. */
function homeOf(program) {
  const { folder, name, files } = program;
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  const key = createHash('sha256')
    .update(JSON.stringify([texts, flagsOf(program), process.platform, process.arch]))
    .digest('hex');
  return join(dirname(cacheFolder()), name, key.slice(0, 20));
}

function build(program, home) {
  const { folder, name, target } = program;
  checkGo(folder);
  mkdirSync(dirname(home), { recursive: true });
  const unfinished = mkdtempSync(`${home}.unfinished-`);
  try {
    const started = Date.now();
    console.error(`${name}: building …`);
    const { error, status } = spawnSync(
      'go',
      ['build', ...flagsOf(program), '-o', join(unfinished, name), target],
      {
        cwd: folder,
        env: goEnvironment(),
        // stdout is ours alone: it carries the JSON.
        stdio: ['ignore', process.stderr, 'inherit'],
      },
    );
    if (error !== undefined || status !== 0) throw error ?? new Error(`go build failed (exit ${status})`);
    console.error(`${name}: built in ${Math.round((Date.now() - started) / 1000)} s`);
    renameSync(unfinished, home);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another build of the same key may have been first; its program is as good as ours.
    if (!existsSync(join(home, name))) throw error;
  }
}
