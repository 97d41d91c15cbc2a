import fc from 'fast-check';
import { load } from 'js-yaml';
import { alert, alertsOn, RULES, tuned } from './tuning';

interface Item {
  readonly rule: string;
  readonly exceptions: readonly {
    readonly name: string;
    readonly fields: readonly string[];
    readonly comps: readonly string[];
    readonly values: readonly (readonly (string | number | readonly (string | number)[])[])[];
  }[];
}

function exceptionOf(yaml: string): Item['exceptions'][number] {
  const [item] = load(yaml) as Item[];
  const exception = item?.exceptions[0];
  if (exception === undefined) throw new Error(yaml);
  return exception;
}

test('a process, its workload and where it reached to', async () => {
  const { proposals, outcomes } = await tuned([
    ...Array.from({ length: 5 }, () => alert({})),
    alert({ 'fd.sip': '10.0.0.2' }),
    alert({ 'proc.name': 'wget', 'fd.sip': '10.0.0.3', 'fd.sport': 80 }),
  ]);
  expect(proposals.map(({ removed }) => removed)).toEqual([6, 1]);
  expect(exceptionOf(proposals[0]?.yaml ?? '')).toMatchObject({
    fields: ['k8s.ns.name', 'k8smeta.deployment.name', 'proc.name', 'fd.sip', 'fd.sport', 'fd.l4proto'],
    comps: ['=', '=', '=', 'in', '=', '='],
    values: [['shop', 'cart', 'curl', ['10.0.0.1', '10.0.0.2'], 443, 'tcp']],
  });
  expect([outcomes.before, outcomes.after, outcomes.unknown]).toEqual([7, 0, 0]);
});

test('exceptions are ranked by what they really remove; another rule that raises the alerts instead is named', async () => {
  const mail = { 'evt.type': 'connect', 'fd.sport': 25, 'proc.name': 'mailer' };
  const records = [alert(mail), alert(mail), alert(mail), alert({ 'evt.type': 'connect' })];
  const first = await tuned(records);
  expect(first.proposals.map(({ removed, instead }) => [removed, [...instead]])).toEqual([
    [1, []],
    [0, [['Later', 3]]],
  ]);
  // With all, what the other rule says of the events are alerts of their own.
  const all = await tuned(records, {}, RULES, 'all');
  expect(all.proposals.map(({ removed, instead }) => [removed, [...instead]])).toEqual([
    [3, []],
    [1, []],
  ]);
});

test('rows are joined only where they allow no more than was seen', async () => {
  const { proposals } = await tuned([
    alert({ 'fd.sip': '10.0.0.1', 'fd.sport': 1 }),
    alert({ 'fd.sip': '10.0.0.1', 'fd.sport': 2 }),
    alert({ 'fd.sip': '10.0.0.2', 'fd.sport': 2 }),
  ]);
  expect(proposals).toHaveLength(1);
  expect(proposals[0]?.combinations).toBe(3);
  expect(exceptionOf(proposals[0]?.yaml ?? '').values).toHaveLength(2);
});

test('a refused connect is told by the address asked for, and does not hide those that succeed', async () => {
  const refused = {
    'fd.sip': null,
    'fd.sport': null,
    'evt.arg.addr': '10.0.0.1:443',
    'evt.res': 'ECONNREFUSED',
  };
  const succeeded = alert({ 'evt.arg.addr': '10.0.0.1:443' });
  const { proposals, outcomes } = await tuned([alert(refused), alert(refused), succeeded], { minAlerts: 2 });
  expect(proposals.map(({ fields, removed }) => [fields.slice(3), removed])).toEqual([
    [['evt.arg.addr', 'fd.l4proto', 'evt.res'], 2],
  ]);
  expect(outcomes.after).toBe(1);
});

test.each<[string, Record<string, string | null>, string]>([
  ['namespace', { 'k8s.ns.name': null }, 'its namespace is not known'],
  ['process', { 'proc.name': '<NA>' }, 'its process is not known'],
  ['destination', { 'fd.sip': null }, 'its destination is not known'],
  ['port', { 'fd.sport': null }, 'its port is not known'],
])('an alert whose %s is not known gets no exception', async (_, fields, reason) => {
  const { proposals, left, outcomes } = await tuned([alert(fields)]);
  expect(proposals).toEqual([]);
  expect(left).toEqual([{ rule: 'Outbound', reason, alerts: 1 }]);
  expect([outcomes.before, outcomes.after]).toEqual([1, 1]);
});

test('an ICMP packet has no port', async () => {
  const { proposals } = await tuned([alert({ 'fd.sport': null, 'fd.l4proto': 'icmp' })]);
  expect(proposals[0]?.open).toContain('port');
  expect(proposals[0]?.removed).toBe(1);
});

