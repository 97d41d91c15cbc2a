import { networkPolicyResidual, type NetworkPolicy } from '../containment';
import { DNS } from '../containment/ways-out';
import type { NetworkPolicyRule } from '../containment/objects';
import { coveredShare } from '../history/coverage';
import { ADVISED_BY_ANNOTATION, PREFIX } from '../names';
import type { Advice, AdvisedPolicy, AdviceOptions, Sureness, Watched } from './advice';
import type { Behind } from './behind-proxies';
import type { StatePod } from './cluster-state';
import { judgeEgress, sourcesOf } from './judge';
import { notesOn } from './notes';
import type { Observed, SeenPort } from './observed';
import { plainRule, rulesOf, type AdvisedRule, type Needed } from './rules';
import { isoOf, minuteOf } from './words';
import { workloadName, type KnownWorkload, type Workloads } from './workloads';

/** What a workload's policy is made beside. */
export interface Beside {
  readonly workloads: Workloads;
  /** Other policies of the namespace, without those that this one replaces. */
  readonly policies: readonly NetworkPolicy[];
  /** What the policy is to be called. */
  readonly name: string;
  readonly dns: readonly NetworkPolicyRule[];
  /** What proxies reached for it. */
  readonly behind: readonly Behind[];
}

/** The policy that fits what was seen of a workload. */
export function adviseWorkload(observed: Observed, beside: Beside, options: AdviceOptions): Advice {
  const { workload } = observed;
  const { namespace, selector } = workload;
  const { behind } = beside;
  const named = { namespace, workload: workloadName(workload), behind };
  if (workload.hostNetwork)
    return none(named, 'its Pods are on the network of their node, where no NetworkPolicy holds them');
  if (selector === undefined)
    return none(named, 'its Pods have no label that lasts, by which a policy could select them');
  const sorted = sortOut(observed, beside, options.allowFailed);
  const everywhere = [...observed.everywhere.values()].filter(({ went }) => went > 0 || options.allowFailed);
  const rules = rulesOf(sorted.needed, everywhere, namespace, options.blocks);
  const sure: Sureness = {
    ...{ attempts: observed.attempts, pods: observed.pods.size },
    ...{ first: observed.first, last: observed.last, cut: observed.cut },
    startUp: startUpOf(workload, observed, options.watched),
    isStartUpKnown: options.watched !== undefined && workload.pods.every(tellsItsBeginning),
    turnsDenyOn: sorted.isOpen,
    isWider: rules.some(({ isWider }) => isWider),
    opensRefused: sorted.refused.targets.length,
  };
  const notes = notesOn({ ...sorted, observed, sure, behind }, options);
  if (rules.length === 0 && !sorted.isOpen)
    return none(named, 'the policies that are there allow all that was seen', notes);
  const all = [...beside.dns.map(dnsRule), ...rules];
  const policy: AdvisedPolicy = {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
    metadata: { name: beside.name, namespace, annotations: annotationsOf(named.workload, sure, options) },
    spec: { podSelector: selector, policyTypes: ['Egress'], egress: all.map(plainRule) },
  };
  return { kind: 'policy', ...named, policy, rules: all, notes, sure };
}

function none(
  named: Pick<Advice, 'namespace' | 'workload' | 'behind'>,
  why: string,
  notes: readonly string[] = [],
): Advice {
  return { kind: 'none', ...named, why, notes };
}

function dnsRule({ to = [], ports = [] }: NetworkPolicyRule): AdvisedRule {
  return {
    to: to.map((peer) => ({
      peer,
      why:
        peer.ipBlock === undefined
          ? `the cluster's ${DNS.name}, always`
          : `the ${DNS.name} cache of each node (NodeLocal DNSCache), always`,
    })),
    ...{ ports, why: undefined, isWider: false },
  };
}

interface Sorted {
  readonly needed: readonly Needed[];
  readonly failed: readonly Needed[];
  readonly failedButOpened: number;
  readonly allowed: { readonly by: readonly string[]; readonly targets: number };
  readonly refused: { readonly by: readonly string[]; readonly targets: readonly string[] };
  readonly guessed: number;
  /** Whether no other policy restricts one of its Pods. */
  readonly isOpen: boolean;
}

