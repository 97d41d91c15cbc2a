import { RESPONDER_FIELD_MANAGER } from '../../names';
import { refused } from '../../program/cluster-connection';
import { ClusterError } from '../../program/cluster-error';
import type { ApiClient, Answer, Call } from './api-client';
import type { ClusterWrites, ObjectKey, TierPolicy, WatchedPod } from './cluster';
import { eventBody } from './event-body';
import { projectNetworkPolicy, projectPod, projectTierPolicy } from './projections';
import { collectionPath, CORE, objectPath, type Resource } from './resource';
import type { WatchedState } from './state';
import type { TierDiscovery } from './tier-discovery';

const EVENTS = { group: '', version: 'v1', name: 'events' } as const;
const CONFIG_MAPS = { group: '', version: 'v1', name: 'configmaps' } as const;

/** How the API server says that the object of that name is another one; evictions and deletions have words of their own. */
const OTHER_UID = /UID in (the )?precondition/;

/** What writes are made with. */
export interface WritesProps {
  readonly client: ApiClient;
  readonly tiers: TierDiscovery;
  /** States that take in at once what is answered. */
  readonly states: ReadonlySet<WatchedState>;
}

/** The writes of the responder, and the reads past every cache. */
export function clusterWrites({ client, tiers, states }: WritesProps): ClusterWrites {
  return {
    patchPod: async (key, patch) => {
      const raw = await client.json({
        method: 'PATCH',
        path: objectPath(CORE.pods, key),
        query: { fieldManager: RESPONDER_FIELD_MANAGER },
        contentType: 'application/json-patch+json',
        body: patch,
        doing: `patch Pod ${print(key)}`,
      });
      return takePod(raw);
    },
    getPod: async (key) => {
      const raw = await readPod(key);
      return raw === undefined ? undefined : takePod(raw);
    },
    getWholePod: readPod,
    applyNetworkPolicy: async (policy, own) => {
      const body = ofUid(policy, own);
      const call = applying(CORE.networkPolicies, policy.metadata, body, 'NetworkPolicy', own !== undefined);
      const answer = await client.ask(call);
      if (isTerminating(answer)) return false;
      if (!isSuccess(answer)) throw refused(answer.status, answer.text, call.doing);
      const observed = projectNetworkPolicy(JSON.parse(answer.text));
      if (observed !== undefined) for (const state of states) state.networkPolicies.absorb(observed);
      return true;
    },
    deleteNetworkPolicy: async (key, uid) => {
      const gone = await remove(CORE.networkPolicies, key, uid, 'NetworkPolicy');
      if (gone) for (const state of states) state.networkPolicies.absorbGone(key, uid);
    },
    applyDenyPolicy: async (tier, policy, own) => {
      const { resource, kind } = await tiers.denyResource(tier);
      const key = { namespace: '', name: nameOf(policy) };
      // Where Calico's own API isn't served, what it stores is written.
      const body = { ...ofUid(policy, own), apiVersion: `${resource.group}/${resource.version}` };
      const observed = projectTierPolicy(
        await client.json(applying(resource, key, body, tier, own !== undefined)),
      );
      if (observed !== undefined) for (const state of states) state.tier(kind).absorb(observed);
    },
    deleteDenyPolicy: async (tier, name, uid) => {
      const { resource, kind } = await tiers.denyResource(tier);
      const key = { namespace: '', name };
      const gone = await remove(resource, key, uid, tier);
      if (gone) for (const state of states) state.tier(kind).absorbGone(key, uid);
    },
    writeEvent: async (event) => {
      const doing = `create Event ${print(event)}`;
      const path = collectionPath(EVENTS, event.namespace);
      const answer = await client.ask({ method: 'POST', path, body: eventBody(event), doing });
      if (isSuccess(answer)) return 'new';
      // Sent twice over a connection that was closed: what is there may well be ours.
      if (answer.status === 409) return answer.resent ? 'new' : 'there';
      if (answer.status === 404 || isTerminating(answer)) return 'nowhere';
      throw refused(answer.status, answer.text, doing);
    },
    evictPod: async (key, uid) => {
      // Asked to evict another UID than there is, the API server tries again and again for many seconds.
      if (projectPod(await readPod(key))?.uid !== uid) return;
      const body = {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: key,
        deleteOptions: { preconditions: { uid } },
      };
      const path = `${objectPath(CORE.pods, key)}/eviction`;
      await end({ method: 'POST', path, body, doing: `evict Pod ${print(key)}` });
    },
    deletePod: async (key, uid) => {
      await remove(CORE.pods, key, uid, 'Pod');
    },
    writeConfigMap: async (key, data, labels) => {
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...key, labels }, data };
      const doing = `create ConfigMap ${print(key)}`;
      const path = collectionPath(CONFIG_MAPS, key.namespace);
      const answer = await client.ask({ method: 'POST', path, body, doing });
      if (!isSuccess(answer) && answer.status !== 409) throw refused(answer.status, answer.text, doing);
    },
  };

  async function readPod(key: ObjectKey): Promise<object | undefined> {
    const doing = `get Pod ${print(key)}`;
    const answer = await client.ask({ method: 'GET', path: objectPath(CORE.pods, key), doing });
    if (answer.status === 404) return undefined;
    if (!isSuccess(answer)) throw refused(answer.status, answer.text, doing);
    return JSON.parse(answer.text) as object;
  }

  function takePod(raw: unknown): WatchedPod {
    const observed = projectPod(raw);
    if (observed === undefined) throw new ClusterError('API_REFUSED', 'the API server answered no Pod', true);
    for (const state of states) state.pods.absorb(observed);
    return observed.object;
  }

  /** Server-side apply: creates it, or changes what is ours of it. */
  function applying(resource: Resource, key: ObjectKey, body: object, kind: string, force: boolean): Call {
    return {
      method: 'PATCH',
      path: objectPath(resource, key),
      query: { fieldManager: RESPONDER_FIELD_MANAGER, ...(force && { force: 'true' }) },
      contentType: 'application/apply-patch+yaml',
      body,
      doing: `apply ${kind} ${print(key)}`,
    };
  }

  /** Whether the object of that UID has gone: it may also only be marked, until its finalizers have run. */
  async function remove(resource: Resource, key: ObjectKey, uid: string, kind: string): Promise<boolean> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } };
    const doing = `delete ${kind} ${print(key)}`;
    const text = await end({ method: 'DELETE', path: objectPath(resource, key), body, doing });
    return text === undefined || (JSON.parse(text) as { readonly kind?: string }).kind === 'Status';
  }

  /** Ends an object of a certain UID. One that is gone, or another by now, is as well. */
  async function end(call: Call): Promise<string | undefined> {
    const { status, text } = await client.ask(call);
    if (status === 404 || (status === 409 && OTHER_UID.test(text))) return undefined;
    if (status < 200 || status >= 300) throw refused(status, text, call.doing);
    return text;
  }
}

/** An object that is refused where the one of its name has another UID. */
function ofUid(object: object & { readonly metadata?: object }, uid: string | undefined): object {
  return uid === undefined ? object : { ...object, metadata: { ...object.metadata, uid } };
}

/** Nothing can be made in a namespace that is being deleted. */
function isTerminating({ status, text }: Answer): boolean {
  return status === 403 && text.includes('"NamespaceTerminating"');
}

function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

function nameOf(policy: object): string {
  const { metadata } = policy as TierPolicy;
  return metadata?.name ?? '';
}

function print({ namespace, name }: ObjectKey): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
