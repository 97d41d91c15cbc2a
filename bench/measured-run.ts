import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { alerts } from './alerts';

/** The command line, as it is built. */
export const CLI = resolve(__dirname, '../dist/falco-egress.js');

/** What a program took, and what it printed. */
export interface Run {
  readonly seconds: number;
  readonly mebibytes: number;
  readonly out: string;
}

/** Runs a program, and sees how much memory it takes. */
export async function run(command: string, args: readonly string[]): Promise<Run> {
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

/** The fastest of some. */
export function least(runs: readonly Run[]): Run {
  const [first] = runs.toSorted((a, b) => a.seconds - b.seconds);
  if (first === undefined) throw new Error('nothing ran');
  return first;
}

/** A file of so many alerts, compressed. */
export async function writeAlerts(count: number, file: string): Promise<void> {
  await pipeline(Readable.from(alerts(count)), createGzip({ level: 6 }), createWriteStream(file));
}
