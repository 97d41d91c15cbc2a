import { found, mendOf } from './found';

const CODE = 'literal-wildcard';

test.each([
  ['evt.type = connect and proc.name = "ku*"', '"ku*"'],
  ['evt.type = connect and k8s.ns.name in (a, team-*)', 'team-*'],
  ['evt.type = connect and container.image.repository startswith "ghcr.io/*"', '"ghcr.io/*"'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and proc.name glob "ku*"',
  'evt.type = connect and proc.cmdline contains "*"',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([['evt.type = connect and proc.name = "ku*"', 'write: glob "ku*"']])(
  'the mend of %s',
  (condition, hint) => {
    expect(mendOf(CODE, condition)).toBe(hint);
  },
);
