import { parseRecord, type QuarantineRecord } from '../../../lib/containment';
import { QUARANTINE_RECORD_ANNOTATION } from '../../../lib/names';
import type { Call } from '../../../lib/responder/cluster/api-client';
import { collectionPath, CORE, objectPath, type Resource } from '../../../lib/responder/cluster/resource';
import type { ControlPlane } from '../control-plane';
import { waitUntil } from '../control-plane/wait';
import { adminClient, pod } from './cluster-under-test';

/** A Pod as the API server has it. */
export interface StoredPod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly creationTimestamp: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** An Event of a Pod. */
export interface StoredEvent {
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly name: string; readonly uid?: string };
}

const ACCOUNTS = { group: '', version: 'v1', name: 'serviceaccounts' } as const;
const EVENTS = { group: '', version: 'v1', name: 'events' } as const;
/** A request of the admin, who also merges, as the responder never does. */
type AdminCall = Omit<Call, 'doing' | 'contentType'> & { readonly contentType?: string };

/** A namespace with Pods in it, as its admin sees and changes it. */
export class Room {
  private readonly client;

  constructor(
    plane: ControlPlane,
    readonly namespace: string,
  ) {
    this.client = adminClient(plane);
  }

  /** Any request of the admin. */
  ask(call: AdminCall): Promise<unknown> {
    return this.client.json({ ...call, doing: `${call.method} ${call.path}` } as Call);
  }

  /** Makes the namespace. */
  async open(labels: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.ask({
      method: 'POST',
      path: collectionPath(CORE.namespaces),
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace, labels } },
    });
    // A Pod is refused until its ServiceAccount exists.
    const path = this.path(ACCOUNTS, 'default');
    await this.until(async () => {
      const { status } = await this.client.ask({ method: 'GET', path, doing: 'wait' });
      return status === 200;
    }, 'no ServiceAccount');
  }

  /** Creates a Pod. */
  async add(name: string, metadata: object = {}, spec: object = {}): Promise<StoredPod> {
    const body = pod(this.namespace, name, metadata) as { readonly spec: object };
    const whole = { ...body, spec: { ...body.spec, ...spec } };
    const path = collectionPath(CORE.pods, this.namespace);
    return (await this.ask({ method: 'POST', path, body: whole })) as StoredPod;
  }

  async get(name: string): Promise<StoredPod> {
    return (await this.ask({ method: 'GET', path: this.path(CORE.pods, name) })) as StoredPod;
  }

  /** The Pod, if it is there. */
  async find(name: string): Promise<StoredPod | undefined> {
    const answer = await this.client.ask({
      method: 'GET',
      path: this.path(CORE.pods, name),
      doing: `find ${name}`,
    });
    return answer.status === 404 ? undefined : (JSON.parse(answer.text) as StoredPod);
  }

  async list(): Promise<readonly StoredPod[]> {
    const path = collectionPath(CORE.pods, this.namespace);
    return ((await this.ask({ method: 'GET', path })) as { readonly items: StoredPod[] }).items;
  }

  /** A moment, to which {@link changes} can go back. */
  async version(): Promise<string> {
    const list = await this.ask({ method: 'GET', path: collectionPath(CORE.pods, this.namespace) });
    return (list as { readonly metadata: { readonly resourceVersion: string } }).metadata.resourceVersion;
  }

  /** Names of the Pods that have been changed since, once for each change. */
  async changes(since: string): Promise<string[]> {
    const path = `${collectionPath(CORE.pods, this.namespace)}?watch=1&timeoutSeconds=1&resourceVersion=${since}`;
    const { text } = await this.client.ask({ method: 'GET', path, doing: 'look back' });
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { readonly type: string; readonly object: StoredPod })
      .filter(({ type }) => type === 'MODIFIED')
      .map(({ object }) => object.metadata.name);
  }

  /** The record of a Pod's quarantine. */
  async record(name: string): Promise<QuarantineRecord | undefined> {
    return recordOf(await this.get(name));
  }

  async events(): Promise<readonly StoredEvent[]> {
    const path = collectionPath(EVENTS, this.namespace);
    return ((await this.ask({ method: 'GET', path })) as { readonly items: StoredEvent[] }).items;
  }

  /** Reasons of a Pod's Events, in order. */
  async reasons(name: string): Promise<readonly string[]> {
    const events = await this.events();
    return events
      .filter(({ involvedObject }) => involvedObject.name === name)
      .map(({ reason }) => reason)
      .sort();
  }

  /** Waits until there is an Event of a Pod; its message. */
  async told(name: string, reason: string): Promise<string> {
    let message: string | undefined;
    await this.until(async () => {
      const events = await this.events();
      message = events.find((each) => each.reason === reason && each.involvedObject.name === name)?.message;
      return message !== undefined;
    }, `no ${reason} of ${name}`);
    return message ?? '';
  }

  /** Changes labels or annotations; `null` takes one away. */
  async mark(name: string, metadata: object): Promise<void> {
    await this.merge(CORE.pods, name, { metadata });
  }

  async merge(resource: Resource, name: string, body: object, subresource = ''): Promise<void> {
    const path = `${this.path(resource, name)}${subresource}`;
    await this.ask({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
  }

  /** Creates any object here. */
  async create(resource: Resource, body: object): Promise<void> {
    await this.ask({ method: 'POST', path: collectionPath(resource, this.namespace), body });
  }

  /** A ServiceAccount. */
  async account(name: string): Promise<void> {
    await this.create(ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
  }

  /** A token of a ServiceAccount of here, of a Pod and so of its node, or of none. */
  async token(account: string, of?: StoredPod, audience = 'responder'): Promise<string> {
    const { name = '', uid = '' } = of?.metadata ?? {};
    const spec = {
      audiences: [audience],
      ...(of && { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid } }),
    };
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
    const path = `${this.path(ACCOUNTS, account)}/token`;
    return ((await this.ask({ method: 'POST', path, body })) as { status: { token: string } }).status.token;
  }

  /** What a kubelet says: that the Pod runs, in a container of that id, and perhaps that it is Ready. */
  async runs(name: string, containerId: string, isReady = false): Promise<void> {
    const container = {
      ...{ name: 'main', image: 'main', imageID: '', ready: true, restartCount: 0, started: true },
      ...{ containerID: `containerd://${containerId.padEnd(64, '0')}`, state: { running: {} } },
    };
    const conditions = [{ type: 'Ready', status: isReady ? 'True' : 'False' }];
    const status = { phase: 'Running', conditions, containerStatuses: [container] };
    await this.merge(CORE.pods, name, { status }, '/status');
  }

  async remove(resource: Resource, name: string): Promise<void> {
    const body = { gracePeriodSeconds: 0 };
    await this.ask({ method: 'DELETE', path: this.path(resource, name), body });
  }

  /** Waits for something that the responder brings about. */
  until(condition: () => Promise<boolean>, what: string, within = 60_000): Promise<void> {
    return waitUntil(condition, within, () => new Error(what));
  }

  /** Ends the namespace, without waiting; it may have ended already. */
  async close(): Promise<void> {
    const path = objectPath(CORE.namespaces, { namespace: '', name: this.namespace });
    await this.client.ask({ method: 'DELETE', path, doing: `close ${this.namespace}` });
  }

  private path(resource: Resource, name: string): string {
    return objectPath(resource, { namespace: this.namespace, name });
  }
}

/** The record of a Pod's quarantine. */
export function recordOf({ metadata }: StoredPod): QuarantineRecord | undefined {
  return parseRecord(metadata.annotations?.[QUARANTINE_RECORD_ANNOTATION] ?? '');
}
