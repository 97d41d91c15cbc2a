import type { End, NetworkPolicy, PodEnd } from '../../../lib/containment';
import { QUARANTINE_POLICY } from '../../../lib/names';
import { ClusterError } from '../../../lib/program/cluster-error';
import { collectionPath, CORE, objectPath } from '../../../lib/responder/cluster/resource';
import { WEB } from '../../containment/situations';
import { askCyclonus, type Case } from '../containment/cyclonus';
import { probesOf, type Probe } from '../containment/probes';
import type { ControlPlane } from '../control-plane';
import { ALWAYS, type MatrixSituation } from './matrix-situations';
import { Room, type StoredPod } from './room';

/** Labels of the Pods of each namespace; the second has those of the one that is cut off. */
const PODS = { web: WEB.labels, sibling: WEB.labels, other: { app: 'db' } } as const;
type Name = keyof typeof PODS;

/** A situation in namespaces of its own. */
export interface Place {
  readonly name: string;
  readonly room: Room;
  readonly probes: readonly Probe[];
}

/** All that bears on it, as the API server has it. */
export interface Seen {
  readonly place: Place;
  readonly policies: readonly NetworkPolicy[];
  readonly pods: Readonly<Record<Name, { readonly stored: StoredPod; readonly end: PodEnd }>>;
}

/** What each Pod may do by cyclonus: out to each probe, then in from each. */
export type Reach = Readonly<Record<Name, readonly boolean[]>>;

/** Makes the namespace of a situation, with its policies and Pods; `undefined` where the API server doesn't take its policies. */
export async function settle(
  plane: ControlPlane,
  situation: MatrixSituation,
  name: string,
): Promise<Place | undefined> {
  const room = new Room(plane, name);
  await room.open({ team: 'a' });
  const renamed = situation.policies
    // What another namespace says of its own Pods is none of this one's.
    .filter(({ metadata }) => metadata?.namespace === 'shop')
    .map(({ metadata, ...rest }, place) => ({
      ...rest,
      metadata: { ...metadata, name: `p-${place}`, namespace: room.namespace },
    }));
  try {
    for (const each of renamed)
      await room.create(CORE.networkPolicies, {
        ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
        ...each,
      });
  } catch (error) {
    if (!(error instanceof ClusterError) || error.status !== 422) throw error;
    await room.close();
    return undefined;
  }
  for (const [name, labels] of Object.entries(PODS)) await room.add(name, { labels });
  const probes = [...ALWAYS, ...own(situation, room.namespace), ...probesOf(renamed)];
  return { name: situation.name, room, probes };
}

/** The connection of a situation. */
function own({ connection }: MatrixSituation, namespace: string): readonly Probe[] {
  if (connection === undefined) return [];
  const { destination, protocol, port } = connection;
  const moved: End =
    destination.kind === 'pod' && destination.namespace === 'shop'
      ? { ...destination, namespace }
      : destination;
  return [{ destination: moved, protocol, port }];
}

/** Takes everything back from the API server. */
export async function look(place: Place): Promise<Seen> {
  const { room } = place;
  const get = (path: string): Promise<unknown> => room.ask({ method: 'GET', path });
  const [policies, namespace, pods] = (await Promise.all([
    get(collectionPath(CORE.networkPolicies, room.namespace)),
    get(objectPath(CORE.namespaces, { namespace: '', name: room.namespace })),
    room.list(),
  ])) as [{ items: NetworkPolicy[] }, { metadata: { labels: Record<string, string> } }, readonly StoredPod[]];
  const seen = Object.fromEntries(
    pods.map((stored) => [
      stored.metadata.name,
      {
        stored,
        end: {
          ...{ kind: 'pod', namespace: room.namespace, address: '10.0.0.1' },
          namespaceLabels: namespace.metadata.labels,
          labels: stored.metadata.labels ?? {},
        },
      },
    ]),
  );
  // What managers of fields wrote is nothing to a simulator.
  const kept = policies.items.map(({ metadata: { name = '' } = {}, spec }) => ({
    metadata: { name, namespace: room.namespace },
    ...(spec && { spec }),
  }));
  return { place, policies: kept, pods: seen as unknown as Seen['pods'] };
}

/** Asks each of some what they want to know, with one question for all. */
function asking<T>(binary: string, items: readonly T[], casesOf: (item: T) => readonly Case[]) {
  const cases = items.map(casesOf);
  const answers = askCyclonus(binary, cases.flat()).map(({ documented }) => documented);
  let at = 0;
  return cases.map((each) => answers.slice(at, (at += each.length)));
}

function goingOut({ place, policies, pods }: Seen, name: Name, only = policies): Case[] {
  return place.probes.map((probe) => ({ policies: only, connection: { source: pods[name].end, ...probe } }));
}

function comingIn({ place, policies, pods }: Seen, name: Name): Case[] {
  return place.probes.map(({ destination, protocol, port }) => ({
    policies,
    connection: { source: destination, destination: pods[name].end, protocol, port },
  }));
}

/** What every Pod may do. */
export function reachOf(binary: string, seen: readonly Seen[]): readonly Reach[] {
  const questions = seen.flatMap((each) => (Object.keys(PODS) as Name[]).map((name) => ({ each, name })));
  const answers = asking(binary, questions, ({ each, name }) => [
    ...goingOut(each, name),
    ...comingIn(each, name),
  ]);
  const all = questions.map(({ each, name }, index) => {
    const bits = (answers[index] ?? []).map(({ egress: out, ingress }, place) =>
      place < each.place.probes.length ? out : ingress,
    );
    return [name, bits] as const;
  });
  return seen.map((_, index) => Object.fromEntries(all.slice(index * 3, index * 3 + 3)) as unknown as Reach);
}

/** What is left open of the Pod that is cut off, by cyclonus: whether anything is, and which policies alone would let it. */
export interface Left {
  readonly open: boolean;
  readonly blamed: readonly string[];
}

export function leftOf(
  binary: string,
  seen: readonly Seen[],
  onPurpose: (probe: Probe) => boolean,
): readonly Left[] {
  const standing = (each: Seen): NetworkPolicy[] =>
    each.policies.filter(({ metadata }) => metadata?.name === QUARANTINE_POLICY);
  const questions = seen.flatMap((each, index) => [
    { each, index, only: each.policies, name: '' },
    ...each.policies
      .filter(({ metadata }) => metadata?.name !== QUARANTINE_POLICY)
      .map((one) => ({ each, index, only: [...standing(each), one], name: one.metadata?.name ?? '' })),
  ]);
  const answers = asking(binary, questions, ({ each, only }) => goingOut(each, 'web', only));
  const open = questions.filter(({ each }, at) =>
    each.place.probes.some((probe, place) => answers[at]?.[place]?.egress === true && !onPurpose(probe)),
  );
  return seen.map((_, index) => {
    const names = open.filter((question) => question.index === index).map(({ name }) => name);
    return { open: names.includes(''), blamed: names.filter((name) => name !== '') };
  });
}
