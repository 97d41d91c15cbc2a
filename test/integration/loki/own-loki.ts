import { load } from 'js-yaml';

import { Loki as LokiConstruct } from '../../../lib/constructs/loki';
import type { FalcoEgressProps } from '../../../lib/settings/settings';
import { synthesize } from '../../constructs';

/** Settings by which the stack has a Loki of its own. */
export const OWN_LOKI = { cluster: 'prod', loki: { enabled: true }, collector: { enabled: true } } as const;

/**
 * The configuration of the stack's own Loki as the manifest has it: only the directory and the ports are others, and it listens on
 * loopback.
 */
export function ownLokiConfig(
  props: FalcoEgressProps,
  folder: string,
  httpPort: number,
  grpcPort: number,
): Record<string, object> {
  const objects = synthesize((scope) => new LokiConstruct(scope, 'loki', props));
  const data = objects.find(({ kind }) => kind === 'ConfigMap')?.['data'] as Record<string, string>;
  const text = (data['loki.yaml'] ?? '')
    .replaceAll('"/loki', `"${folder}`)
    .replace('http_listen_port: 3100', `http_listen_address: "127.0.0.1"\n  http_listen_port: ${httpPort}`)
    .replace('grpc_listen_port: 9095', `grpc_listen_port: ${grpcPort}`)
    .replace('127.0.0.1:9095', `127.0.0.1:${grpcPort}`);
  return load(text) as Record<string, object>;
}
