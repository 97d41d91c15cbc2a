import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { once } from 'node:events';

import { startControlPlane } from '../control-plane';
import { waitUntil } from './wait';

const TOOLS = resolve(__dirname, '../../../tools/control-plane');

jest.setTimeout(120_000);

describe('a control plane that cannot start', () => {
  test('says why with the end of the log of the server to blame', async () => {
    const started = startControlPlane({ apiServerFlags: { 'authorization-mode': 'Nonsense' } });
    await expect(started).rejects.toThrow(
      /kube-apiserver ended \(exit 1\).*"Nonsense\\" is not a valid mode/s,
    );
  });

  test('tries again when a port was taken, and gives up in the end', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const started = startControlPlane({ apiServerFlags: { 'secure-port': String(port) } });
    await expect(started).rejects.toThrow('address already in use');
    other.close();
  });
});

test('a kept control plane can be shared, and ends without a trace when its process is killed', async () => {
  const keeper = spawn(process.execPath, ['--import', 'tsx', join(TOOLS, 'up.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(keeper.stdout.setEncoding('utf8'), 'data')) as [string];
  const folder = /FALCO_EGRESS_CONTROL_PLANE=(\S+)/.exec(line)?.[1] ?? '';
  const before = process.env['FALCO_EGRESS_CONTROL_PLANE'];
  process.env['FALCO_EGRESS_CONTROL_PLANE'] = folder;
  try {
    const shared = await startControlPlane();
    expect(await shared.kubectl(['get', 'namespace', 'default'])).toMatchObject({ code: 0 });
    await shared.stop();
    expect(existsSync(folder)).toBe(true);
  } finally {
    if (before === undefined) delete process.env['FALCO_EGRESS_CONTROL_PLANE'];
    else process.env['FALCO_EGRESS_CONTROL_PLANE'] = before;
    keeper.kill('SIGKILL');
  }
  const whole = resolve(folder, '..');
  const gone = (): Promise<boolean> => Promise.resolve(!existsSync(whole));
  await waitUntil(gone, 10_000, () => new Error(`${whole} is still there`));
});

describe('the build of the test servers', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'falco-egress-build-'));
    await mkdir(join(folder, 'bin'));
    await symlink(process.execPath, join(folder, 'bin', 'node'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Runs build.mjs with an empty cache and nothing on the PATH but what `folder` has. */
  async function build(): Promise<{ readonly code: unknown; readonly stderr: string }> {
    const child = spawn(process.execPath, [join(TOOLS, 'build.mjs')], {
      env: { PATH: join(folder, 'bin'), FALCO_EGRESS_CACHE: join(folder, 'cache') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const [code] = (await once(child, 'close')) as [unknown];
    return { code, stderr };
  }

  test('without Go says what to do', async () => {
    const { code, stderr } = await build();
    expect(code).toBe(1);
    expect(stderr).toMatch(/there is no `go` on the PATH\n.*Install Go 1\.26/s);
  });

  test('with a Go that is too old passes on its reason', async () => {
    const go = join(folder, 'bin', 'go');
    await writeFile(go, '#!/bin/sh\necho "go: go.mod requires go >= 1.26.0" >&2\nexit 1\n');
    await chmod(go, 0o755);
    const { code, stderr } = await build();
    expect(code).toBe(1);
    expect(stderr).toMatch(/requires go >= 1\.26\.0\n.*GOTOOLCHAIN=auto/s);
  });
});
