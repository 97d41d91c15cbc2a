import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectionTally } from '../lib/report/connection-tally';
import { makeReport } from '../lib/report/make-report';
import { page } from '../lib/report/page';
import { Chromium, CHROMIUM } from '../test/integration/report/chromium';
import { manyRows } from '../test/integration/report/connections';
import { CLI, least, run, writeAlerts, type Run } from './measured-run';

/** The second half of the day is held against the first. */
const HALF = ['--from', '2026-11-22T12:00:00Z', '--to', '2026-11-23T00:00:00Z'];
/** What any program has to do that reads all of it: unpack, and parse each line. */
const BARE = `
let rest = '', count = 0;
require('node:fs').createReadStream(process.argv[1], { highWaterMark: 1 << 20 })
  .pipe(require('node:zlib').createGunzip({ chunkSize: 1 << 20 })).setEncoding('utf8')
  .on('data', (text) => {
    const lines = (rest + text).split('\\n');
    rest = lines.pop();
    for (const line of lines) if (JSON.parse(line).time) count++;
  }).on('end', () => console.log(count));
`;

async function benchFile(count: number, folder: string): Promise<void> {
  const file = join(folder, 'alerts.jsonl.gz');
  await writeAlerts(count, file);
  const report: Run[] = [];
  const bare: Run[] = [];
  // In turn, so that each sees the same moods of the machine.
  for (let round = 0; round < 3; round++) {
    report.push(
      await run(process.execPath, [CLI, 'report', file, ...HALF, '--out', join(folder, 'report.html')]),
    );
    bare.push(await run(process.execPath, ['-e', BARE, file]));
  }
  const [ours, floor] = [least(report), least(bare)];
  const ratio = (ours.seconds / floor.seconds).toFixed(2).padStart(6);
  console.log(
    `${ratio} × gunzip and JSON.parse in Node  (${ours.seconds.toFixed(2)} s, ${ours.mebibytes} MiB)  report, ${count.toLocaleString('en')} alerts from gzip`,
  );
}

/** How long Chromium takes until a page of so many rows is there and can be searched. */
async function benchPage(count: number, folder: string): Promise<void> {
  if (CHROMIUM === undefined) {
    console.log('left out: there is no Chromium here');
    return;
  }
  const file = join(folder, 'page.html');
  const empty = makeReport({
    ...{ tally: new ConnectionTally(), period: undefined, previous: undefined, quarantines: [] },
    ...{ askedCluster: false, missing: [], files: [], lokis: [] },
    made: { user: 'bench', host: 'bench', at: new Date(0).toISOString(), program: 'bench' },
    coverage: { kind: 'unknown', why: 'a bench' },
  });
  writeFileSync(file, page({ ...empty, data: manyRows(count) }));
  const chromium = new Chromium(CHROMIUM);
  try {
    const tab = await chromium.open();
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      await tab.go(`file://${file}`);
      times.push(await tab.ask(`performance.getEntriesByType('navigation')[0].duration`));
    }
    const best = Math.min(...times) / 1000;
    console.log(
      `${(best / 2).toFixed(2).padStart(6)} × the 2 s that it may take  (${best.toFixed(2)} s)  Chromium opens ${count.toLocaleString('en')} rows`,
    );
  } finally {
    await chromium.close();
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-bench-'));
  const counts = process.argv.slice(2).map(Number);
  try {
    for (const count of counts.length > 0 ? counts : [1_000_000]) await benchFile(count, folder);
    await benchPage(100_000, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
