import type { Right } from '../program/right';

/**
 * All that the Job may do in a namespace of its spec, given the names of the Secrets that it makes there: a Role with
 * these rules is enough, and each of them is needed. `create` cannot be limited to names, since a name is not known to the authorizer before the object exists;
 * it cannot read, change or delete anything.
 */
export function secretsRights(names: readonly string[]): readonly Right[] {
  return [
    { apiGroups: [''], resources: ['secrets'], verbs: ['create'], why: 'creates a Secret that is absent' },
    {
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: names,
      verbs: ['get'],
      why: 'sees whether a Secret exists, and which keys it has',
    },
  ];
}
