import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { ADDRESS, alerts } from './alerts';

const CLI = resolve(__dirname, '../dist/falco-egress.js');
interface Run {
  readonly seconds: number;
  readonly mebibytes: number;
  readonly out: string;
}

/** Runs a program, and sees how much memory it takes. */
async function run(command: string, args: readonly string[]): Promise<Run> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  let kibibytes = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const watch = setInterval(() => {
    const status = `/proc/${child.pid ?? 0}/status`;
    const [, peak = '0'] =
      /VmHWM:\s+(\d+)/.exec(existsSync(status) ? readFileSync(status, 'utf8') : '') ?? [];
    kibibytes = Math.max(kibibytes, Number(peak));
  }, 50);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(watch);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}`);
  return { seconds: (performance.now() - began) / 1000, mebibytes: Math.round(kibibytes / 1024), out };
}

function least(runs: readonly Run[]): Run {
  const [first] = runs.toSorted((a, b) => a.seconds - b.seconds);
  if (first === undefined) throw new Error('nothing ran');
  return first;
}

async function benchFile(count: number, folder: string): Promise<void> {
  const file = join(folder, `${count}.jsonl.gz`);
  await pipeline(Readable.from(alerts(count)), createGzip({ level: 6 }), createWriteStream(file));
  const who: Run[] = [];
  const grep: Run[] = [];
  // In turn, so that each sees the same moods of the machine.
  for (let round = 0; round < 3; round++) {
    who.push(await run(process.execPath, [CLI, 'who', ADDRESS, file, '--json']));
    grep.push(await run('sh', ['-c', `gzip -dc ${file} | grep -cF ${ADDRESS}`]));
  }
  const [ours, bare] = [least(who), least(grep)];
  const { rows } = JSON.parse(ours.out) as { rows: { times: number }[] };
  const times = rows.reduce((sum, row) => sum + row.times, 0);
  if (times !== Number(bare.out)) throw new Error(`${times} connections, but grep finds ${bare.out}`);
  const speed = Math.round(count / ours.seconds).toLocaleString('en');
  console.log(
    `${(ours.seconds / bare.seconds).toFixed(2).padStart(6)} × gzip -dc | grep -c  (${speed} lines/s, ${ours.seconds.toFixed(2)} s, ${ours.mebibytes} MiB)  who, ${count.toLocaleString('en')} alerts from gzip`,
  );
  rmSync(file);
}

async function main(): Promise<void> {
  if (spawnSync('gzip', ['--version']).status !== 0) throw new Error('there is no gzip');
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-bench-'));
  const counts = process.argv.slice(2).map(Number);
  try {
    for (const count of counts.length > 0 ? counts : [1_000_000, 3_000_000]) await benchFile(count, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
