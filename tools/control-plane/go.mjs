import { spawnSync } from 'node:child_process';

/**
 * The environment every `go` call gets: the caller's (proxies, GOTOOLCHAIN, caches) without what would change
 * the result. go.sum is complete, so nothing may rewrite it.
 */
export function goEnvironment() {
  return { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' };
}

/**
 * Throws, naming the way out, unless the Go command on the PATH can build the module in `folder`. Asked
 * inside the module, so that GOTOOLCHAIN=auto may fetch the toolchain that its go.mod wants.
 */
export function checkGo(folder) {
  const { error, status, stderr } = spawnSync('go', ['env', 'GOVERSION'], {
    cwd: folder,
    env: goEnvironment(),
    encoding: 'utf8',
  });
  if (error === undefined && status === 0) return;
  const reason =
    error?.code === 'ENOENT' ? 'there is no `go` on the PATH' : (error?.message ?? stderr.trim());
  throw new Error(
    `the test servers can't be built: ${reason}\n` +
      '  Install Go 1.26 or newer, or, with Go 1.21 or newer and internet access, set GOTOOLCHAIN=auto;\n' +
      '  or set FALCO_EGRESS_CACHE to a cache that was filled elsewhere. `npm run test:unit` needs no servers.',
  );
}
