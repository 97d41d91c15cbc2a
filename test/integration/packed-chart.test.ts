import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HELMS, helmPrograms } from './helm';

const ROOT = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'falco-egress-packed-'));
let programs: ReadonlyMap<string, string>;

beforeAll(async () => {
  programs = await helmPrograms();
}, 900_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each(HELMS)(
  '%s renders the chart that npm run release:chart has packed as it renders the folder',
  (name) => {
    const helm = programs.get(name) ?? '';
    const pack = spawnSync(
      join(ROOT, 'node_modules/.bin/tsx'),
      [join(ROOT, 'tools/release/chart.ts'), folder, '--helm', helm],
      { encoding: 'utf8' },
    );
    expect(pack).toMatchObject({ status: 0, stderr: '' });
    const template = (chart: string) =>
      spawnSync(helm, ['template', 'test', chart, '--set', 'cluster=c', '--kube-version', '1.36.0'], {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      });
    const packed = template(pack.stdout.trim());
    expect(packed).toMatchObject({ status: 0 });
    expect(packed.stdout).toBe(template(join(ROOT, 'charts/falco-egress')).stdout);
  },
  60_000,
);
