import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../lib/responder/cluster/api-client';
import { collectionPath, CORE } from '../../lib/responder/cluster/resource';
import { ClusterError } from '../../lib/program/cluster-error';
import { namespace as namespaceOf, pod } from '../../test/integration/responder/cluster-under-test';
import { inFlight } from './in-flight';

const IN_FLIGHT = 32;
/** The bare client's label: the responder has nothing to do with it. */
export const LABELLED = 'labelled-by-bench';

/** A Pod that can be cut off. */
export interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What a bench finds in the cluster: namespaces, Pods, and the bare client's policies. */
export class Ground {
  private readonly made: string[] = [];
  private readonly stamp = Date.now().toString(36);

  constructor(readonly client: ApiClient) {}

  /** A namespace in which Pods can be created. */
  async namespace(word: string): Promise<string> {
    const name = `bench-${word}-${this.stamp}`;
    await this.create(collectionPath(CORE.namespaces), namespaceOf(name));
    this.made.push(name);
    return name;
  }

  /** Pods that nobody runs. */
  async pods(namespace: string, count: number, node?: string): Promise<readonly Target[]> {
    const targets: Target[] = [];
    const names = Array.from({ length: count }, (_, index) => `pod-${index}`);
    await inFlight(names, IN_FLIGHT, async (name) => {
      targets.push(await this.pod(namespace, name, node));
    });
    return targets;
  }

  /** What the bare client writes. */
  async policy(namespace: string, name: string): Promise<void> {
    await this.create(collectionPath(CORE.networkPolicies, namespace), {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace, name },
      spec: { podSelector: { matchLabels: { pod: name } }, policyTypes: ['Egress'] },
    });
  }

  /** What cutting a Pod off is at least: one patch of it, by somebody else than who has made the Pod. */
  async label({ namespace, name }: Target): Promise<void> {
    await this.client.json({
      method: 'PATCH',
      path: `${collectionPath(CORE.pods, namespace)}/${name}`,
      query: { fieldManager: LABELLED },
      contentType: 'application/json-patch+json',
      body: [{ op: 'add', path: `/metadata/labels/${LABELLED}`, value: 'true' }],
      doing: `label Pod ${name}`,
    });
  }

  /** Creates an object; answers it. */
  async create(path: string, body: object): Promise<unknown> {
    return this.client.json({ method: 'POST', path, body, doing: `create ${path}` });
  }

  /** Removes the namespaces with all that is in them. */
  async clear(): Promise<void> {
    for (const name of this.made)
      await this.client.ask({
        method: 'DELETE',
        path: `${collectionPath(CORE.namespaces)}/${name}`,
        doing: `delete Namespace ${name}`,
      });
  }

  private async pod(namespace: string, name: string, node: string | undefined): Promise<Target> {
    const whole = pod(namespace, name, { labels: { app: 'bench', pod: name } }) as { spec: object };
    const body = node === undefined ? whole : { ...whole, spec: { ...whole.spec, nodeName: node } };
    for (;;) {
      try {
        const made = await this.create(collectionPath(CORE.pods, namespace), body);
        return { namespace, name, uid: (made as { metadata: { uid: string } }).metadata.uid };
      } catch (error) {
        // Until the controller has made the namespace's ServiceAccount.
        if (!(error instanceof ClusterError) || error.status !== 403) throw error;
        await sleep(100);
      }
    }
  }
}
