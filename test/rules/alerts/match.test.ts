import * as fc from 'fast-check';
import { checkMatch, compileMatch, parseMatch } from '../../../lib/rules/alerts/match';
import { PRIORITIES, printedPriority } from '../../../lib/rules/priority';

const alert = {
  rule: 'Connection to vistatech.it',
  priority: 'Warning',
  tags: ['network', 'k8s'],
  source: 'syscall',
  output: 'Connection to vistatech.it (pod=nginx)',
  hostname: 'node-1',
  'evt.type': 'connect',
  'k8s.ns.name': 'demo',
  'fd.sip': '213.215.222.58',
  'fd.sport': 443,
};

const fits = (match: string, over: object = {}): boolean =>
  compileMatch(parseMatch(match))({ ...alert, ...over });

test.each<[string, boolean]>([
  ['rule = "Connection to vistatech.it"', true],
  ['rule = "Connection to vistatech.it" and not k8s.ns.name in (kube-system)', true],
  ['rule in ("Connection to vistatech.it", other) and fd.sport = 443', true],
  ['rule startswith "Connection to" and fd.snet = 213.215.222.0/24', true],
  ['not rule = "Connection to vistatech.it"', false],
  ['source = syscall and hostname = node-1 and output contains nginx', true],
  ['evt.type = connect or rule = x', true],
  ['proc.name = curl', false],
  ['not proc.name = curl', true],
  ['proc.name exists', false],
  ['tolower(priority) = warning', true],
  ['tags exists and priority exists', true],
])('%s', (match, wanted) => {
  expect(checkMatch(match)).toBeUndefined();
  expect(fits(match)).toBe(wanted);
});

test.each<[string, boolean]>([
  ['tags in (network)', true],
  ['tags in (network, other)', true],
  ['tags intersects (other, k8s)', true],
  ['tags contains network', true],
  ['tags contains net', false],
  ['tags contains anyof (other, k8s)', true],
  ['tags in (other)', false],
  ['not tags in (network)', false],
])('tags: %s', (match, wanted) => {
  expect(fits(match)).toBe(wanted);
});

test('an alert without tags has none of them', () => {
  expect(fits('tags in (network)', { tags: [] })).toBe(false);
  expect(fits('not tags in (network)', { tags: [] })).toBe(true);
});

const OPERATORS = new Map<string, (at: number, wanted: number) => boolean>([
  ['=', (at, wanted) => at === wanted],
  ['!=', (at, wanted) => at !== wanted],
  ['in', (at, wanted) => at === wanted],
  ['<', (at, wanted) => at > wanted],
  ['<=', (at, wanted) => at >= wanted],
  ['>', (at, wanted) => at < wanted],
  ['>=', (at, wanted) => at <= wanted],
]);

test('priorities have an order, the most urgent is the greatest, and any spelling of a rules file will do', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PRIORITIES),
      fc.constantFrom(...PRIORITIES),
      fc.constantFrom(...OPERATORS.keys()),
      fc.constantFrom('lower', 'upper', 'printed'),
      (own, wanted, operator, spelling) => {
        const at = PRIORITIES.indexOf(own);
        const bound = PRIORITIES.indexOf(wanted);
        const text =
          spelling === 'printed'
            ? printedPriority(wanted)
            : spelling === 'lower'
              ? wanted.toLowerCase()
              : wanted;
        const match = `priority ${operator} ${operator === 'in' ? `(${text})` : text}`;
        const beyond = (operator === '>' && bound === 0) || (operator === '<' && bound === 7);
        if (beyond) return checkMatch(match)?.includes(`no priority is ${operator}`) === true;
        return fits(match, { priority: printedPriority(own) }) === OPERATORS.get(operator)?.(at, bound);
      },
    ),
    { numRuns: 500 },
  );
});

test.each<[string, string]>([
  ['', 'column 1: the condition is empty'],
  [
    'rule = x and fd.dip = 1.2.3.4',
    'column 14: there is no field fd.dip; did you mean fd.ip (either address)?',
  ],
  ['rle = x', 'column 1: there is no field rle; did you mean rule?'],
  ['rule = x and', 'column 13: '],
  ['priority >= Warn', "column 13: there is no priority 'Warn'; did you mean Warning?"],
  ['priority = zzzzzzzz', "column 12: there is no priority 'zzzzzzzz'; use one of Emergency, "],
  ['priority contains War', "column 10: contains can't be asked of a priority; use =, "],
  ['priority = val(rule)', "column 12: a priority can't be compared with a field"],
  ['tags = network', "column 6: = can't be asked of tags; write tags intersects (network)"],
  ['tags contains allof (a, b)', "column 6: contains allof can't be asked of tags"],
  [
    'outbound and rule = x',
    "column 10: expected an operator after 'outbound', not 'and'; a field alone is no condition",
  ],
  ['outbound', "column 9: expected an operator after 'outbound'"],
  ['fd.sport = https2', 'column 12: '],
  ['evt.type = conect', "column 12: there is no event 'conect'; did you mean connect?"],
  ['rule = x and\n  fd.dip = 1.2.3.4\n', 'line 2, column 3: there is no field fd.dip'],
  [`rule = ${'x'.repeat(20_000)}`, 'column 10001: the condition is longer than'],
  [`${'('.repeat(1000)}rule = x${')'.repeat(1000)}`, ''],
  [`${'not ('.repeat(900)}rule = x${')'.repeat(900)}`, ''],
])('%.60s is told with its place', (match, wanted) => {
  const problem = checkMatch(match);
  if (wanted === '') expect(problem === undefined || problem.includes('nests deeper')).toBe(true);
  else expect(problem).toContain(wanted);
});

test('nothing that anybody writes makes the check fail', () => {
  const word = fc.constantFrom(
    ...'rule priority tags source output = != >= in contains intersects ( ) , and or not Warning network x "a b" fd.sip 1.2.3.4 exists'.split(
      ' ',
    ),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(word).map((words) => words.join(' ')),
      ),
      (match) => {
        const problem = checkMatch(match);
        if (problem === undefined) return typeof compileMatch(parseMatch(match))(alert) === 'boolean';
        return /column \d+: ./.test(problem) && !problem.includes('\n');
      },
    ),
    { numRuns: 5_000 },
  );
});