test('a field that the output does not have is named', async () => {
  const { fields } = alert({});
  const { 'k8s.ns.name': _, ...others } = fields;
  const { left } = await tuned([{ kind: 'alert', rule: 'Outbound', fields: others, time: '', hostname: '' }]);
  expect(left[0]?.reason).toBe(
    "its namespace is not known: the rule's output has none of k8s.ns.name, k8smeta.ns.name",
  );
});

test('on the host', async () => {
  const { proposals } = await tuned([alert({ 'k8s.ns.name': null, 'container.id': 'host' })]);
  expect(proposals[0]?.fields[0]).toBe('container.id');
  expect(proposals[0]?.removed).toBe(1);
});

test('the budget', async () => {
  const many = Array.from({ length: 30 }, (_, i) =>
    Array.from({ length: 31 - i }, () => alert({ 'fd.sip': `10.0.0.${i}` })),
  ).flat();
  const { proposals, left, outcomes } = await tuned(many, { maxValues: 15, minAlerts: 5 });
  // 15 values: five of the other fields, and the ten addresses with most alerts.
  expect(proposals[0]?.rows[0]?.[3]).toEqual(Array.from({ length: 10 }, (_, i) => `10.0.0.${i}`));
  expect(proposals[0]?.removed).toBe(outcomes.before - outcomes.after);
  expect(left.map(({ reason }) => reason).sort()).toEqual([
    'a combination was seen fewer than 5 times',
    'an exception would need more than 15 values',
  ]);
  expect(left.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(outcomes.after);
});

test('at most so many exceptions, those that remove most first', async () => {
  const { proposals, left } = await tuned(
    [alert({ 'proc.name': 'a' }), alert({ 'proc.name': 'b' }), alert({ 'proc.name': 'b' })],
    { top: 1 },
  );
  expect(proposals.map(({ removed }) => removed)).toEqual([2]);
  expect(left).toEqual([{ rule: 'Outbound', reason: 'only 1 exceptions are proposed', alerts: 1 }]);
});

test('a field to keep stands in every exception', async () => {
  const { proposals, left } = await tuned(
    [alert({ 'user.name': 'root' }), alert({ 'user.name': 'app' }), alert({ 'user.name': null })],
    { keep: ['user.name'] },
  );
  expect(proposals[0]?.fields.at(-1)).toBe('user.name');
  expect(proposals[0]?.removed).toBe(2);
  expect(left[0]?.reason).toBe('--keep: it has no user.name');
  await expect(tuned([], { keep: ['fd.dip'] })).rejects.toThrow("no field 'fd.dip'");
});

test('an event that a rule no longer takes may raise a later one', async () => {
  const smtp = alert({ 'fd.sport': 25 });
  const { outcomes } = await tuned([smtp]);
  // The alert doesn't say whether it was a connect or a sendto.
  expect(outcomes.changes()).toMatchObject([
    { rule: 'Outbound', before: 1, after: 0, unknown: 0 },
    { rule: 'Later', before: 0, after: 0, maybe: 1 },
  ]);
  expect([...(outcomes.rules.get('Later')?.lacking ?? [])]).toEqual(['evt.type']);
  const { outcomes: known } = await tuned([alert({ 'fd.sport': 25, 'evt.type': 'connect' })]);
  expect(known.rules.get('Later')).toMatchObject({ after: 1, maybe: 0 });
});

test('alerts of rules that the files do not have are counted apart', async () => {
  const { skipped, outcomes } = await tuned([alert({}, 'Falco internal: syscall event drop')]);
  expect([...skipped.otherRules]).toEqual([['Falco internal: syscall event drop', 1]]);
  expect(outcomes.before).toBe(0);
});

const HOSTILE = [
  'a,b',
  'a b',
  '(a)',
  'a)) or (evt.type exists',
  '"quoted"',
  "'single'",
  '"',
  'back\\slash',
  'ends\\',
  'ends\\\\',
  '\\ ',
  'tab\there',
  'line\nbreak',
  'a=b',
  '# comment',
  ': colon',
  '- dash',
  '{a: b}',
  '%proc.name',
  'yes',
  '~',
  '0x1f',
  '12:30',
  '007',
  '1e3',
  '=',
  'oneof',
  'in',
  'exists',
  'not',
  ' leading',
  'trailing ',
  'naïve ünïcode ✓',
  '\u001b[31mred',
  'quiet_namespaces',
];

test.each(HOSTILE)('a process called %j', async (name) => {
  const alerts = [alert({ 'proc.name': name }), alert({ 'proc.name': `${name}x` })];
  const { proposals, outcomes } = await tuned(alerts);
  expect(outcomes.after).toBe(0);
  const own = proposals.find(({ seen }) => seen[0]?.pins.some(({ value }) => value === name));
  const left = alertsOn(alerts, [{ name: 'own.yaml', text: own?.yaml ?? '' }]);
  expect(left.map(({ fields }) => fields['proc.name'])).toEqual([`${name}x`]);
});

test.each([
  ['run quiet_namespaces now', 'a value of proc.name holds the name of a list, which Falco would replace'],
  ['a,quiet_namespaces,b', 'a value of proc.name holds the name of a list, which Falco would replace'],
  ['bad\uFFFDbyte', 'a value of proc.name holds bytes that are no text'],
  ['x'.repeat(300), 'a value of proc.name is longer than 256 characters'],
])('a process called %j gets no exception, and the reason is told', async (name, reason) => {
  const { proposals, left, outcomes } = await tuned([alert({ 'proc.name': name })]);
  expect(proposals).toEqual([]);
  expect(left.map((each) => each.reason)).toEqual([reason]);
  expect(outcomes.after).toBe(1);
});

// Properties over many rules files take longer than usual where other work shares the machine.
jest.setTimeout(60_000);

const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({
    unit: fc.constantFrom(...'ab "\'\\(),=\t\n#:-[]{}&*!|>%@`~', 'quiet_namespaces'),
    maxLength: 12,
  }),
);

