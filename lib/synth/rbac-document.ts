import { boundRolesOf, rightsOf, type BoundRole, type GrantedRight } from '../constructs/rights';
import type { ManifestObject } from './manifest-files';

/** `RBAC.md` of an environment: each right that it grants, and why. */
export function rbacDocument(environment: string, objects: readonly ManifestObject[]): string {
  const rights = rightsOf(objects);
  return [
    `# Rights that the environment \`${environment}\` grants`,
    '',
    'Made by the synthesis from the Roles and ClusterRoles beside it. Pods that are not named here have no token for the API server.',
    '',
    '| role | on | verbs | why: the holder |',
    '| --- | --- | --- | --- |',
    ...rights.map(
      (right) => `| ${right.role} | ${subject(right)} | ${right.verbs.join(', ')} | ${right.why} |`,
    ),
    '',
    ...bound(boundRolesOf(objects)),
  ].join('\n');
}

function bound(roles: readonly BoundRole[]): string[] {
  if (roles.length === 0) return [];
  return [
    'It also binds roles that somebody else makes, and that allow what they say in the cluster:',
    '',
    '| role | bound by | why |',
    '| --- | --- | --- |',
    ...roles.map(({ role, binding, why }) => `| ${role} | ${binding} | ${why} |`),
    '',
  ];
}

function subject({ apiGroups, resources, resourceNames, nonResourceURLs }: GrantedRight): string {
  if (nonResourceURLs !== undefined) return nonResourceURLs.join(', ');
  const groups = (apiGroups ?? []).filter((group) => group !== '').join(', ');
  const names = resourceNames === undefined ? '' : ` (only ${resourceNames.join(', ')})`;
  return `${(resources ?? []).join(', ')}${groups === '' ? '' : ` of ${groups}`}${names}`;
}
