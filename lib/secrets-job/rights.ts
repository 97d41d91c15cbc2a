import type { Right } from '../program/right';
import type { SecretsSpec } from './spec';

/**
 * All that the Job may do in a namespace of its spec: a Role there with these rules is enough, and each of them is
 * needed. `create` cannot be limited to names, since a name is not known to the authorizer before the object exists;
 * it cannot read, change or delete anything.
 */
export function secretsRights(namespace: string, spec: SecretsSpec): readonly Right[] {
  const names = spec.secrets.filter((secret) => secret.namespace === namespace).map((secret) => secret.name);
  return [
    { apiGroups: [''], resources: ['secrets'], verbs: ['create'], why: 'creates a Secret that is absent' },
    {
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: [...new Set(names)].sort(),
      verbs: ['get'],
      why: 'sees whether a Secret exists, and which keys it has',
    },
  ];
}
