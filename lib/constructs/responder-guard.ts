import {
  PREFIX,
  QUARANTINE_LABEL,
  QUARANTINE_POLICY,
  QUARANTINE_RECORD_ANNOTATION,
  QUARANTINE_VALUE,
} from '../names';
import { either, given, some, valuesAt } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { annotations, labels, POD_WRITES, POLICY_KINDS, type GuardPolicy } from './guarded-objects';
import { responderUser } from './responder-identity';

/** What Calico's own API server stores, for whomever: who asked can't be seen here. */
const CALICO_STORED = {
  group: 'crd.projectcalico.org',
  versions: ['*'],
  resources: ['globalnetworkpolicies'],
};

const isResponder = (settings: Settings) => `request.userInfo.username == "${responderUser(settings)}"`;

const OWN = `k.startsWith("${PREFIX}/")`;

/** That all keys are ours, or as they were, or allowed by another condition on the key `k`. */
const onlyOwn = (from: string, to: string, or = 'false') =>
  `variables.${to}.all(k, ${OWN} || (k in variables.${from} && variables.${from}[k] == variables.${to}[k]) || ${or})`;

/** It changes nothing of a Pod but labels and annotations of our own. */
export function responderPods(settings: Settings): GuardPolicy {
  const { responses } = settings;
  const takesLabels = either(
    some(given(valuesAt(responses, 'strip')), given(valuesAt(responses, 'detach'))),
    () => 'true',
    () => 'false',
  );
  const recorded = `variables.record.contains('"' + k + '":"' + variables.labelsAfter[k] + '"')`;
  const says = (what: string): string =>
    `the responder of falco-egress may change nothing of a Pod but ${what} (responder.quarantine.guard)`;
  return {
    rules: [{ group: '', operations: ['UPDATE'], resources: POD_WRITES }],
    conditions: [{ name: 'the-responder', expression: isResponder(settings) }],
    variables: [
      { name: 'takesLabels', expression: takesLabels },
      { name: 'labelsBefore', expression: labels('oldObject') },
      { name: 'labelsAfter', expression: labels('object') },
      { name: 'annotationsBefore', expression: annotations('oldObject') },
      { name: 'annotationsAfter', expression: annotations('object') },
      {
        name: 'record',
        expression: `variables.annotationsBefore[?"${QUARANTINE_RECORD_ANNOTATION}"].orValue("")`,
      },
    ],
    validations: [
      {
        expression: ['spec', 'status', 'metadata.finalizers', 'metadata.ownerReferences']
          .map((field) => `object.${optional(field)} == oldObject.${optional(field)}`)
          .join(' && '),
        message: says('labels and annotations'),
      },
      {
        expression: `${onlyOwn('annotationsBefore', 'annotationsAfter')} && variables.annotationsBefore.all(k, ${OWN} || k in variables.annotationsAfter)`,
        message: says(`annotations that begin with ${PREFIX}/`),
      },
      {
        // A release gives back what was taken, also when no response takes labels any more.
        expression: `variables.takesLabels || (${onlyOwn('labelsBefore', 'labelsAfter', recorded)} && variables.labelsBefore.all(k, ${OWN} || k in variables.labelsAfter))`,
        message: says(
          `labels that begin with ${PREFIX}/, since no response has strip or detach, and those that its record gives back`,
        ),
      },
    ],
  };
}

function optional(field: string): string {
  const parts = field.split('.');
  return [...parts.slice(0, -1), `?${parts.at(-1) ?? ''}`].join('.');
}

/** It makes no policy but on its own label: one on other Pods would open what others have closed: policies add up, and a tier comes before them. */
export function responderPolicies(settings: Settings): GuardPolicy {
  const own = `{"${QUARANTINE_LABEL}": "${QUARANTINE_VALUE}"}`;
  const selector = (spec: string) =>
    `${spec}.?matchLabels.orValue({}) == ${own} && ${spec}.?matchExpressions.orValue([]).size() == 0`;
  const spec = 'dyn(object).spec';
  const selects = [
    ['networking.k8s.io', selector(`${spec}.?podSelector`)],
    [
      'policy.networking.k8s.io',
      `has(${spec}.subject.pods) && ${selector(`${spec}.subject.pods.?podSelector`)}`,
    ],
    [
      'cilium.io',
      `has(${spec}.endpointSelector) && !has(${spec}.nodeSelector) && !has(dyn(object).specs) && ${spec}.endpointSelector.?matchLabels.orValue({}) == {"k8s:${QUARANTINE_LABEL}": "${QUARANTINE_VALUE}"} && ${spec}.endpointSelector.?matchExpressions.orValue([]).size() == 0`,
    ],
  ];
  const calico = `${spec}.?selector.orValue("") == "${QUARANTINE_LABEL} == '${QUARANTINE_VALUE}'"`;
  return {
    rules: [...POLICY_KINDS, CALICO_STORED].map((kinds) => ({ ...kinds, operations: ['CREATE', 'UPDATE'] })),
    conditions: [{ name: 'the-responder', expression: isResponder(settings) }],
    variables: [
      {
        name: 'selects',
        expression: [
          ...selects.map(
            ([group = '', condition = '']) => `request.resource.group == "${group}" ? ${condition}`,
          ),
          calico,
        ].join(' : '),
      },
    ],
    validations: [
      {
        expression: `object.metadata.name == "${QUARANTINE_POLICY}" && variables.selects`,
        message: `the responder of falco-egress makes no policy but ${QUARANTINE_POLICY}, which selects Pods by the label ${QUARANTINE_LABEL} alone (responder.quarantine.guard)`,
      },
    ],
  };
}
