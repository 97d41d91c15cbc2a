import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const CLI = resolve(__dirname, '../dist/falco-egress.js');
const ADDRESS = '213.215.222.58';
/** One in so many goes to the address: as in the measurement that is recorded, 83 of a million. */
const ONE_IN = 12_000;
const START = Date.parse('2026-11-22T00:00:00Z');
const DAY = 86_400_000;

/** Alerts of a day in the shape of our rules, from 200 Pods to 5,000 destinations. */
function* alerts(count: number): Generator<string> {
  for (let at = 0; at < count; at++) {
    const pod = at % 200;
    const other = (at * 7919) % 5000;
    const destination = at % ONE_IN === 0 ? ADDRESS : `198.51.${other >> 8}.${other & 255}`;
    const time = new Date(START + Math.floor((at * DAY) / count)).toISOString().slice(0, -1);
    const fields = {
      ...{
        'container.id': `3db0${pod.toString(16).padStart(8, '0')}`,
        'container.image.repository': 'example.org/shop/cart',
      },
      ...{
        'container.image.tag': '1.27',
        'evt.arg.addr': `${destination}:443`,
        'evt.hostname': `node-${pod % 12}`,
      },
      ...{
        'evt.res': 'EINPROGRESS',
        'evt.type': 'connect',
        'fd.cip': `10.244.1.${pod}`,
        'fd.cport': 32768 + (at % 28000),
      },
      ...{ 'fd.l4proto': 'tcp', 'fd.sip': destination, 'fd.sport': 443, 'k8s.ns.name': `team-${pod % 20}` },
      ...{
        'k8s.pod.name': `cart-${pod}-6799fc88d8-996gz`,
        'k8s.pod.uid': '0c2f6a3e-7c1a-4a55-9d0e-2f1f6f3f7a10',
      },
      ...{ 'k8smeta.deployment.name': `cart-${pod}`, 'proc.exepath': '/usr/bin/java', 'proc.name': 'java' },
      ...{ 'proc.pid': 1000 + (at % 3000), 'proc.pname': 'tini', 'user.name': 'app', 'user.uid': 1000 },
    };
    const output = Object.entries(fields)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
    yield `${JSON.stringify({
      ...{
        hostname: `node-${pod % 12}`,
        output: `Outbound network traffic of a Pod, recorded: (${output})`,
        output_fields: fields,
      },
      ...{
        priority: 'Informational',
        rule: 'Outbound network traffic',
        source: 'syscall',
        tags: ['egress', 'network'],
      },
      time: `${time}${String(at % 1_000_000).padStart(6, '0')}Z`,
    })}\n`;
  }
}

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
