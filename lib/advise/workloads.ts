import { isQuarantined, selects, type Labels, type LabelSelector, type PodEnd } from '../containment';
import type { Connection } from '../history/connection';
import type { ClusterState, StateOwner, StatePod } from './cluster-state';
import { lastingLabels, lastingSelector, sharedLabels, tellingLabels } from './workload-labels';

/** Pods of one owner, as they are in the cluster now. */
export interface KnownWorkload {
  readonly namespace: string;
  /** `Deployment`, `StatefulSet` …; `Pod` for one that nobody owns. */
  readonly kind: string;
  readonly name: string;
  /** Without those that are quarantined. */
  readonly pods: readonly StatePod[];
  /** Labels of its Pods, and of those that its owner will make: each set once. */
  readonly labels: readonly Labels[];
  readonly hostNetwork: boolean;
  /** `undefined` where its Pods have no label that lasts. */
  readonly selector: LabelSelector | undefined;
  /** Other workloads of the namespace that the selector selects too. */
  readonly alsoSelects: readonly string[];
}

/** The workload as people call it: `Deployment/cart`. */
export function workloadName({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind}/${name}`;
}

interface Draft {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly pods: StatePod[];
  readonly labels: Map<string, Labels>;
  /** Those that are cut off: they are reached as the others are, but are no source of advice. */
  readonly cutOff: StatePod[];
  ownSelector: LabelSelector | undefined;
  hostNetwork: boolean;
  /** Whether there is more of it than Pods that are cut off. */
  isThere: boolean;
}

/** The workloads of a cluster, found by their Pods. */
export class Workloads {
  /** Ordered by namespace, name and kind. */
  readonly all: readonly KnownWorkload[];
  /** Pods that are cut off: what they did is no advice. */
  readonly quarantined: readonly StatePod[];
  private readonly byName = new Map<string, KnownWorkload[]>();
  private readonly byPod = new Map<string, { readonly pod: StatePod; readonly workload: KnownWorkload }>();

  constructor(private readonly state: ClusterState) {
    this.quarantined = state.pods.filter(isCutOff);
    const drafts = this.drafts();
    const known = [...drafts.values()].map((draft) => ({ draft, workload: finished(draft, drafts) }));
    this.all = known.flatMap(({ draft, workload }) => (draft.isThere ? [workload] : [])).sort(byPlace);
    for (const { draft, workload } of known)
      for (const pod of [...draft.pods, ...draft.cutOff])
        this.byPod.set(`${pod.namespace}/${pod.name}`, { pod, workload });
    for (const workload of this.all) {
      const key = `${workload.namespace}/${workload.name}`;
      this.byName.set(key, [...(this.byName.get(key) ?? []), workload]);
    }
  }

  /** Of a Pod that is there now, be it cut off. */
  ofPod({ namespace, name }: StatePod): KnownWorkload | undefined {
    return this.byPod.get(`${namespace}/${name}`)?.workload;
  }

  /** Whose Pod it was that connected; `undefined` where nothing of that name is there now. */
  ofConnection({
    namespace = '',
    pod,
    workload,
  }: Pick<Connection, 'namespace' | 'pod' | 'workload'>): KnownWorkload | undefined {
    const there = pod === undefined ? undefined : this.byPod.get(`${namespace}/${pod}`);
    if (there !== undefined) return there.workload;
    const named = this.byName.get(`${namespace}/${workload.name}`) ?? [];
    // A name tells the kind of the owner only mostly.
    const exact = named.find(({ kind }) => kind === workload.kind);
    if (exact !== undefined) return exact;
    const [only] = named;
    return named.length === 1 && (workload.derived || workload.kind === undefined) ? only : undefined;
  }

  /** A Pod as policies see it, with its address of a family. */
  end(pod: StatePod, address: string | undefined): PodEnd {
    return {
      ...{ kind: 'pod', namespace: pod.namespace, labels: pod.labels },
      namespaceLabels: this.namespaceLabels(pod.namespace),
      hostNetwork: pod.hostNetwork,
      ...(address !== undefined && { address }),
      ports: pod.ports.flatMap(({ name, port, protocol }) =>
        name === undefined ? [] : [{ name, port, protocol }],
      ),
    };
  }

  namespaceLabels(namespace: string): Labels {
    return { ...this.state.namespaces.get(namespace), 'kubernetes.io/metadata.name': namespace };
  }

  private drafts(): Map<string, Draft> {
    const { pods, owners } = this.state;
    const ownerOf = new Map(owners.map((owner) => [ownerKey(owner), owner]));
    const drafts = new Map<string, Draft>();
    const draft = (namespace: string, kind: string, name: string): Draft => {
      const key = `${namespace}/${kind}/${name}`;
      const found = drafts.get(key) ?? {
        ...{ namespace, kind, name, pods: [], labels: new Map<string, Labels>() },
        ...{ cutOff: [], ownSelector: undefined, hostNetwork: false, isThere: false },
      };
      drafts.set(key, found);
      return found;
    };
    for (const owner of owners) {
      // Those that are owned themselves, and old ReplicaSets, are no workloads of their own.
      if (owner.owner !== undefined) continue;
      const found = draft(owner.namespace, owner.kind, owner.name);
      found.ownSelector = owner.selector;
      found.hostNetwork ||= owner.hostNetwork;
      found.isThere = true;
      addLabels(found, owner.podLabels);
    }
    for (const pod of pods) {
      const { kind, name } = topOf(pod, ownerOf);
      const found = draft(pod.namespace, kind, name);
      found.hostNetwork ||= pod.hostNetwork;
      if (isCutOff(pod)) found.cutOff.push(pod);
      else {
        found.pods.push(pod);
        found.isThere = true;
        addLabels(found, pod.labels);
      }
    }
    for (const { cutOff, labels, isThere } of drafts.values())
      if (!isThere) for (const pod of cutOff) addLabels({ labels }, pod.labels);
    return drafts;
  }
}

function isCutOff({ labels }: StatePod): boolean {
  return isQuarantined({ metadata: { labels } });
}

function ownerKey({ namespace, kind, name }: Pick<StateOwner, 'namespace' | 'kind' | 'name'>): string {
  return `${namespace}/${kind}/${name}`;
}

function addLabels(draft: Pick<Draft, 'labels'>, labels: Labels): void {
  // Without what is each Pod's own there are few of them.
  const shared = sharedLabels(labels);
  draft.labels.set(JSON.stringify(Object.entries(shared).sort()), shared);
}

/** The last of a Pod's owners: by the objects that are known, else by the names that Kubernetes gives. */
function topOf(
  pod: StatePod,
  owners: ReadonlyMap<string, StateOwner>,
): { readonly kind: string; readonly name: string } {
  const { namespace, owner, labels } = pod;
  if (owner === undefined) return { kind: 'Pod', name: pod.name };
  const known = owners.get(ownerKey({ namespace, ...owner }));
  if (known?.owner !== undefined) return known.owner;
  if (known !== undefined) return owner;
  const hash = labels['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`))
    return { kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) };
  const [, cron] = /^(.+)-\d{8}$/.exec(owner.name) ?? [];
  return owner.kind === 'Job' && cron !== undefined ? { kind: 'CronJob', name: cron } : owner;
}

