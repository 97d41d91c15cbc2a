import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADDRESS } from './alerts';
import { benchLoki } from './who-loki';
import { CLI, least, run, writeAlerts, type Run } from './measured-run';

async function benchFile(count: number, folder: string): Promise<void> {
  const file = join(folder, `${count}.jsonl.gz`);
  await writeAlerts(count, file);
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
  const words = process.argv.slice(2);
  const counts = words.map(Number).filter((count) => count > 0);
  try {
    if (!words.includes('loki'))
      for (const count of counts.length > 0 ? counts : [1_000_000, 3_000_000]) await benchFile(count, folder);
    await benchLoki(counts[0] ?? 1_000_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
