import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const BUILD = resolve(__dirname, '../../tools/prometheus/build.mjs');

/** Prometheus' own tool, which has all of its language and of its rules, without a server. */
export interface Promtool {
  /** What it finds wrong, run in a folder; empty where nothing is. */
  wrong(folder: string, ...args: string[]): string;
}

/** The pinned promtool; builds it where that was not done before. */
export function buildPromtool(): Promtool {
  const build = spawnSync(process.execPath, [BUILD], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { promtool } = JSON.parse(build.stdout) as { promtool: string };
  return {
    wrong: (folder, ...args) => {
      const { status, stdout, stderr } = spawnSync(promtool, args, { cwd: folder, encoding: 'utf8' });
      return status === 0 ? '' : `exit ${status}\n${stdout}${stderr}`;
    },
  };
}
