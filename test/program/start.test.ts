import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programFolder, readProgram } from '../../lib/program/parts';
import { VERSION } from '../../lib/version';

const { sha256, start, index, parts } = readProgram();
let folder = '';

/** As the kubelet lays out a projected volume: links to a folder that is swapped in one step. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-start-'));
  const data = join(folder, '..2026_11_22');
  mkdirSync(data);
  writeFileSync(join(data, 'start.cjs'), start);
  writeFileSync(join(data, 'index.json'), index);
  for (const part of parts) writeFileSync(join(data, part.name), Buffer.from(part.base64, 'base64'));
  symlinkSync('..2026_11_22', join(folder, '..data'));
  for (const file of readdirSync(data)) symlinkSync(join('..data', file), join(folder, file));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function run(digest: string | undefined, ...args: readonly string[]) {
  const env = { PATH: process.env['PATH'], ...(digest !== undefined && { PROGRAM_SHA256: digest }) };
  return spawnSync(process.execPath, [join(folder, 'start.cjs'), ...args], {
    encoding: 'utf8',
    env,
    cwd: '/',
  });
}

/** The one line of JSON on stderr of a start that failed. */
function failure(digest: string | undefined) {
  const { status, stderr, stdout } = run(digest, '--version');
  expect({ status, stdout, lines: stderr.split('\n').length }).toEqual({ status: 2, stdout: '', lines: 2 });
  return JSON.parse(stderr) as unknown;
}

test('the program runs out of its parts, with its arguments', () => {
  const { status, stdout, stderr } = run(sha256, '--version');
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${VERSION}\n`, stderr: '' });
});

test('its exit code is the program’s own', () => {
  const { status, stderr } = run(sha256, 'nonsense');
  expect(status).toBe(2);
  expect(JSON.parse(stderr)).toMatchObject({ code: 'USAGE', level: 'error' });
});

test('another digest than the Pod asks for', () => {
  expect(failure('0'.repeat(64))).toMatchObject({
    code: 'PROGRAM_DIGEST_DIFFERS',
    message: expect.stringContaining(sha256) as string,
  });
});

test('no digest', () => {
  expect(failure(undefined)).toMatchObject({ code: 'PROGRAM_DIGEST_UNSET' });
});

test('a missing part', () => {
  const last = parts.at(-1)?.name ?? '';
  rmSync(join(folder, '..data', last));
  expect(failure(sha256)).toMatchObject({
    code: 'PROGRAM_PART_MISSING',
    message: expect.stringContaining(last) as string,
  });
});

test('a changed part', () => {
  writeFileSync(join(folder, '..data', 'program.br.00'), 'x');
  expect(failure(sha256)).toMatchObject({
    code: 'PROGRAM_PART_DIFFERS',
    message: expect.stringContaining('program.br.00') as string,
  });
});

test('parts and index that agree with each other, and not with the Pod', () => {
  writeFileSync(join(folder, '..data', 'index.json'), JSON.stringify({ ...JSON.parse(index), parts: [] }));
  expect(failure(sha256)).toMatchObject({
    level: 'error',
    code: expect.stringMatching(/^PROGRAM_/) as string,
  });
});

test('a missing index', () => {
  rmSync(join(folder, '..data', 'index.json'));
  expect(failure(sha256)).toMatchObject({ code: 'PROGRAM_INDEX_MISSING' });
});

test('the same bytes run as one file, as an image has them', () => {
  const file = join(folder, 'program.js');
  cpSync(join(programFolder(), 'program.js'), file);
  expect(spawnSync(process.execPath, [file, '--version'], { encoding: 'utf8' }).stdout).toBe(`${VERSION}\n`);
});
