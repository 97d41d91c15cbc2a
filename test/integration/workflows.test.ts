import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import packageJson from '../../package.json';

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, '.github/workflows');
const FILES = readdirSync(FOLDER);

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly permissions?: object;
  readonly concurrency?: object;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly permissions?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }
    >
  >;
}

const text = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
const workflow = (file: string): Workflow => load(text(file)) as Workflow;
const stepsOf = (file: string): Step[] => Object.values(workflow(file).jobs).flatMap(({ steps }) => steps);

describe('actionlint', () => {
  let actionlint: string;
  beforeAll(() => {
    const build = spawnSync(process.execPath, [join(ROOT, 'tools/actionlint/build.mjs')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    actionlint = (JSON.parse(build.stdout) as { actionlint: string }).actionlint;
  }, 300_000);

  test('finds nothing in the workflows', () => {
    const { status, stdout, stderr } = spawnSync(actionlint, ['-no-color'], { cwd: ROOT, encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('finds what is wrong', () => {
    const folder = mkdtempSync(join(tmpdir(), 'falco-egress-workflow-'));
    mkdirSync(join(folder, '.github/workflows'), { recursive: true });
    writeFileSync(
      join(folder, '.github/workflows/test.yml'),
      text('test.yml').replace('github.ref', 'github.rev'),
    );
    const { status, stdout } = spawnSync(actionlint, ['-no-color', '.github/workflows/test.yml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    expect(status).toBe(1);
    expect(stdout).toContain('property "rev" is not defined');
  });
});

test('there are workflows for tests, drift and releases', () => {
  expect(FILES.sort()).toEqual(['drift.yml', 'release.yml', 'test.yml']);
});

describe.each(FILES)('%s', (file) => {
  test('gives no rights but to jobs, and writing ones to the job alone that publishes', () => {
    const { permissions, concurrency, jobs } = workflow(file);
    expect(permissions).toEqual({});
    expect(concurrency).toBeDefined();
    for (const [name, job] of Object.entries(jobs)) {
      const writes = Object.values(job.permissions ?? { all: 'write' }).includes('write');
      expect([name, writes]).toEqual([name, name === 'publish']);
    }
  });

  test('uses actions by commit, with the version beside it, and leaves no credentials in a checkout', () => {
    const uses = [...text(file).matchAll(/uses: (.*)$/gm)].map(([, line]) => line);
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    for (const step of stepsOf(file).filter(({ uses: action }) => action?.startsWith('actions/checkout@')))
      expect(step.with).toMatchObject({ 'persist-credentials': false });
  });

  test('calls scripts that are there', () => {
    const lines = stepsOf(file).flatMap(({ run = '' }) => run.split('\n'));
    const scripts = lines.flatMap((line) => /npm run (?:--silent )?(\S+)/.exec(line)?.[1] ?? []);
    const files = lines.flatMap((line) => /^(?:node )?((?:\.ci|tools)\/\S+)/.exec(line)?.[1] ?? []);
    expect(scripts.length + files.length).toBeGreaterThan(0);
    expect(scripts.filter((script) => !(script in packageJson.scripts))).toEqual([]);
    expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

test('an action has the same commit in every workflow', () => {
  const pins = new Set(
    FILES.flatMap((file) => [...text(file).matchAll(/uses: (\S+)/g)].map(([, pin = '']) => pin)),
  );
  const names = [...pins].map((pin) => pin.split('@')[0]);
  expect(new Set(names).size).toBe(pins.size);
});
