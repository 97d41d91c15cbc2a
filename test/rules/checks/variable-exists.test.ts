import { found, mendOf } from './found';

const CODE = 'variable-exists';

test.each([['evt.type = connect and proc.env[HTTP_PROXY] exists', 'proc.env[HTTP_PROXY] exists']])(
  '%s',
  (condition, marked) => {
    expect(found(CODE, condition)).toEqual([marked]);
  },
);

test.each([
  'evt.type = connect and proc.env[HTTP_PROXY] != ""',
  'evt.type = connect and proc.env exists',
  'evt.type = connect and proc.aname[2] exists',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([['evt.type = connect and proc.env[HTTP_PROXY] exists', 'write: proc.env[HTTP_PROXY] != ""']])(
  'the mend of %s',
  (condition, hint) => {
    expect(mendOf(CODE, condition)).toBe(hint);
  },
);
