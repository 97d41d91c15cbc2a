import { Construct } from 'constructs';
import { each, either, is, not, present, when } from '../settings/decide';
import type { PodGuardMode } from '../settings/egress';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { metadata } from './metadata';
import { clusterWide } from './object';

const API_VERSION = 'admissionregistration.k8s.io/v1';

/** Settings that the guard reads. */
export type PodGuardProps = Pick<
  FalcoEgressProps,
  'cluster' | 'name' | 'egress' | 'exempt' | 'namespaces' | 'falco' | 'labels' | 'annotations'
>;

/**
 * Closes what Falco can't see, by ValidatingAdmissionPolicies on the Pods of monitored namespaces: io_uring, which seccomp
 * refuses; the node's network, on which no NetworkPolicy holds a Pod; and raw sockets. Each has a mode of its own.
 *
 * Templates of workloads are held to the same, so that whoever applies a Deployment sees it, and not only the controller
 * that makes the Pods. Who is there already stays: Pods are looked at when they are made, templates when they change.
 *
 * Namespaces with an exempt label are left alone, and so are Falco's own and those of `egress.podGuard.exceptNamespaces`.
 * The API server itself evaluates it (Kubernetes 1.30 and later).
 */
export class PodGuard extends Construct {
  constructor(scope: Construct, id: string, props: PodGuardProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    const { seccomp, hostNetwork, rawSockets } = settings.egress.podGuard;
    this.add(settings, 'seccomp', seccomp, SECCOMP);
    this.add(settings, 'host-network', hostNetwork, HOST_NETWORK);
    this.add(settings, 'raw-sockets', rawSockets, RAW_SOCKETS);
  }

  private add(settings: Settings, id: string, mode: PodGuardMode, demand: Demand): void {
    when(not(is(mode, 'off')), () => {
      const name = `${settings.name}-pod-guard-${id}`;
      const meta = metadata(settings, 'namespaces', { name, namespace: undefined });
      clusterWide(this, `${id}-policy`, {
        apiVersion: API_VERSION,
        kind: 'ValidatingAdmissionPolicy',
        metadata: meta,
        spec: policy(demand),
      });
      clusterWide(this, `${id}-binding`, {
        apiVersion: API_VERSION,
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: meta,
        spec: {
          policyName: name,
          validationActions: actions(mode),
          matchResources: { namespaceSelector: monitored(settings) },
        },
      });
    });
  }
}

/** What a Pod must do without. */
interface Demand {
  /** Containers that don't, in CEL; or, for what concerns the whole Pod, whether it doesn't. */
  readonly open: { readonly containers: string } | { readonly pod: string };
  /** What is wrong with it, after "containers a, b" or "the Pod". */
  readonly fault: string;
  /** What to change. */
  readonly remedy: string;
}

/** The runtime applies no profile to a privileged container, whatever the Pod says. */
const SECCOMP: Demand = {
  open: {
    containers:
      'c.?securityContext.?privileged.orValue(false) || !(c.?securityContext.?seccompProfile.?type.orValue(variables.pod.?securityContext.?seccompProfile.?type.orValue("")) in ["RuntimeDefault", "Localhost"])',
  },
  fault: 'may set up io_uring, by which connections are made that nobody sees',
  remedy:
    'set securityContext.seccompProfile.type to RuntimeDefault on the Pod or on each container, and none to privileged (egress.podGuard.seccomp of falco-egress)',
};

const HOST_NETWORK: Demand = {
  open: { pod: 'variables.pod.?hostNetwork.orValue(false)' },
  fault: "uses the node's network, where no NetworkPolicy holds it",
  remedy: 'remove hostNetwork: true (egress.podGuard.hostNetwork of falco-egress)',
};

/** `CAP_NET_RAW` is no name that every runtime drops, but one that some add. */
const RAW_SOCKETS: Demand = {
  open: {
    containers:
      'c.?securityContext.?privileged.orValue(false) || c.?securityContext.?capabilities.?add.orValue([]).exists(n, n.upperAscii() in ["ALL", "CAP_ALL", "NET_RAW", "CAP_NET_RAW"]) || !c.?securityContext.?capabilities.?drop.orValue([]).exists(n, n.upperAscii() in ["ALL", "NET_RAW"])',
  },
  fault: 'may open raw sockets, which get around what is known of connections',
  remedy:
    'set securityContext.capabilities.drop to [ALL] or [NET_RAW] on each container, add neither, and set none to privileged (egress.podGuard.rawSockets of falco-egress)',
};