/** Tells what has to be let open from what other policies allow, what DNS is, and what failed each time. */
function sortOut(observed: Observed, { workloads, policies, dns }: Beside, allowFailed: boolean): Sorted {
  const { workload } = observed;
  const sources = sourcesOf(workload, workloads);
  const dnsPolicy: NetworkPolicy = {
    metadata: { name: 'dns', namespace: workload.namespace },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: dns },
  };
  const [needed, failed]: [Needed[], Needed[]] = [[], []];
  const [allowedBy, refusedBy, refused] = [new Set<string>(), new Set<string>(), [] as string[]];
  let [failedButOpened, allowedTargets, guessed] = [0, 0, 0];
  for (const seen of observed.targets.values()) {
    const { target } = seen;
    const ports: SeenPort[] = [];
    const failing: SeenPort[] = [];
    let isAllowed = false;
    for (const port of seen.ports.values()) {
      const reached = { target, protocol: port.protocol, port: port.port };
      if (judgeEgress([dnsPolicy], sources, reached).kind === 'allowed') continue;
      if (port.went === 0 && !allowFailed) {
        failing.push(port);
        continue;
      }
      const judgement = judgeEgress(policies, sources, reached);
      if (judgement.kind === 'allowed') {
        isAllowed = true;
        for (const by of judgement.by) allowedBy.add(by);
        continue;
      }
      if (judgement.kind === 'refused') {
        refused.push(
          `${target.kind === 'address' ? target.address : target.name} ${port.protocol} ${port.port}`,
        );
        for (const by of judgement.by) refusedBy.add(by);
      }
      if (port.went === 0) failedButOpened++;
      if (port.guessed) guessed++;
      ports.push(port);
    }
    if (ports.length > 0) needed.push({ seen, ports });
    if (failing.length > 0) failed.push({ seen, ports: failing });
    if (isAllowed) allowedTargets++;
  }
  return {
    ...{ needed, failed, failedButOpened, guessed },
    allowed: { by: [...allowedBy].sort(), targets: allowedTargets },
    refused: { by: [...refusedBy].sort(), targets: refused.sort() },
    isOpen: sources.some((source) => !networkPolicyResidual(policies, source, 'egress').isolated),
  };
}

/** The first of its Pods that began while it was watched. A Job begins anew with each of its Pods. */
function startUpOf(
  { kind, pods }: KnownWorkload,
  observed: Observed,
  watched: Watched | undefined,
): string | undefined {
  if (watched === undefined) return undefined;
  const began = pods
    .flatMap(({ name, created, started }) =>
      [...(created === undefined ? [] : [created]), ...started].map((at) => ({ name, at })),
    )
    .filter(({ at }) => watched.from <= at && at <= watched.to)
    .sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
  const [first] = began;
  if (first !== undefined) return `Pod ${first.name} began ${minuteOf(first.at)}`;
  const [one] = [...observed.pods].sort();
  return kind.endsWith('Job') && one !== undefined ? `each run is a new Pod, such as ${one}` : undefined;
}

function tellsItsBeginning({ created, started }: StatePod): boolean {
  return created !== undefined || started.length > 0;
}

/** What of it stays with the policy in the cluster. */
function annotationsOf(
  workload: string,
  sure: Sureness,
  { program, watched, coverage }: AdviceOptions,
): Readonly<Record<string, string>> {
  const { attempts, startUp, isStartUpKnown, isWider } = sure;
  return {
    [ADVISED_BY_ANNOTATION]: program,
    [`${PREFIX}/advised-for`]: workload,
    ...(watched && { [`${PREFIX}/watched`]: `${isoOf(watched.from)}/${isoOf(watched.to)}` }),
    [`${PREFIX}/attempts`]: String(attempts),
    [`${PREFIX}/start-up-seen`]: startUp !== undefined ? 'true' : isStartUpKnown ? 'false' : 'unknown',
    [`${PREFIX}/wider-than-seen`]: String(isWider),
    [`${PREFIX}/coverage`]: coverage.kind === 'unknown' ? 'unknown' : coveredShare(coverage.nodeMinutes),
  };
}
