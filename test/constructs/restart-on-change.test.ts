import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failsOnceChanged, markStart, startMarkMount } from '../../lib/constructs/restart-on-change';

/** A volume as the kubelet writes it: files in a folder of their own, and the link `..data` to it, swapped at a change. */
function write(volume: string, version: string, time: number): void {
  const folder = join(volume, `..${version}`);
  mkdirSync(folder, { recursive: true });
  utimesSync(folder, time, time);
  rmSync(join(volume, '..data'), { force: true });
  symlinkSync(`..${version}`, join(volume, '..data'));
}

test('the script fails once a volume is younger than the start, and not before', () => {
  const root = mkdtempSync(join(tmpdir(), 'restart-'));
  const [config, tls, started] = [join(root, 'config'), join(root, 'tls'), join(root, 'started')];
  const run = () => {
    const script = failsOnceChanged(config, tls).join('\n');
    return spawnSync('sh', ['-c', script.replaceAll(`${startMarkMount.mountPath}/started`, started)], {
      encoding: 'utf8',
    });
  };
  write(config, 'v1', 1000);
  write(tls, 'v1', 1000);
  writeFileSync(started, '');
  utimesSync(started, 1000, 1000);
  expect(run().status).toBe(0);

  utimesSync(started, 2000, 2000);
  expect(run().status).toBe(0);

  write(tls, 'v2', 3000);
  expect(run()).toMatchObject({ status: 1, stdout: `${tls} has changed: restart\n` });

  utimesSync(started, 4000, 4000);
  expect(run()).toMatchObject({ status: 0, stdout: '', stderr: '' });
});

test('the mark lies where the probe looks', () => {
  const mark = markStart.postStart?.exec?.command?.[1] ?? '';
  expect(mark.startsWith(`${startMarkMount.mountPath}/`)).toBe(true);
  expect(failsOnceChanged('/x')[0]).toContain(` -nt ${mark} `);
});
