import { found, mendOf } from './found';

const CODE = 'path-as-process-name';

test.each([
  ['evt.type = connect and proc.name = /usr/bin/curl', '/usr/bin/curl'],
  ['evt.type = connect and not proc.pname in (a, /bin/sh)', '/bin/sh'],
  ['evt.type = connect and proc.exepath = curl', 'curl'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and proc.name = curl',
  'evt.type = connect and proc.exepath = /usr/bin/curl',
  'evt.type = connect and proc.exepath contains curl',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([
  ['evt.type = connect and proc.name = /usr/bin/curl', 'write curl, or compare proc.exepath'],
  ['evt.type = connect and proc.exepath = curl', 'write /usr/bin/curl, or compare proc.name'],
])('the mend of %s', (condition, hint) => {
  expect(mendOf(CODE, condition)).toBe(hint);
});
