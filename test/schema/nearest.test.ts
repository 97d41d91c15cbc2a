import { nearest } from '../../lib/schema/nearest';

const KEYS = ['enabled', 'http_output', 'file_output', 'json_output', 'priority', 'url'];

test.each([
  ['enable', 'enabled'],
  ['enabeld', 'enabled'],
  ['httpOutput', 'http_output'],
  ['http-output', 'http_output'],
  ['HTTP_OUTPUT', 'http_output'],
  ['jsn_output', 'json_output'],
  ['prioirty', 'priority'],
  ['ulr', 'url'],
])('%s is probably %s', (name, meant) => {
  expect(nearest(name, KEYS)).toBe(meant);
});

test.each(['', 'x', 'grpc', 'webserver', 'something_else_entirely'])('%j is near nothing', (name) => {
  expect(nearest(name, KEYS)).toBeUndefined();
});

test('of equally near names the first one wins', () => {
  expect(nearest('fd.dip', ['fd.sip', 'fd.cip'])).toBe('fd.sip');
  expect(nearest('fd.dip', ['fd.cip', 'fd.sip'])).toBe('fd.cip');
});

test('a name is not its own correction', () => {
  expect(nearest('url', ['url'])).toBeUndefined();
  expect(nearest('url', ['url', 'uri'])).toBe('uri');
});

test('any iterable will do', () => {
  expect(nearest('colour', new Set(['color']))).toBe('color');
});
