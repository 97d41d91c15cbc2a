import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

import type { Connection, End, NetworkPolicy } from '../../../lib/containment';

const BUILD = resolve(__dirname, '../../../tools/cyclonus/build.mjs');

/** What cyclonus says of each direction. */
export interface Directions {
  readonly egress: boolean;
  readonly ingress: boolean;
}

/** Read as Kubernetes documents selectors, and as cyclonus does: tools/cyclonus/main.go says where they differ. */
export interface CyclonusVerdict {
  readonly documented: Directions;
  readonly asIs: Directions;
}

/** Policies and a connection. */
export interface Case {
  readonly policies: readonly NetworkPolicy[];
  readonly connection: Connection;
}

/** The pinned cyclonus, built first where the cache lacks it (about a minute, with progress on stderr). */
export async function cyclonusBinary(): Promise<string> {
  const build = spawn(process.execPath, [BUILD], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  build.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const [code] = (await once(build, 'close')) as [number | null];
  if (code !== 0) throw new Error('tools/cyclonus/build.mjs failed; its reason is above');
  return (JSON.parse(output) as { cyclonus: string }).cyclonus;
}

/** Asks cyclonus, all cases at once. */
export function askCyclonus(binary: string, cases: readonly Case[]): CyclonusVerdict[] {
  const input = JSON.stringify(cases.map(situation));
  const { status, stdout, stderr } = spawnSync(binary, { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`cyclonus failed: ${stderr}`);
  return JSON.parse(stdout) as CyclonusVerdict[];
}

function situation({ policies, connection: { source, destination, protocol, port } }: Case): object {
  const named = destination.kind === 'pod' ? (destination.ports ?? []) : [];
  const name = named.find((each) => each.port === port && (each.protocol ?? 'TCP') === protocol)?.name;
  return {
    policies,
    source: peer(source),
    destination: peer(destination),
    ...{ protocol, port, portName: name ?? '' },
  };
}

function peer(end: End): object {
  if (end.kind === 'outside') return { ip: end.address };
  const { address, namespace, namespaceLabels, labels } = end;
  return { ip: address, namespace, namespaceLabels, labels };
}
