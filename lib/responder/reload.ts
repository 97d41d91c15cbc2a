import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe } from '../program/failure';
import { readJsonFile } from '../program/fields';
import type { Log } from '../program/log';
import { parseConfig, type CheckedConfig } from './config';
import type { RunningResponder } from './run';

/** How often it looks at its files, in milliseconds. */
const INTERVAL = 5_000;

/** What runs by files that change. */
export interface ReloadProps {
  /** File of the configuration. */
  readonly file: string;
  readonly start: (config: CheckedConfig) => Promise<Running>;
  /** Throws where `start` would, before what runs is stopped for it. */
  readonly check: (config: CheckedConfig) => void;
  /** Aborted when it shall end. */
  readonly stop: AbortSignal;
  readonly log: Log;
  /** @default 5000 */
  readonly interval?: number;
}

type Running = Pick<RunningResponder, 'stop' | 'told'>;

/**
 * Runs the responder until it is told to stop, and anew with each change of its configuration or its certificates:
 * nothing on its Pod changes with them, so nobody else would. A changed configuration that is wrong, or with which it does
 * not start, is told of and not used; the last good one stays. The token is no matter: it is read again all the time.
 *
 * @throws where the first configuration is wrong
 */
export async function runReloading(props: ReloadProps): Promise<void> {
  const { file, log } = props;
  // Looked at before they are read: what changes meanwhile is seen as a change.
  let watch = new Watch([file]);
  let good = readJsonFile(file, parseConfig);
  watch.add(certificates(good));
  let running: Running | undefined = await props.start(good);
  // The next one needn't wait for what the last one still tells.
  const telling: Promise<void>[] = [];
  const end = async (): Promise<void> => {
    await running?.stop();
    if (running !== undefined) telling.push(running.told());
  };
  while (await anotherTurn(props)) {
    if (running !== undefined && !watch.changed()) continue;
    watch = new Watch([file, ...certificates(good)]);
    const next = readNext(watch, props);
    if (next === undefined && running !== undefined) continue;
    if (running !== undefined) log('info', 'configuration or certificate changed');
    await end();
    const started = await startOneOf([next ?? good, good], props);
    running = started?.running;
    good = started?.config ?? good;
  }
  await end();
  await Promise.all(telling);
}

/** Waits; `false` once it is told to stop. */
async function anotherTurn({ stop, interval = INTERVAL }: ReloadProps): Promise<boolean> {
  await sleep(interval, undefined, { signal: stop }).catch(() => undefined);
  return !stop.aborted;
}

/** The changed configuration, if it can be used. */
function readNext(watch: Watch, { file, check, log }: ReloadProps): CheckedConfig | undefined {
  try {
    const next = readJsonFile(file, parseConfig);
    watch.add(certificates(next));
    check(next);
    return next;
  } catch (error) {
    notUsed(error, log);
    return undefined;
  }
}

/** The first with which it starts. */
async function startOneOf(
  configs: readonly CheckedConfig[],
  { start, log }: ReloadProps,
): Promise<{ readonly config: CheckedConfig; readonly running: Running } | undefined> {
  for (const config of new Set(configs)) {
    try {
      return { config, running: await start(config) };
    } catch (error) {
      notUsed(error, log);
    }
  }
  return undefined;
}

function notUsed(error: unknown, log: Log): void {
  const { code, message } = describe(error);
  log('error', `the changed configuration is not used: ${message}`, { code });
}

function certificates({ tls }: CheckedConfig): readonly string[] {
  if (tls === undefined) return [];
  const { certificateFile, keyFile, clientCaFile } = tls;
  return [certificateFile, keyFile, ...(clientCaFile === undefined ? [] : [clientCaFile])];
}

/** What files held when they were looked at. */
class Watch {
  private readonly seen = new Map<string, string>();

  constructor(files: readonly string[]) {
    this.add(files);
  }

  add(files: readonly string[]): void {
    for (const file of files) if (!this.seen.has(file)) this.seen.set(file, digestOf(file));
  }

  changed(): boolean {
    return [...this.seen].some(([file, digest]) => digestOf(file) !== digest);
  }
}

/** What a file holds; one that cannot be read holds nothing. */
function digestOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}
