import { collectionPath } from '../../../lib/responder/cluster/resource';
import type { Room } from './room';

const ACCOUNTS = { group: '', version: 'v1', name: 'serviceaccounts' } as const;
const NODES = collectionPath({ group: '', version: 'v1', name: 'nodes' });

/** A collector of one node, as far as the responder knows it: its ServiceAccount and a token that is bound to its Pod. */
export class CollectorIdentity {
  private constructor(
    private readonly room: Room,
    /** Its node: alerts are believed about Pods there. */
    readonly node: string,
    readonly token: string,
  ) {}

  /** Makes the node, the ServiceAccount and the Pod in a room, and asks for the token. */
  static async create(room: Room, node: string): Promise<CollectorIdentity> {
    await room.ask({
      method: 'POST',
      path: NODES,
      body: { apiVersion: 'v1', kind: 'Node', metadata: { name: node } },
    });
    await room.create(ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'collector' },
    });
    const spec = { nodeName: node, serviceAccountName: 'collector' };
    const { metadata } = await room.add('collector', {}, spec);
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid };
    return new CollectorIdentity(
      room,
      node,
      await accountToken(room, 'collector', boundObjectRef, ['responder']),
    );
  }

  /** What the responder's configuration says of it. */
  get configured(): object {
    return {
      collector: { namespace: this.room.namespace, serviceAccount: 'collector', audience: 'responder' },
    };
  }
}

/** A token of a ServiceAccount that is good for as long as some object is there. */
export async function accountToken(
  room: Room,
  account: string,
  boundObjectRef?: object,
  audiences?: readonly string[],
): Promise<string> {
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { ...(audiences && { audiences }), ...(boundObjectRef && { boundObjectRef }) },
  };
  const path = `${collectionPath(ACCOUNTS, room.namespace)}/${account}/token`;
  return ((await room.ask({ method: 'POST', path, body })) as { status: { token: string } }).status.token;
}
