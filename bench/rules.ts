import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { loadRules } from '../lib/rules';
import { benchEvaluate } from './rules-evaluate';

const ROOT = resolve(__dirname, '..');
/** The stock rules are Falco's own; STOCK_RULES names them elsewhere. */
const STOCK = process.env['STOCK_RULES'] ?? resolve(ROOT, '../shared/data/rules/falco_rules.yaml');
const WARM_ROUNDS = 40;
const PROCESS_ROUNDS = 25;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function run(args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`);
}

/** In process and warm, as an editor or a test would. */
function benchCheck(): void {
  if (!existsSync(STOCK)) {
    console.log(`skipped: the stock rules; ${STOCK} is not there`);
    return;
  }
  const file = { name: 'falco_rules.yaml', text: readFileSync(STOCK, 'utf8') };
  const times = Array.from({ length: WARM_ROUNDS }, () => timed(() => loadRules([file])));
  const warm = times.slice(WARM_ROUNDS / 2);
  console.log(
    `check the stock rules, warm: median ${median(warm).toFixed(1)} ms, least ${Math.min(...warm).toFixed(1)} ms`,
  );
}

/** Whole processes in turn, so that each sees the same moods of the machine. */
function benchProcesses(): void {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-bench-'));
  const small = join(folder, 'small.yaml');
  writeFileSync(
    small,
    '- rule: A\n  desc: d\n  condition: evt.type = connect\n  output: x\n  priority: INFO\n',
  );
  const check = [join(ROOT, 'dist/falco-egress.js'), 'rules', 'check'];
  const candidates: [name: string, args: string[], times: number[]][] = [
    ['node -e 0', ['-e', '0'], []],
    ['rules check, one rule', [...check, small], []],
    ...(existsSync(STOCK)
      ? [['rules check, the stock rules', [...check, STOCK], []] as [string, string[], number[]]]
      : []),
  ];
  try {
    for (let round = 0; round < PROCESS_ROUNDS; round++)
      for (const [, args, times] of candidates)
        times.push(
          timed(() => {
            run(args);
          }),
        );
  } finally {
    rmSync(folder, { recursive: true });
  }
  const base = median(candidates[0]?.[2] ?? []);
  for (const [name, , times] of candidates)
    console.log(
      `${(median(times) / base).toFixed(1).padStart(6)} × node -e 0  (median ${median(times).toFixed(0)} ms, least ${Math.min(...times).toFixed(0)} ms)  ${name}`,
    );
}

benchCheck();
benchProcesses();
benchEvaluate();
