import { Construct } from 'constructs';
import {
  PAUSE_LABEL,
  PREFIX,
  QUARANTINE_APPROVAL_ANNOTATION,
  QUARANTINE_APPROVED_RESPONSES_ANNOTATION,
  QUARANTINE_DISMISSAL_ANNOTATION,
  QUARANTINE_DISMISSED_ANNOTATION,
  QUARANTINE_DISMISSED_RESPONSES_ANNOTATION,
  QUARANTINE_LABEL,
  QUARANTINE_PENDING_ANNOTATION,
  QUARANTINE_POLICY,
} from '../names';
import { all, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { admissionPolicy, type Validation } from './admission-policy';
import { annotations, before, label, POD_WRITES, POLICY_KINDS, type GuardPolicy } from './guarded-objects';
import { responderPods, responderPolicies } from './responder-guard';
import { responderUser } from './responder-identity';
import { offerInCluster } from './rights';

/** Settings that the guard reads. */
export type QuarantineGuardProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'namespaces'
  | 'sidekick'
  | 'collector'
  | 'tls'
  | 'responder'
  | 'responses'
  | 'labels'
  | 'annotations'
>;

/** What a person may do about quarantines: verbs on a resource that nothing but the authorizer knows. */
const RIGHTS = { group: PREFIX, resource: 'quarantines' };

type Verb = 'create' | 'release' | 'approve' | 'pause';

/**
 * Holds the responder to what it is for, and everybody else off its quarantines, by ValidatingAdmissionPolicies, also
 * where there are no responses (any more):
 *
 * - the responder changes nothing of a Pod but labels and annotations of our own, and makes no policy but on its own label;
 * - others set and remove the quarantine label, its annotations, its policies and the label that pauses responses only with a
 *   right to it: the verbs `create`, `release`, `approve` and `pause` on `quarantines` of `falco-egress.io`, which the
 *   authorizer is asked for. A ClusterRole has them, and is bound to nobody.
 *
 * Who deletes a Pod or a namespace isn't hindered. The API server evaluates it itself (Kubernetes 1.30 and later); while it
 * can't, the change is refused.
 */
export class QuarantineGuard extends Construct {
  constructor(scope: Construct, id: string, props: QuarantineGuardProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    const { responder } = settings;
    when(all(responder.enabled, responder.quarantine.guard), () => {
      this.add(settings, 'responder-pods', responderPods(settings));
      this.add(settings, 'responder-policies', responderPolicies(settings));
      this.add(settings, 'pods', othersPods(settings));
      this.add(settings, 'policies', othersPolicies(settings));
      this.add(settings, 'pause', othersPause(settings));
      offerInCluster(this, settings, {
        component: 'responder',
        name: operatorRole(settings),
        rights: [
          {
            apiGroups: [RIGHTS.group],
            resources: [RIGHTS.resource],
            verbs: ['create', 'release', 'approve', 'pause'],
            why: 'may cut off Pods, release them, agree to a quarantine that waits, and pause responses; bound to nobody yet',
          },
        ],
      });
    });
  }

  private add(settings: Settings, id: string, props: GuardPolicy): void {
    admissionPolicy(new Construct(this, id), settings, {
      ...props,
      component: 'responder',
      name: `${settings.name}-quarantine-guard-${id}`,
    });
  }
}

function operatorRole(settings: Settings): string {
  return `${settings.name}-quarantine-operator`;
}

const nobodyElse = (settings: Settings) => ({
  name: 'not-the-responder',
  expression: `request.userInfo.username != "${responderUser(settings)}"`,
});

/** Where a request is about; nowhere for an object of the cluster. */
const NAMESPACE = 'request.?namespace.orValue("")';

/** Whether the requester has a right, in a namespace in CEL; an empty one is the whole cluster. */
function may(verb: Verb, namespace: string): string {
  return `authorizer.group("${RIGHTS.group}").resource("${RIGHTS.resource}").namespace(${namespace}).check("${verb}").allowed()`;
}

/** Demands a right where a condition holds. */
function demands(
  settings: Settings,
  verb: Verb,
  where: string,
  what: string,
  namespace = NAMESPACE,
): Validation {
  const need = `the right to ${verb} ${RIGHTS.resource}.${RIGHTS.group}`;
  const way = `the ClusterRole ${operatorRole(settings)} has it (responder.quarantine.guard of falco-egress)`;
  return {
    expression: `!(${where}) || ${may(verb, namespace)}`,
    messageExpression: `"${what}, for which " + request.userInfo.username + " needs ${need}" + (${namespace} == "" ? " in the whole cluster" : " in namespace " + ${namespace}) + "; ${way}"`,
    message: `${what}, for which you need ${need}; ${way}`,
  };
}

function othersPods(settings: Settings): GuardPolicy {
  const key = `k.startsWith("${QUARANTINE_LABEL}")`;
  const among = (keys: readonly string[]): string => `k in [${keys.map((key) => `"${key}"`).join(', ')}]`;
  const approves = [QUARANTINE_APPROVAL_ANNOTATION, QUARANTINE_APPROVED_RESPONSES_ANNOTATION];
  const dismisses = [QUARANTINE_DISMISSAL_ANNOTATION, QUARANTINE_DISMISSED_RESPONSES_ANNOTATION];
  // What is remembered as refused is as good as a refusal.
  const refuses = [...dismisses, QUARANTINE_DISMISSED_ANNOTATION];
  const answers = among([...approves, ...refuses]);
  const waits = among([...approves, ...dismisses, QUARANTINE_PENDING_ANNOTATION]);
  const changed = '(!(k in variables.after) || variables.before[k] != variables.after[k])';
  const set = '(!(k in variables.before) || variables.before[k] != variables.after[k])';
  const value = (key: string): string => `[?"${key}"].orValue("")`;
  const same = (keys: readonly string[]): string =>
    keys.map((each) => `variables.before${value(each)} == variables.after${value(each)}`).join(' && ');
  // With what waits an agreement would change what it is to.
  const agreed = [...approves, QUARANTINE_PENDING_ANNOTATION];
  // Each question is dear: three would be more than an expression may cost.
  const any = ['release', 'approve'] as const;
  return {
    rules: [
      {
        group: '',
        operations: ['CREATE', 'UPDATE'],
        // A binding carries annotations to its Pod.
        resources: [...POD_WRITES, 'pods/binding', 'bindings'],
      },
    ],
    conditions: [
      nobodyElse(settings),
      // The kubelet writes the status of each Pod again and again: nearly all of them are passed over here.
      {
        name: 'ours',
        expression: `[${before(`[oldObject]`, '[]')}, [object]].exists(each, each.exists(o, ${label('o', QUARANTINE_LABEL)} != "" || ${annotations('o')}.exists(k, ${key})))`,
      },
    ],
    variables: [
      { name: 'labelBefore', expression: before(label('oldObject', QUARANTINE_LABEL), '""') },
      { name: 'labelAfter', expression: label('object', QUARANTINE_LABEL) },
      { name: 'before', expression: before(annotations('oldObject'), '{}') },
      { name: 'after', expression: annotations('object') },
    ],
    validations: [
      demands(
        settings,
        'create',
        `(variables.labelBefore == "" && variables.labelAfter != "") || variables.after.exists(k, ${key} && !(${answers}) && !(k in variables.before))`,
        `the label ${QUARANTINE_LABEL}, and annotations that begin so, cut a Pod off`,
      ),
      demands(
        settings,
        'release',
        `(variables.labelBefore != "" && variables.labelAfter != variables.labelBefore) || variables.before.exists(k, ${key} && !(${waits}) && ${changed})`,
        `without the label ${QUARANTINE_LABEL}, or with other annotations that begin so, the Pod is released`,
      ),
      demands(
        settings,
        'approve',
        `variables.after.exists(k, ${among(approves)} && ${set}) || (variables.after${value(QUARANTINE_APPROVAL_ANNOTATION)} != "" && !(${same(agreed)}))`,
        `the annotation ${QUARANTINE_APPROVAL_ANNOTATION} agrees to a quarantine`,
      ),
      ownName(approves, 'agrees', 'approve'),
      ownName(dismisses, 'refuses', 'dismiss'),
      {
        expression: `!(variables.before.exists(k, ${waits} && ${changed}) || variables.after.exists(k, ${among(refuses)} && ${set})) || ${any.map((verb) => may(verb, NAMESPACE)).join(' || ')}`,
        message: `a quarantine that waits for a person is answered by those who may release or approve ${RIGHTS.resource}.${RIGHTS.group}; the ClusterRole ${operatorRole(settings)} has these rights (responder.quarantine.guard of falco-egress)`,
      },
    ],
  };

  /** Whoever changes what an answer is to gives it, in the own name. */
  function ownName(keys: readonly string[], does: string, command: string): Validation {
    const [key = ''] = keys;
    return {
      expression: `variables.after${value(key)} in ["", request.userInfo.username] || (${same(keys)})`,
      messageExpression: `"the annotation ${key} says who ${does}: write " + request.userInfo.username + ", or use falco-egress quarantine ${command}"`,
      message: `the annotation ${key} says who ${does}: write your own name, as kubectl auth whoami tells it`,
    };
  }
}

function othersPolicies(settings: Settings): GuardPolicy {
  // Not by request.name: it is empty where a whole collection is deleted.
  const name = '(request.operation == "DELETE" ? oldObject : object).metadata.name';
  // Of networks of others, what a controller writes into the status stays free.
  const changes = 'request.operation == "UPDATE" && dyn(object).spec != dyn(oldObject).spec';
  const ends = `request.operation == "DELETE" && !(${NAMESPACE} != "" && has(namespaceObject.metadata.deletionTimestamp))`;
  return {
    rules: POLICY_KINDS.map((kinds) => ({ ...kinds, operations: ['CREATE', 'UPDATE', 'DELETE'] })),
    conditions: [nobodyElse(settings), { name: 'ours', expression: `${name} == "${QUARANTINE_POLICY}"` }],
    variables: [],
    validations: [
      demands(
        settings,
        'create',
        'request.operation == "CREATE"',
        `a policy of the name ${QUARANTINE_POLICY} cuts Pods off`,
      ),
      demands(
        settings,
        'release',
        `(${changes}) || (${ends})`,
        `the policy ${QUARANTINE_POLICY} holds the Pods that are cut off`,
      ),
    ],
  };
}

function othersPause(settings: Settings): GuardPolicy {
  const own = settings.namespaces.services;
  return {
    rules: [
      {
        group: '',
        operations: ['CREATE', 'UPDATE'],
        resources: ['namespaces', 'namespaces/status', 'namespaces/finalize'],
      },
    ],
    conditions: [
      nobodyElse(settings),
      {
        name: 'pauses',
        expression: `(${before(label('oldObject', PAUSE_LABEL), '""')}) != ${label('object', PAUSE_LABEL)}`,
      },
    ],
    variables: [
      // On our own namespace it holds everywhere.
      { name: 'where', expression: `request.?name.orValue("") == "${own}" ? "" : request.?name.orValue("")` },
    ],
    validations: [
      demands(
        settings,
        'pause',
        'true',
        `the label ${PAUSE_LABEL} of a namespace stops responses, or lets them go on`,
        'variables.where',
      ),
    ],
  };
}
