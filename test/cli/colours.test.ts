import { inColours, takesColours } from '../../lib/cli/colours';

const { NO_COLOR, TERM } = process.env;

afterEach(() => {
  process.env['NO_COLOR'] = NO_COLOR ?? '';
  process.env['TERM'] = TERM ?? '';
});

test.each([
  [true, '', 'xterm', true],
  [true, '1', 'xterm', false],
  [true, '', 'dumb', false],
  [undefined, '', 'xterm', false],
])('a terminal: %s, NO_COLOR: %j, TERM: %j: %s', (isTTY, noColour, term, expected) => {
  process.env['NO_COLOR'] = noColour;
  process.env['TERM'] = term;
  expect(takesColours(isTTY === undefined ? {} : { isTTY })).toBe(expected);
});

test('colours change nothing else', () => {
  const text =
    'a.yaml:1:2 error CODE message\n  1 | x: a.yaml:1:1 error\n    |  ^ hint\nb.yaml:3:4 warning code other';
  const coloured = inColours(text);
  // eslint-disable-next-line no-control-regex
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(text);
  expect(coloured).toContain('\u001b[31merror');
  expect(coloured).toContain('\u001b[33mwarning');
  expect(coloured).toContain('\u001b[31m^');
});
