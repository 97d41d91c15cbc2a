import { existsSync } from 'node:fs';
import { behindText, type BehindProxies } from '../../advise/behind-proxies';
import { clusterState, type ClusterState } from '../../advise/cluster-state';
import type { Blocked, Replay, Replayed } from '../../advise/replay';
import { isoOf, minuteOf } from '../../advise/words';
import { workloadName, type Workloads } from '../../advise/workloads';
import { parseCidr } from '../../containment/address';
import { typesOf } from '../../containment/network-policy/policy';
import type { NetworkPolicy } from '../../containment';
import { counted } from '../../history/holes';
import { inert } from '../../rules/evaluate/printable';
import { isJsonObject } from '../../rules/recorded/json-value';
import { nearest } from '../../schema/nearest';
import { UsageError } from '../../synth/usage-error';
import { objectsIn } from './cluster';
import { table } from '../table';

/**
 * The policies that are asked about, from files or by their names; and all policies that there would be with them.
 *
 * @param namespaces that the command line names
 * @throws UsageError
 */
export function policiesToCheck(
  asked: readonly string[],
  state: ClusterState,
  namespaces: readonly string[],
): Replayed {
  const checked = asked.flatMap((text) =>
    existsSync(text) ? policiesIn(text, namespaces) : [policyCalled(text, state, namespaces)],
  );
  const names = new Set(checked.map(nameOf));
  const policies = [...state.policies.filter((policy) => !names.has(nameOf(policy))), ...checked];
  return { policies, checked };
}

/** Whether somebody else's connections may be refused too. */
export function restrictIngress({ checked }: Replayed): boolean {
  return checked.some((policy) => typesOf(policy).includes('Ingress'));
}

function policiesIn(file: string, namespaces: readonly string[]): readonly NetworkPolicy[] {
  // What says no namespace is of the one that is asked about.
  const [namespace = 'default'] = namespaces;
  const { policies } = clusterState(objectsIn(file).map((each) => placed(each, namespace)));
  if (policies.length === 0) throw new UsageError(`${file}: there is no NetworkPolicy in it`);
  for (const policy of policies) refuseFaults(policy, file);
  return policies;
}

function placed(value: unknown, namespace: string): unknown {
  if (!isJsonObject(value)) return value;
  const { items, metadata } = value;
  return Array.isArray(items)
    ? { ...value, items: items.map((each) => placed(each, namespace)) }
    : { ...value, metadata: { namespace, ...(isJsonObject(metadata) ? metadata : {}) } };
}

/** What the API server would not store is no policy. */
function refuseFaults({ metadata, spec }: NetworkPolicy, file: string): void {
  const rules = [...(spec?.egress ?? []), ...(spec?.ingress ?? [])];
  for (const { ipBlock } of rules.flatMap(({ to = [], from = [] }) => [...to, ...from]))
    for (const cidr of ipBlock === undefined ? [] : [ipBlock.cidr, ...(ipBlock.except ?? [])])
      if (typeof cidr !== 'string' || parseCidr(cidr) === undefined)
        throw new UsageError(`${file}: NetworkPolicy ${metadata?.name ?? ''}: '${cidr}' is no network`);
}

function policyCalled(text: string, state: ClusterState, namespaces: readonly string[]): NetworkPolicy {
  const [first = '', second] = text.split('/', 2);
  const wanted = second === undefined ? namespaces.map((each) => `${each}/${first}`) : [text];
  if (wanted.length === 0)
    throw new UsageError(
      `there is no file ${text}; name a policy of the cluster as NAMESPACE/NAME, or give --namespace`,
    );
  const found = state.policies.find((policy) => wanted.includes(nameOf(policy)));
  if (found !== undefined) return found;
  const meant = nearest(wanted[0] ?? '', state.policies.map(nameOf));
  const hint = meant === undefined ? '' : `; did you mean '${meant}'?`;
  throw new UsageError(`there is neither a file ${text} nor a NetworkPolicy ${wanted.join(', ')}${hint}`);
}

function nameOf({ metadata }: NetworkPolicy): string {
  return `${metadata?.namespace ?? 'default'}/${metadata?.name ?? ''}`;
}

const HEAD = [
  ...['NAMESPACE', 'WORKLOAD', 'DESTINATION', 'PORT'],
  ...['FIRST (UTC)', 'LAST (UTC)', 'TIMES', 'REFUSED BY'],
];

/** What would have been refused, for people. */
export function replayAsText({ blocked, replayed, restricted }: Replay): string {
  const seen = counted(replayed, 'destination');
  if (restricted === 0) return `nothing that the policies restrict was seen (${seen} of others)\n`;
  if (blocked.length === 0)
    return `nothing of what was seen would have been refused (${seen} tried, ${restricted} of them restricted)\n`;
  return table(
    HEAD,
    blocked.map((each) => {
      const { namespace, workload, port, directions, by } = each;
      return [
        ...[namespace, workload, destinationOf(each), `${port.port}/${port.protocol}`],
        ...[minuteOf(port.first), minuteOf(port.last), String(port.went + port.failed)],
        `${by.join(', ')}${directions.includes('ingress') ? ` (${directions.join(' and ')})` : ''}`,
      ].map(inert);
    }),
  );
}

/** What would go with a proxy that is refused, by its log: a line a workload. */
export function lostBehind(
  { blocked }: Replay,
  workloads: Workloads,
  proxied: BehindProxies,
): readonly string[] {
  return workloads.all.flatMap((workload) => {
    const { namespace } = workload;
    const name = workloadName(workload);
    const behind = proxied.of(workload);
    const isCut = blocked.some(
      (each) => each.isProxy && each.namespace === namespace && each.workload === name,
    );
    return isCut && behind.length > 0
      ? [`${namespace}, ${name}: with its proxy it would lose ${behindText(behind)}`]
      : [];
  });
}

/** The same for programs. */
export function replayAsJson({ blocked, replayed, restricted, untried }: Replay): object {
  return {
    ...{ replayed, restricted, untried },
    blocked: blocked.map((each) => {
      const { namespace, workload, target, port, isProxy, directions, by } = each;
      const { went, failed, error, protocol } = port;
      return {
        ...{ namespace, workload },
        destination: {
          ...(target.kind === 'address'
            ? { address: target.address }
            : { namespace: target.namespace, workload: target.name }),
          ...{ port: port.port, protocol, ...(isProxy && { proxy: true }) },
        },
        ...{ times: went + failed, failed, error, first: isoOf(port.first), last: isoOf(port.last) },
        ...{ processes: [...port.processes].sort(), directions, by },
      };
    }),
  };
}

function destinationOf({ namespace, target, isProxy }: Blocked): string {
  const proxy = isProxy ? ' (proxy)' : '';
  if (target.kind === 'address') return `${target.address}${proxy}`;
  const place = target.namespace === namespace ? '' : `${target.namespace}/`;
  return `${place}${target.name}${proxy}`;
}
