import type { Construct } from 'constructs';
import { objectName, PREFIX, type Component } from '../names';
import type { Right } from '../program/right';
import type { Settings } from '../settings/settings';
import { metadata, type Metadata } from './metadata';
import { clusterWide, namespaced } from './object';

/**
 * Annotation of a Role or ClusterRole of ours: the reason for each of its rules, in their order, as JSON; and of a binding
 * to a role that somebody else makes: the one reason for it.
 */
const REASONS_ANNOTATION = `${PREFIX}/reasons`;

/** Rights of a component's ServiceAccount. */
export interface GrantProps {
  readonly component: Component;
  /** Name of the Role and of its binding. @default the component's */
  readonly name?: string;
  /** Namespace of the ServiceAccount, which is named like the component; and of a Role. */
  readonly namespace: string;
  readonly rights: readonly Right[];
  /** More annotations, such as those of a hook. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Gives a component rights in the whole cluster: a ClusterRole and its binding. */
export function grantInCluster(scope: Construct, settings: Settings, props: GrantProps): void {
  const meta = roleMetadata(settings, props, undefined);
  clusterWide(scope, 'cluster-role', {
    ...role('ClusterRole', props.rights),
    metadata: withReasons(meta, props.rights),
  });
  clusterWide(scope, 'cluster-role-binding', {
    ...binding('ClusterRole', meta.name, settings, props),
    metadata: meta,
  });
}

/** A ClusterRole that is bound to nobody: for a cluster's administrator to give. */
export function offerInCluster(
  scope: Construct,
  settings: Settings,
  props: Omit<GrantProps, 'namespace'> & { readonly name: string },
): void {
  const meta = metadata(settings, props.component, { namespace: undefined, name: props.name });
  clusterWide(scope, 'cluster-role', {
    ...role('ClusterRole', props.rights),
    metadata: withReasons(meta, props.rights),
  });
}

/** Gives a component rights in its own namespace: a Role and its binding. */
export function grantInNamespace(scope: Construct, settings: Settings, props: GrantProps): void {
  const meta = roleMetadata(settings, props, props.namespace);
  namespaced(scope, 'role', { ...role('Role', props.rights), metadata: withReasons(meta, props.rights) });
  namespaced(scope, 'role-binding', { ...binding('Role', meta.name, settings, props), metadata: meta });
}

/** The annotation of a binding to a role that somebody else makes: what it is for. */
export function bindingReason(why: string): Record<string, string> {
  return { [REASONS_ANNOTATION]: JSON.stringify([why]) };
}

const GROUP = 'rbac.authorization.k8s.io';

function role(kind: string, rights: readonly Right[]) {
  return {
    apiVersion: `${GROUP}/v1`,
    kind,
    rules: rights.map(({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }) => ({
      apiGroups,
      resources,
      resourceNames,
      nonResourceURLs,
      verbs,
    })),
  };
}

function binding(roleKind: string, roleName: string, settings: Settings, props: GrantProps) {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: `${roleKind}Binding`,
    roleRef: { apiGroup: GROUP, kind: roleKind, name: roleName },
    subjects: [
      {
        kind: 'ServiceAccount',
        name: objectName(settings.name, props.component),
        namespace: props.namespace,
      },
    ],
  };
}

function roleMetadata(settings: Settings, props: GrantProps, namespace: string | undefined): Metadata {
  const { name, annotations } = props;
  return metadata(settings, props.component, {
    namespace,
    ...(name && { name }),
    ...(annotations && { annotations }),
  });
}

function withReasons(meta: Metadata, rights: readonly Right[]): Metadata {
  const reasons = JSON.stringify(rights.map(({ why }) => why));
  return { ...meta, annotations: { ...meta.annotations, [REASONS_ANNOTATION]: reasons } };
}

/** A right that an environment grants. */
export interface GrantedRight extends Right {
  /** `Role namespace/name` or `ClusterRole name`. */
  readonly role: string;
}

/** A role that somebody else makes and that an environment binds. */
export interface BoundRole {
  /** `Role namespace/name` or `ClusterRole name`. */
  readonly role: string;
  /** `RoleBinding namespace/name` or `ClusterRoleBinding name`. */
  readonly binding: string;
  readonly why: string;
}

/** An object of a synthesized environment, as far as it matters here. */
interface RoleObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly rules?: readonly Omit<Right, 'why'>[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
}

/**
 * Every right that the Roles and ClusterRoles among some objects hold, with its reason. A rule without a reason is an
 * error: no right is granted that nobody can explain.
 */
export function rightsOf(objects: readonly RoleObject[]): GrantedRight[] {
  return objects
    .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')
    .flatMap(({ kind, metadata, rules = [] }) => {
      const role = titleOf(kind, metadata.name, metadata.namespace);
      const reasons = reasonsOf(metadata);
      return rules.map((rule, index) => {
        const why = reasons[index];
        if (why === undefined)
          throw new Error(`${role}: no reason for rule ${index + 1}; grant it by lib/constructs/rights.ts`);
        return { role, ...rule, why };
      });
    });
}

/**
 * The roles that some objects bind and that are not among them, such as those of OpenShift: what they allow stands
 * elsewhere. A binding without a reason is an error here too.
 */
export function boundRolesOf(objects: readonly RoleObject[]): BoundRole[] {
  const ours = new Set(
    objects
      .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')
      .map(({ kind, metadata }) => titleOf(kind, metadata.name, metadata.namespace)),
  );
  return objects.flatMap(({ kind, metadata, roleRef }) => {
    if (roleRef === undefined) return [];
    const binding = titleOf(kind, metadata.name, metadata.namespace);
    const namespace = roleRef.kind === 'Role' ? metadata.namespace : undefined;
    const role = titleOf(roleRef.kind, roleRef.name, namespace);
    if (ours.has(role)) return [];
    const [why] = reasonsOf(metadata);
    if (why === undefined)
      throw new Error(
        `${binding}: no reason for ${role}; give it one by bindingReason of lib/constructs/rights.ts`,
      );
    return [{ role, binding, why }];
  });
}

function titleOf(kind: string, name: string, namespace: string | undefined): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function reasonsOf({ annotations }: RoleObject['metadata']): readonly string[] {
  return JSON.parse(annotations?.[REASONS_ANNOTATION] ?? '[]') as readonly string[];
}
