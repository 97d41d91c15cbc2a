import { Construct } from 'constructs';
import { each, joined, quoted, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { metadata } from './metadata';
import { clusterWide } from './object';

const API_VERSION = 'admissionregistration.k8s.io/v1';

/** Settings that the guard reads. */
export type ExemptGuardProps = Pick<
  FalcoEgressProps,
  'cluster' | 'name' | 'exempt' | 'labels' | 'annotations'
>;

/**
 * Limits who may exempt a namespace, by a ValidatingAdmissionPolicy: whoever may label a namespace could otherwise switch
 * its monitoring off. An exempt value is set, changed and removed only by the users and groups of `exempt.guard`; any other
 * change of a namespace stays free, also of one that is exempt.
 *
 * It does not look at what is there already: namespaces that were labelled before it keep their labels. The API server
 * itself evaluates it (Kubernetes 1.30 and later); while it cannot, the change is refused.
 */
export class ExemptGuard extends Construct {
  constructor(scope: Construct, id: string, props: ExemptGuardProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(settings.exempt.guard.enabled, () => {
      this.addPolicy(settings);
      this.addBinding(settings);
    });
  }

  private addPolicy(settings: Settings): void {
    const { label, values, guard } = settings.exempt;
    clusterWide(this, 'policy', {
      apiVersion: API_VERSION,
      kind: 'ValidatingAdmissionPolicy',
      metadata: metadata(settings, 'namespaces', { name: nameOf(settings), namespace: undefined }),
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          matchPolicy: 'Equivalent',
          resourceRules: [
            {
              apiGroups: [''],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              // The API server lets metadata change through the subresources too.
              resources: ['namespaces', 'namespaces/status', 'namespaces/finalize'],
              scope: 'Cluster',
            },
          ],
        },
        variables: [
          { name: 'before', expression: `oldObject == null ? "" : ${labelOf('oldObject', label)}` },
          { name: 'after', expression: labelOf('object', label) },
          {
            name: 'mayExempt',
            expression: `request.userInfo.username in ${list(guard.users)} || request.userInfo.groups.exists(group, group in ${list(guard.groups)})`,
          },
        ],
        validations: [
          {
            expression: `variables.before == variables.after || variables.mayExempt || !(variables.before in ${list(values)} || variables.after in ${list(values)})`,
            messageExpression: `"the label ${label} (" + variables.before + " -> " + variables.after + ") exempts a namespace from egress monitoring: " + request.userInfo.username + " may not set, change or remove it (exempt.guard of falco-egress)"`,
            message: `the label ${label} exempts a namespace from egress monitoring: only the users and groups of exempt.guard may set, change or remove it`,
            reason: 'Forbidden',
          },
        ],
      },
    });
  }

  private addBinding(settings: Settings): void {
    const name = nameOf(settings);
    clusterWide(this, 'binding', {
      apiVersion: API_VERSION,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: metadata(settings, 'namespaces', { name, namespace: undefined }),
      spec: { policyName: name, validationActions: ['Deny'] },
    });
  }
}

function nameOf(settings: Settings): string {
  return `${settings.name}-exempt-guard`;
}

/** Value of a namespace's label in CEL; empty where it has none. */
function labelOf(object: string, label: string): string {
  return `${object}.metadata.?labels[?"${label}"].orValue("")`;
}

/** A list in CEL. Names of users and groups, and values of labels, stand in strings with CEL's escapes. */
function list(items: readonly string[]): string {
  return `[${joined(each(items, quoted), ', ')}]`;
}
