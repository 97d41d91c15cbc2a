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
  readonly start: (config: CheckedConfig) => Promise<Pick<RunningResponder, 'stop'>>;
  /** Aborted when it shall end. */
  readonly stop: AbortSignal;
  readonly log: Log;
  /** @default 5000 */
  readonly interval?: number;
}

/**
 * Runs the responder until it is told to stop, and anew with each change of its configuration or its certificates:
 * nothing on its Pod changes with them, so nobody else would. A changed configuration that is wrong is told of and not
 * used. The token is no matter: it is read again all the time.
 */
export async function runReloading(props: ReloadProps): Promise<void> {
  let config = readJsonFile(props.file, parseConfig);
  while (!props.stop.aborted) {
    const responder = await props.start(config);
    config = await nextConfig(config, props);
    await responder.stop();
  }
}

async function nextConfig(current: CheckedConfig, props: ReloadProps): Promise<CheckedConfig> {
  const { file, log, stop, interval = INTERVAL } = props;
  const files = [file, ...certificates(current)];
  let known = digestOf(files);
  for (;;) {
    await sleep(interval, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return current;
    const found = digestOf(files);
    if (found === known) continue;
    known = found;
    try {
      const next = readJsonFile(file, parseConfig);
      log('info', 'configuration or certificate changed');
      return next;
    } catch (error) {
      const { code, message } = describe(error);
      log('error', `the changed configuration is not used: ${message}`, { code });
    }
  }
}

function certificates({ tls }: CheckedConfig): readonly string[] {
  if (tls === undefined) return [];
  const { certificateFile, keyFile, clientCaFile } = tls;
  return [certificateFile, keyFile, ...(clientCaFile === undefined ? [] : [clientCaFile])];
}

/** What files hold; one that cannot be read holds nothing. */
function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(read(file)).update('\0');
  return hash.digest('hex');
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
