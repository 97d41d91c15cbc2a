import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../..');

test('what is generated from the settings is up to date', () => {
  const { status, stderr } = spawnSync('node', ['--import', 'tsx', 'tools/generate/all.ts', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}, 60_000);
