import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { ControlPlane } from '../control-plane';
import { kubectlWith } from './kubectl';

/** What `tools/control-plane/up.ts` leaves for those who use its control plane. */
export const ATTACH_FILE = 'control-plane.json';

/** The parts of a control plane that can be written to a file. */
export type ControlPlaneAccess = Pick<ControlPlane, 'kubeconfig' | 'url' | 'adminToken' | 'caFile'>;

/** The control plane that somebody else keeps running, described in `folder`. Its `stop` leaves it running. */
export async function attachedControlPlane(folder: string, kubectlPath: string): Promise<ControlPlane> {
  const access = JSON.parse(await readFile(join(folder, ATTACH_FILE), 'utf8')) as ControlPlaneAccess;
  const own = await mkdtemp(join(folder, 'attached-'));
  return {
    ...access,
    kubectl: kubectlWith(kubectlPath, access.kubeconfig, own),
    folder: own,
    servers: {},
    stop: () => rm(own, { recursive: true, force: true }),
  };
}