/** Kubernetes' own workloads; whatever else makes Pods is held to it by its Pods. */
const WORKLOADS = [
  { group: 'apps', resources: ['deployments', 'daemonsets', 'statefulsets', 'replicasets'] },
  { group: 'batch', resources: ['jobs', 'cronjobs'] },
  { group: '', resources: ['replicationcontrollers'] },
];

/** Of a Pod only its debug containers are looked at again; a request for the Pod itself has no `subResource` at all. */
const DEBUG = '(request.kind.kind == "Pod" && request.operation == "UPDATE")';

function policy(demand: Demand): object {
  const byContainer = 'containers' in demand.open;
  const subject = byContainer ? '"containers " + variables.open.map(c, c.name).join(", ") + " of "' : '""';
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      matchPolicy: 'Equivalent',
      resourceRules: present([
        rule('', ['CREATE'], ['pods']),
        // A debug container can have rights that the Pod has not.
        byContainer ? rule('', ['UPDATE'], ['pods/ephemeralcontainers']) : undefined,
        ...WORKLOADS.map(({ group, resources }) => rule(group, ['CREATE', 'UPDATE'], resources)),
      ]),
    },
    matchConditions: [
      // Controllers write to their workloads all the time: what is there already can still be scaled, and deleted.
      {
        name: 'template-changes',
        expression: `oldObject == null || ${DEBUG} || ${podOf('oldObject')} != ${podOf('object')}`,
      },
      // Falco doesn't watch Windows, and Kubernetes allows none of these fields there.
      { name: 'linux', expression: `${podOf('object')}.?os.?name.orValue("") != "windows"` },
    ],
    variables: [
      { name: 'pod', expression: podOf('object') },
      ...(byContainer
        ? [
            { name: 'containers', expression: `${DEBUG} ? ${NEW_DEBUG_CONTAINERS} : ${ALL_CONTAINERS}` },
            { name: 'open', expression: `variables.containers.filter(c, ${openIn(demand)})` },
          ]
        : []),
    ],
    validations: [
      {
        expression: byContainer ? 'variables.open.size() == 0' : `!(${openIn(demand)})`,
        messageExpression: `${subject} + request.kind.kind + " " + object.metadata.?name.orValue(object.metadata.?generateName.orValue("")) + ${JSON.stringify(` ${demand.fault}: ${demand.remedy}`)}`,
        message: `the Pod ${demand.fault}: ${demand.remedy}`,
        reason: 'Forbidden',
      },
    ],
  };
}

function openIn({ open }: Demand): string {
  return 'containers' in open ? open.containers : open.pod;
}

const ALL_CONTAINERS = 'variables.pod.containers + variables.pod.?initContainers.orValue([])';

const NEW_DEBUG_CONTAINERS =
  'variables.pod.?ephemeralContainers.orValue([]).filter(c, !dyn(oldObject).spec.?ephemeralContainers.orValue([]).exists(o, o.name == c.name))';

function rule(group: string, operations: readonly string[], resources: readonly string[]): object {
  return { apiGroups: [group], apiVersions: ['v1'], operations, resources, scope: 'Namespaced' };
}

/** The Pod that an object is or makes. `dyn`, because each kind has it elsewhere, and the API server checks types. */
function podOf(object: string): string {
  return `(request.kind.kind == "Pod" ? dyn(${object}).spec : request.kind.kind == "CronJob" ? dyn(${object}).spec.jobTemplate.spec.template.spec : dyn(${object}).spec.template.spec)`;
}

/** `warn` tells the audit log too. */
function actions(mode: PodGuardMode): string[] {
  return either(
    is(mode, 'deny'),
    () => ['Deny'],
    () =>
      either(
        is(mode, 'warn'),
        () => ['Warn', 'Audit'],
        () => ['Audit'],
      ),
  );
}

/** Namespaces that are watched: the label's values decide, as in the rules. */
function monitored(settings: Settings): object {
  const { label, values } = settings.exempt;
  const { install, external } = settings.falco;
  return {
    matchExpressions: [
      { key: label, operator: 'NotIn', values },
      {
        key: 'kubernetes.io/metadata.name',
        operator: 'NotIn',
        values: present([
          settings.namespaces.node,
          when(not(install), () => external.namespace),
          ...each(settings.egress.podGuard.exceptNamespaces, (name) => name),
        ]),
      },
    ],
  };
}
