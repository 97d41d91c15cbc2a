import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** One way to be measured: a whole process. */
interface Candidate {
  readonly name: string;
  readonly command: readonly string[];
  /** How often in each round; the slow ones less. */
  readonly times: number;
}

const ROUNDS = 10;
const HELM = 'helm';
const root = resolve(__dirname, '..');

/** In memory where there is such a folder: helm prints to a pipe, and the disk is not what is measured. BENCH_FOLDER overrides it. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const work = mkdtempSync(join(process.env['BENCH_FOLDER'] ?? memory, 'falco-egress-bench-'));

function environments(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const file = join(work, `environment-${index}.yaml`);
    writeFileSync(file, `cluster: cluster-${index}\nsidekick: { replicas: ${1 + (index % 3)} }\n`);
    return file;
  });
}

function candidates(): Candidate[] {
  const synth = [process.execPath, join(root, 'dist/main.js')];
  const hundred = environments(100).flatMap((file) => ['--settings', file]);
  const chart = helmChart();
  return [
    { name: 'node -e 0', command: [process.execPath, '-e', '0'], times: 3 },
    {
      name: 'our synth, default environment',
      command: [...synth, 'default', '--out', join(work, 'out')],
      times: 3,
    },
    {
      name: 'our synth, 100 environments in one process',
      command: [...synth, ...hundred, '--out', join(work, 'out100')],
      times: 1,
    },
    {
      name: 'cdk8s synth',
      command: [join(root, 'node_modules/.bin/cdk8s'), 'synth', '--check-upgrade=false'],
      times: 0.2,
    },
    ...(chart === undefined
      ? []
      : [{ name: `helm template ${chart}`, command: [HELM, 'template', 'bench', chart], times: 3 }]),
  ];
}

/** The chart to compare with, where there is a helm. */
function helmChart(): string | undefined {
  const chart = process.env['HELM_CHART'];
  if (chart === undefined || spawnSync(HELM, ['version', '--short']).status === 0) return chart;
  console.log(`skipped: helm template ${chart} (there is no helm on the PATH)`);
  return undefined;
}

function run({ name, command: [program = '', ...args] }: Candidate): number {
  for (const folder of ['out', 'out100']) rmSync(join(work, folder), { recursive: true, force: true });
  const start = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${name} failed: ${error?.message ?? stderr}`);
  return milliseconds;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** All candidates in turn, round after round, so that each sees the same moods of the machine. */
function main(): void {
  const all = candidates();
  const times = new Map(all.map((candidate) => [candidate.name, [] as number[]]));
  for (const candidate of all) run(candidate); // warm the file cache
  for (let round = 0; round < ROUNDS; round++)
    for (const candidate of all) {
      const wanted =
        candidate.times < 1 ? Number(round % Math.round(1 / candidate.times) === 0) : candidate.times;
      for (let time = 0; time < wanted; time++) times.get(candidate.name)?.push(run(candidate));
    }
  const base = median(times.get('node -e 0') ?? []);
  for (const [name, values] of times) {
    const middle = median(values);
    console.log(
      `${(middle / base).toFixed(1).padStart(6)} × node -e 0  (median ${middle.toFixed(0)} ms of ${values.length}, least ${Math.min(...values).toFixed(0)} ms)  ${name}`,
    );
  }
}

try {
  main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
