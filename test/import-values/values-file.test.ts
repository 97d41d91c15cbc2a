import { importValues } from '../../lib/import-values/import-values';
import { ValuesFileError } from '../../lib/import-values/values-file';

const OBJECT = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {}\n';
const BOMB = `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\ntty: [*c, *c, *c, *c, *c, *c, *c, *c, *c]\n`;

test.each([
  ['nothing', '', /^v\.yaml:1:1 error no-values no values/],
  ['only comments', '# nothing\n', /^v\.yaml:1:1 error no-values /],
  ['broken YAML', 'tty: [\n', /^v\.yaml:2:1 error not-yaml /],
  ['a list', '- a\n', /^v\.yaml:1:1 error not-a-map /],
  ['a text', 'values\n', /^v\.yaml:1:1 error not-a-map /],
  ['a NUL', 'tty: true\nx: \0', /^v\.yaml:2:4 error not-text /],
  ['what is no UTF-8', 'tty: \ufffd\n', /^v\.yaml:1:6 error not-text /],
  ['two documents', 'tty: true\n---\ntty: false\n', /^v\.yaml:2:1 error second-document .*values file/],
  ['a key twice', 'tty: true\ntty: false\n', /^v\.yaml:2:1 error not-yaml .*unique/],
  ['an anchor that is not there', 'tty: *x\n', /^v\.yaml:1:6 error not-yaml /],
  ['a bomb of aliases', BOMB, /^v\.yaml:\d+:\d+ error not-yaml .*alias/],
  ['a release', 'name: falco\ninfo: {}\nchart: {}\nconfig: {}\n', /error release .*helm get values/],
  ['all that helm says of a release', 'NAME: falco\nLAST DEPLOYED: Fri\n---\nx: 1\n', /error release /],
  ['an Application of Argo CD', OBJECT, /error kubernetes-object .*spec\.source\.helm\.values/],
  ['Chart.yaml', 'apiVersion: v2\nname: falco\nversion: 4.0.0\n', /error chart /],
  ['our own settings', 'cluster: c\nsidekick: { replicas: 3 }\n', /error own-settings .*falco-egress synth/],
  ['values of another chart', 'controllerManager: { x: 1 }\n', /error not-values /],
  ['a file beyond all measure', `tty: ${'x'.repeat(5_000_000)}`, /error too-large /],
])('%s is refused, with its place', (_, text, message) => {
  const read = () => importValues('v.yaml', text, { name: 'x' });
  expect(read).toThrow(ValuesFileError);
  expect(read).toThrow(message);
});

test('an error does not repeat the line, which may hold a secret', () => {
  expect(() => importValues('v.yaml', 'a: {hostport: "https://u:SECRET@h"\nb: [', { name: 'x' })).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('SECRET') as string }) as Error,
  );
});

test('the heading of helm get values is no value', () => {
  const { lines } = importValues('v.yaml', 'USER-SUPPLIED VALUES:\ntty: true\n', { name: 'x' });
  expect(lines[0]).toMatchObject({ outcome: 'unneeded', value: '"USER-SUPPLIED VALUES"' });
});
