import { Responder } from '../../../lib/constructs/responder';
import type { ResponseSettings } from '../../../lib/settings/responder';
import { synthesize } from '../../constructs';
import { FAKE_PROGRAM } from '../../constructs/fake-program';
import type { ControlPlane } from '../control-plane';

/** Who a responder is: a release of the stack, its namespace, and what its responses are. */
export interface ResponderAccount {
  readonly name: string;
  readonly namespace: string;
  readonly responses: readonly ResponseSettings[];
  /** Whether it tells the inventory. @default false */
  readonly inventory?: boolean;
}

/** The ServiceAccount of a responder and what the stack lets it do, and nothing else. */
export function accountObjects({ name, namespace, responses, inventory = false }: ResponderAccount) {
  const responder = { inventory: { enabled: inventory } };
  const props = { cluster: 'test', name, namespaces: { services: namespace }, responses, responder };
  const more = { collector: { enabled: true }, program: FAKE_PROGRAM };
  return synthesize((scope) => new Responder(scope, 'responder', { ...props, ...more })).filter(({ kind }) =>
    /^(ServiceAccount|(Cluster)?Role(Binding)?)$/.test(kind),
  );
}

/** Name of its ServiceAccount. */
export function accountName({ name }: Pick<ResponderAccount, 'name'>): string {
  return `${name}-responder`;
}

/** Takes what isn't in a namespace away again. */
export async function deleteAccountRoles(plane: ControlPlane, ...names: readonly string[]): Promise<void> {
  const selector = `app.kubernetes.io/instance in (${names.join(',')})`;
  await plane.kubectl(['delete', 'clusterrole,clusterrolebinding', '-l', selector]);
}