function finished(draft: Draft, drafts: ReadonlyMap<string, Draft>): KnownWorkload {
  const { namespace, kind, name, pods, hostNetwork } = draft;
  const labels = [...draft.labels.values()];
  const others = [...drafts.values()].filter((other) => other !== draft && other.namespace === namespace);
  const selector = selectorOf(draft, labels, others);
  const alsoSelects = others
    .filter((other) => selector && [...other.labels.values()].some((each) => selects(selector, each)))
    .map(workloadName)
    .sort();
  return { namespace, kind, name, pods, labels, hostNetwork, selector, alsoSelects };
}

function selectorOf(
  { ownSelector }: Draft,
  labels: readonly Labels[],
  others: readonly Draft[],
): LabelSelector | undefined {
  const own = ownSelector && lastingSelector(ownSelector);
  const isTelling =
    Object.keys(own?.matchLabels ?? {}).length > 0 || (own?.matchExpressions ?? []).length > 0;
  const ofOthers = others.flatMap((other) => [...other.labels.values()]);
  if (own === undefined || !isTelling) return tellingLabels(lastingLabels(labels), ofOthers);
  // A version in a selector that can't change lasts as long as its controller: it counts where nothing else tells two apart.
  const selected = (by: LabelSelector): number => ofOthers.filter((each) => selects(by, each)).length;
  return selected(own) > selected(ownSelector ?? own) ? ownSelector : own;
}

function byPlace(a: KnownWorkload, b: KnownWorkload): number {
  const [left, right] = [a, b].map(({ namespace, name, kind }) => `${namespace}\0${name}\0${kind}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}
