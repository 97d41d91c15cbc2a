import type { V1NetworkPolicyPeer } from '@kubernetes/client-node';
import { either, given } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { podsOf } from './network-policy';

/** Falco's Pods to a NetworkPolicy: ours, or those of the Falco that somebody else installs. */
export function falcoPeer(settings: Settings): V1NetworkPolicyPeer {
  const { namespace, podLabels } = settings.falco.external;
  return either<V1NetworkPolicyPeer>(
    settings.falco.install,
    () => podsOf(settings, 'falco', settings.namespaces.node),
    () => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      podSelector: {
        matchLabels: either<Record<string, string>>(
          given(podLabels),
          () => ({ ...podLabels }),
          () => ({ 'app.kubernetes.io/name': 'falco' }),
        ),
      },
    }),
  );
}
