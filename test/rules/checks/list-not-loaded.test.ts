import { loadRules } from '../../../lib/rules';
import { found, lintsOf, withRule } from './found';

const CODE = 'list-not-loaded';
const LIST = '- list: partner_ips\n  items: [a, b]';

test('a list of the stock rules, which are not loaded', () => {
  const condition = 'evt.type = connect and proc.name in (shell_binaries)';
  expect(found(CODE, condition)).toEqual(['shell_binaries']);
  const stock = { rules: new Set<string>(), macros: new Set<string>(), lists: new Set(['shell_binaries']) };
  expect(lintsOf(withRule(condition), { stock })).toEqual([]);
});

test('a slip in the name of a list', () => {
  const condition = 'evt.type = connect and proc.name in (partner_ip)';
  expect(found(CODE, condition, LIST)).toEqual(['partner_ip']);
  const text = `${LIST}\n${withRule(condition)}`;
  expect(loadRules([{ name: 'f.yaml', text }]).findings.find(({ code }) => code === CODE)?.hint).toBe(
    "did you mean 'partner_ips'?",
  );
});

test.each([
  'evt.type = connect and proc.name in (partner_ips)',
  'evt.type = connect and proc.name in ("partner_ip")',
  'evt.type = connect and proc.name in (some_program, sh)',
  'evt.type = connect and proc.name = partner_ip',
])('not %s', (condition) => {
  expect(found(CODE, condition, LIST)).toEqual([]);
});
