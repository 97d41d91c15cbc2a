import { ExemptGuard, type ExemptGuardProps } from '../../lib/constructs/exempt-guard';
import { synthesize } from '../constructs';
import { find } from './find';

function guard(exempt: ExemptGuardProps['exempt']) {
  return synthesize((scope) => new ExemptGuard(scope, 'guard', { cluster: 'prod-eu-1', exempt }));
}

test('the guard', () => {
  expect(guard({ guard: { enabled: true } })).toMatchSnapshot();
});

test('none by default', () => {
  expect(guard({})).toEqual([]);
});

test('label, values, groups and users are settings', () => {
  const text = JSON.stringify(
    guard({
      label: 'example.org/egress',
      values: ['open', 'trusted'],
      guard: { enabled: true, groups: ['oidc:"security"'], users: ['system:serviceaccount:argocd:argocd'] },
    }),
  );
  for (const part of [
    '?"example.org/egress"',
    '["open", "trusted"]',
    String.raw`["oidc:\"security\""]`,
    '["system:serviceaccount:argocd:argocd"]',
  ])
    expect(text).toContain(JSON.stringify(part).slice(1, -1));
});

test('a request that the policy cannot judge is refused', () => {
  expect(find(guard({ guard: { enabled: true } }), 'ValidatingAdmissionPolicy')['spec']).toMatchObject({
    failurePolicy: 'Fail',
  });
});
