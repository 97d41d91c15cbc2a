import type { Construct } from 'constructs';
import type { Component } from '../names';
import type { Settings } from '../settings/settings';
import { metadata } from './metadata';
import { clusterWide } from './object';

const API_VERSION = 'admissionregistration.k8s.io/v1';

/** An expression in CEL that has a name. */
interface Named {
  readonly name: string;
  readonly expression: string;
}

/** What must hold, in CEL. */
export interface Validation {
  readonly expression: string;
  /** What is wrong and the way out, in CEL. @default the message */
  readonly messageExpression?: string;
  readonly message: string;
}

/** Which requests are looked at. */
interface RequestRule {
  readonly group: string;
  /** @default v1 */
  readonly versions?: readonly string[];
  readonly operations: readonly string[];
  readonly resources: readonly string[];
}

/** A ValidatingAdmissionPolicy that refuses. */
export interface AdmissionPolicyProps {
  readonly component: Component;
  readonly name: string;
  readonly rules: readonly RequestRule[];
  /** Which of these requests are looked at; all must hold. */
  readonly conditions: readonly Named[];
  readonly variables: readonly Named[];
  readonly validations: readonly Validation[];
}

/** Adds a ValidatingAdmissionPolicy and its binding, under one name. What it can't evaluate it refuses. */
export function admissionPolicy(scope: Construct, settings: Settings, props: AdmissionPolicyProps): void {
  const { component, name, rules, conditions, variables, validations } = props;
  const meta = metadata(settings, component, { name, namespace: undefined });
  clusterWide(scope, 'policy', {
    apiVersion: API_VERSION,
    kind: 'ValidatingAdmissionPolicy',
    metadata: meta,
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        matchPolicy: 'Equivalent',
        resourceRules: rules.map(({ group, versions = ['v1'], operations, resources }) => ({
          apiGroups: [group],
          apiVersions: versions,
          operations,
          resources,
          scope: '*',
        })),
      },
      matchConditions: conditions,
      variables: variables.length > 0 ? variables : undefined,
      validations: validations.map((validation) => ({ ...validation, reason: 'Forbidden' })),
    },
  });
  clusterWide(scope, 'binding', {
    apiVersion: API_VERSION,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: meta,
    spec: { policyName: name, validationActions: ['Deny'] },
  });
}
