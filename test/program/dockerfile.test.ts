import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { imageReference } from '../../lib/constructs/image';
import { PROGRAM_USER, runProgram } from '../../lib/constructs/run-program';
import { NODE_FLAGS } from '../../lib/program/node-flags';
import { resolveSettings } from '../../lib/settings/settings';
import { VERSION } from '../../lib/version';

const root = join(__dirname, '../..');
const settings = resolveSettings({ cluster: 'test', responder: { program: 'image' } });

/** The instructions of the Dockerfile, with continued lines joined. */
const instructions = readFileSync(join(root, 'Dockerfile'), 'utf8')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line): [string, string] => {
    const [name = '', ...rest] = line.split(' ');
    return [name, rest.join(' ')];
  });

function only(name: string): string {
  const found = instructions.filter(([instruction]) => instruction === name);
  if (found.length !== 1) throw new Error(`${found.length} times ${name}`);
  return found[0]?.[1] ?? '';
}

const copied = only('COPY').split(' ').slice(0, -1);
const target = only('COPY').split(' ').at(-1) ?? '';

let folder: string;

/** The root of a container, with the files that the Dockerfile copies. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-image-'));
  mkdirSync(join(folder, target), { recursive: true });
  for (const path of copied) copyFileSync(join(root, path), join(folder, target, basename(path)));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What a container of the image does with these arguments, or with its own. */
function run(args = JSON.parse(only('CMD')) as readonly string[]) {
  const [command = '', ...fixed] = JSON.parse(only('ENTRYPOINT')) as string[];
  expect([command, fixed.slice(0, -1)]).toEqual(['node', NODE_FLAGS]);
  const inside = fixed.map((path) => (path.startsWith('/') ? join(folder, path) : path));
  const { status, stdout, stderr } = spawnSync(process.execPath, [...inside, ...args], {
    cwd: folder,
    env: { NODE_ENV: 'production' },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('it is made on the stock Node image of the settings, for the user that the Pods name', () => {
  expect(only('FROM')).toBe(imageReference(settings, 'node'));
  expect(only('USER')).toBe(`${PROGRAM_USER}:${PROGRAM_USER}`);
});

test('its version is that of the package and of the image that the settings name', () => {
  expect(only('LABEL')).toContain(`org.opencontainers.image.version="${VERSION}"`);
  expect(settings.images.program.tag).toBe(VERSION);
});

test('what it copies is there, readable by anybody, and not left out of the build', () => {
  const kept = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  for (const path of copied) {
    expect(existsSync(join(root, path))).toBe(true);
    expect(statSync(join(root, path)).mode & 0o004).toBe(0o004);
    expect(kept).toContain(`!${path}`);
  }
});

test('without arguments it says what it can do', () => {
  const { status, stdout, stderr } = run();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('responder [--config FILE]');
});

test('it says its version', () => {
  expect(run(['--version'])).toEqual({ status: 0, stdout: `${VERSION}\n`, stderr: '' });
});

test.each([
  ['responder', '--config', 'no cluster'],
  ['secrets', '--spec', 'absent.json'],
])('a Pod of the stack runs %s in it by arguments alone', (name, option, complaint) => {
  const { container } = runProgram(settings, [name, option, join(folder, 'absent.json')], {});
  expect(container).toMatchObject({ image: imageReference(settings, 'program') });
  expect(container.command).toBeUndefined();
  // It gets as far as one can without a cluster.
  const { status, stderr } = run(container.args);
  expect(status).toBe(2);
  expect((JSON.parse(stderr) as { message: string }).message).toContain(complaint);
});
