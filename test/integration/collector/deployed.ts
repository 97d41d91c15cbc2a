import { Collector } from '../../../lib/constructs/collector';
import type { FalcoEgressProps } from '../../../lib/settings/settings';
import { synthesize } from '../../constructs';
import { mainContainer } from '../../constructs/find';
import { freePorts } from '../control-plane/free-ports';
import type { NodeDirectories } from './node';
import { Otelcol } from './otelcol';

/** The container as it is deployed. */
export function deployedContainer(props: Partial<FalcoEgressProps> = {}) {
  const objects = synthesize(
    (scope) =>
      new Collector(scope, 'collector', { cluster: 'prod-eu-1', collector: { enabled: true }, ...props }),
  );
  const { args = [], env = [], resources } = mainContainer(objects, 'DaemonSet');
  const valueOf = (variable: string): string => env.find(({ name }) => name === variable)?.value ?? '';
  const [, mebibytes = ''] = /^(\d+)Mi$/.exec(String(resources?.limits?.['memory'])) ?? [];
  const GOMEMLIMIT = valueOf('GOMEMLIMIT').replace('$(MEMORY_LIMIT_MIB)', mebibytes);
  return {
    ...{ args, config: valueOf('COLLECTOR_CONFIG'), mebibytes: Number(mebibytes) },
    ...{ GOGC: valueOf('GOGC'), GOMEMLIMIT },
  };
}

/** What stands in the Secret for Loki. */
const CREDENTIALS = { LOKI_USER: '123456', LOKI_APIKEY: 'glc_key' };

/** Where a Collector finds what it needs on this machine. */
export interface Here {
  readonly binary: string;
  readonly node: NodeDirectories;
  readonly responderPort: number;
  /** Where Loki is, for `http://loki.example.org` in the settings. */
  readonly lokiPort?: number;
  /** How long the record tier is counted before it is sent; a minute would be long to wait for. */
  readonly interval?: string;
  /** What the canary connects to; its own health, as deployed, if nothing else is said. */
  readonly canaryPort?: number;
  /** How often it does; a minute would be long to wait for. */
  readonly canaryInterval?: string;
  /** Has Loki be sent JSON, for who reads what is sent. */
  readonly lokiJson?: boolean;
}

/** Starts the Collector with the deployed configuration; only directories and addresses are this machine's. */
export async function startDeployed(here: Here, props: Partial<FalcoEgressProps> = {}): Promise<Otelcol> {
  const {
    binary,
    node,
    responderPort,
    lokiPort = 1,
    interval = '2s',
    canaryPort,
    canaryInterval = '60s',
  } = here;
  const { args, config, GOGC, GOMEMLIMIT, mebibytes } = deployedContainer(props);
  const [health = 0, metrics = 0] = await freePorts(2);
  const moved = [
    ['/var/log/pods', node.logs],
    ['/var/lib/otelcol', node.state],
    ['/var/run/secrets/falco-egress', node.token],
    ['/etc/falco-egress/tls', node.tls],
    ['falco-egress-responder.falco-egress.svc:8080', `127.0.0.1:${responderPort}`],
    ['http://loki.example.org', `http://127.0.0.1:${lokiPort}`],
    ['interval: "60s"', `interval: "${interval}"`],
    ['http://127.0.0.1:13133', `http://127.0.0.1:${canaryPort ?? health}`],
    ['collection_interval: "60s"', `collection_interval: "${canaryInterval}"`],
    ['":13133"', `"127.0.0.1:${health}"`],
    ['port: 8888', `port: ${metrics}`],
    ...(here.lokiJson === true ? [['/otlp"\n', '/otlp"\n    encoding: "json"\n']] : []),
  ].reduce((text, [there = '', path = '']) => text.replaceAll(there, path), config);
  // Its share of this machine's memory would be none of the container's.
  const limited = moved.replaceAll(
    /(\w*limit)_percentage: (\d+)/g,
    (_, name, share) => `${name}_mib: ${Math.round((Number(share) / 100) * mebibytes)}`,
  );
  const env = {
    COLLECTOR_CONFIG: limited,
    K8S_NODE_NAME: 'node-1',
    ...CREDENTIALS,
    GOGC,
    GOMEMLIMIT,
  };
  return Otelcol.start({ binary, args, env, healthPort: health, metricsPort: metrics });
}
