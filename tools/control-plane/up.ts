/**
 * Keeps one control plane running, so that integration tests can be run again and again without starting
 * their own. Prints the line that makes them use it; Ctrl-C ends it.
 *
 *     npx tsx tools/control-plane/up.ts
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startControlPlane } from '../../test/integration/control-plane';
import { ATTACH_FILE, type ControlPlaneAccess } from '../../test/integration/control-plane/attached';

async function main(): Promise<void> {
  const plane = await startControlPlane({ scheduler: true });
  const { kubeconfig, url, adminToken, caFile }: ControlPlaneAccess = plane;
  const access: ControlPlaneAccess = { kubeconfig, url, adminToken, caFile };
  await writeFile(join(plane.folder, ATTACH_FILE), JSON.stringify(access), { mode: 0o600 });
  console.log(`export FALCO_EGRESS_CONTROL_PLANE=${plane.folder} KUBECONFIG=${kubeconfig}`);
  const ended = new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  const alive = setInterval(() => undefined, 60_000);
  await ended;
  clearInterval(alive);
  await plane.stop();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