const fields = fc.record({
  'k8s.ns.name': fc.constantFrom('shop', 'pay', null),
  'k8smeta.deployment.name': fc.constantFrom('cart', null),
  'proc.name': fc.oneof(fc.constantFrom('curl', 'wget'), hostileText),
  'fd.sip': fc.constantFrom('10.0.0.1', '10.0.0.2', '2001:db8::1', null),
  'fd.sport': fc.constantFrom(443, 80, 25, null),
  'fd.l4proto': fc.constantFrom('tcp', 'udp'),
  'evt.arg.addr': fc.constantFrom('10.0.0.1:443', 'quiet_namespaces', null),
  'evt.res': fc.constantFrom('SUCCESS', 'EINPROGRESS', 'ECONNREFUSED'),
});

test('the rules with all proposals remove just the alerts that the proposals list, and as many as they say', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fields, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 7, max: 14 }),
      fc.integer({ min: 1, max: 3 }),
      async (all, maxValues, minAlerts) => {
        const alerts = all.map((each) => alert(each));
        const { proposals, outcomes } = await tuned(alerts, { maxValues, minAlerts });
        const more = { name: 'more.yaml', text: proposals.map(({ yaml }) => yaml).join('\n') };
        const kept = alertsOn(alerts, [more]);
        // By plain equality with what was seen, not by Falco's language.
        const isListed = ({ fields: own }: (typeof alerts)[number]): boolean =>
          proposals.some(({ seen }) =>
            seen.some(({ pins }) => pins.every((pin) => own[pin.field] === pin.value)),
          );
        expect(kept).toEqual(alerts.filter((each) => !isListed(each)));
        expect(outcomes.after).toBe(kept.length);
        expect(outcomes.unknown).toBe(0);
        const removed = proposals.reduce((sum, proposal) => sum + proposal.removed, 0);
        expect(removed).toBe(alerts.length - kept.length);
        for (const { seen, combinations } of proposals) expect(combinations).toBe(seen.length);
      },
    ),
    { numRuns: 100 },
  );
});

test('one proposal alone removes what it lists, and nothing outside', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fields, { minLength: 1, maxLength: 15 }), fc.nat(), async (all, pick) => {
      const alerts = all.map((each) => alert(each));
      const { proposals } = await tuned(alerts);
      const proposal = proposals[pick % Math.max(1, proposals.length)];
      if (proposal === undefined) return;
      const kept = alertsOn(alerts, [{ name: 'one.yaml', text: proposal.yaml }]);
      const isListed = ({ fields: own }: (typeof alerts)[number]): boolean =>
        proposal.seen.some(({ pins }) => pins.every((pin) => own[pin.field] === pin.value));
      expect(kept).toEqual(alerts.filter((each) => !isListed(each)));
    }),
    { numRuns: 60 },
  );
});

test('alerts that the rules do not raise as they are now are told, and left alone', async () => {
  const { proposals } = await tuned([alert({})]);
  const text = proposals[0]?.yaml ?? '';
  expect(alertsOn([alert({})], [{ name: 'a.yaml', text }])).toEqual([]);
  const again = await tuned([alert({}), alert({ 'fd.sport': 80 })], {}, `${RULES}\n${text}`);
  expect([...again.skipped.notRaised]).toEqual([['Outbound', 1]]);
  expect(again.proposals.map(({ removed }) => removed)).toEqual([1]);
  expect([again.outcomes.before, again.outcomes.after]).toEqual([1, 0]);
});
