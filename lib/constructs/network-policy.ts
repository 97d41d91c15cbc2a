import type {
  V1NetworkPolicyEgressRule,
  V1NetworkPolicyIngressRule,
  V1NetworkPolicyPeer,
} from '@kubernetes/client-node';
import type { Construct } from 'constructs';
import { selectorLabels, type Component } from '../names';
import { all, each, either, given, holds, not, present, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { metadata } from './metadata';
import { namespaced } from './object';

/** A rule of ingress with the key `from`, which client-node's type spells `_from`. */
type IngressRule = Omit<V1NetworkPolicyIngressRule, '_from'> & {
  readonly from?: V1NetworkPolicyPeer[];
};

/** What a component's Pods may receive and send. */
export interface NetworkPolicyProps {
  readonly component: Component;
  readonly namespace: string;
  /** More annotations, such as those of a hook. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Absent rules are left out; with no rule nothing comes in. */
  readonly ingress: readonly (IngressRule | undefined)[];
  /** Absent rules are left out; with no rule nothing goes out. */
  readonly egress: readonly (V1NetworkPolicyEgressRule | undefined)[];
}

/** Adds the NetworkPolicy of a component's Pods, where the settings want one. */
export function networkPolicy(scope: Construct, settings: Settings, props: NetworkPolicyProps): void {
  when(settings.networkPolicies.enabled, () =>
    namespaced(scope, 'network-policy', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadata(settings, props.component, {
        namespace: props.namespace,
        annotations: props.annotations ?? {},
      }),
      spec: {
        podSelector: { matchLabels: selectorLabels(settings.name, props.component) },
        policyTypes: ['Ingress', 'Egress'],
        ingress: rules(props.ingress),
        egress: rules(props.egress),
      },
    }),
  );
}

/** An empty list is no list to the API server. */
function rules<T>(listed: readonly (T | undefined)[]): T[] | undefined {
  const there = present(listed);
  return when(given(there), () => there);
}

/** Pods of one of our components, by their namespace. */
export function podsOf(settings: Settings, component: Component, namespace: string): V1NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: selectorLabels(settings.name, component) },
  };
}

/** The Pods that may scrape, where the settings name their namespace. */
export function scrapers({ monitoring }: Settings): V1NetworkPolicyPeer {
  const { namespace, podLabels } = monitoring.scrapers;
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: {
      matchLabels: either<Record<string, string>>(
        given(podLabels),
        () => ({ ...podLabels }),
        () => ({ 'app.kubernetes.io/name': 'prometheus' }),
      ),
    },
  };
}

/** TCP ports. */
export function tcp(...ports: readonly number[]): { port: number; protocol: string }[] {
  return ports.map((port) => ({ port, protocol: 'TCP' }));
}

/**
 * Egress to DNS, wherever the cluster has it. OpenShift's DNS Pods listen on 5353, and its network checks the port of the
 * Pod, not that of the Service.
 */
export const toDns: V1NetworkPolicyEgressRule = {
  ports: [53, 5353].flatMap((port) => [
    { port, protocol: 'UDP' },
    { port, protocol: 'TCP' },
  ]),
};

/**
 * Egress to the API server, which a NetworkPolicy cannot name otherwise than by address; none where the settings name no
 * address or no port, since an empty list would mean any to the API server.
 */
export function toApiServer(settings: Settings): V1NetworkPolicyEgressRule | undefined {
  const { apiServerCidrs, apiServerPorts } = settings.networkPolicies;
  return when(all(given(apiServerCidrs), given(apiServerPorts)), () => ({
    to: peers(apiServerCidrs),
    ports: each(apiServerPorts, (port) => ({ port, protocol: 'TCP' })),
  }));
}

/** Egress to where falcosidekick and the collector send: Loki, Slack and the others, on any port. */
export function toOutputs(settings: Settings): V1NetworkPolicyEgressRule | undefined {
  return toAddresses(settings.networkPolicies.outputCidrs);
}

/** Egress to the registry that holds the k8smeta plugin, on any port. */
export function toRegistry(settings: Settings): V1NetworkPolicyEgressRule | undefined {
  return toAddresses(settings.networkPolicies.registryCidrs);
}

/** No address is no rule: with an empty list a rule would let everything out. */
function toAddresses(cidrs: readonly string[]): V1NetworkPolicyEgressRule | undefined {
  return when(given(cidrs), () => ({ to: peers(cidrs) }));
}

/**
 * Addresses as peers; no peers, which means all of them, where both families are open. An ipBlock of every address is not
 * the same everywhere: Cilium matches neither nodes nor Pods by it.
 */
function peers(cidrs: readonly string[]): V1NetworkPolicyPeer[] | undefined {
  return when(not(all(holds(cidrs, '0.0.0.0/0'), holds(cidrs, '::/0'))), () =>
    each(cidrs, (cidr) => ({ ipBlock: { cidr } })),
  );
}
