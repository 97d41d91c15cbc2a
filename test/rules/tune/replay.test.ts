import { loadRulesOrThrow } from '../../../lib/rules';
import { Replay } from '../../../lib/rules/tune/replay';
import { replayRecording } from '../../../lib/rules/tune/tune';
import { readRecord } from '../../../lib/rules/tune/record';
import { egressCases } from '../evaluate/recorded';
import { alert, recordingOf, RULES, rulesOf, tuned } from './tuning';

const STRICTER = `${RULES}
- rule: Outbound
  condition: and not fd.sport = 443
  override: {condition: append}
`;

function outcomeOf(before: string | undefined, after: string, fields = {}): unknown {
  const [old, now] = [before, after].map(
    (text) => text && loadRulesOrThrow([{ name: 'f.yaml', text }]).ruleset,
  );
  if (now === undefined || now === '') throw new Error('no rules');
  const { after: raised, unknown } = new Replay(old === '' ? undefined : old, now, 'first').alert(
    alert(fields),
  );
  return { raised, unknown: Object.fromEntries([...unknown].map(([rule, lacking]) => [rule, [...lacking]])) };
}

describe('an alert on changed rules', () => {
  test('proves that the unchanged part of its rule was true', () => {
    expect(outcomeOf(RULES, STRICTER)).toEqual({ raised: [], unknown: {} });
    expect(outcomeOf(RULES, STRICTER, { 'fd.sport': 80 })).toEqual({ raised: ['Outbound'], unknown: {} });
  });

  test('without the rules that raised it, what the output does not have is not known', () => {
    expect(outcomeOf(undefined, STRICTER)).toEqual({ raised: [], unknown: {} });
    expect(outcomeOf(undefined, STRICTER, { 'fd.sport': 80 })).toEqual({
      raised: [],
      unknown: { Outbound: ['evt.type', 'fd.typechar'] },
    });
  });

  test('a field that the changed rule needs and the output lacks is named', () => {
    const changed = RULES.replace(
      'fd.typechar = 4 and not',
      'fd.typechar = 4 and not proc.pname = cron and not',
    );
    expect(outcomeOf(RULES, changed)).toEqual({ raised: [], unknown: { Outbound: ['proc.pname'] } });
    expect(outcomeOf(RULES, changed, { 'proc.pname': null })).toEqual({ raised: ['Outbound'], unknown: {} });
  });

  test('a rule that is gone raises nothing, and one that was turned off neither', () => {
    expect(outcomeOf(RULES, RULES.replace('rule: Outbound', 'rule: Renamed'), { 'fd.sport': 80 })).toEqual({
      raised: ['Renamed'],
      unknown: {},
    });
    const off = `${RULES}\n- rule: Outbound\n  enabled: false\n  override: {enabled: replace}\n`;
    expect(outcomeOf(RULES, off, { 'fd.sport': 80 })).toEqual({ raised: [], unknown: {} });
  });

  test('a rule that stood before did not fit, and a new one before may', () => {
    const rule = (name: string): string =>
      `- rule: ${name}\n  desc: d\n  condition: evt.type = connect and user.uid = 0\n  output: o\n  priority: INFO\n`;
    expect(outcomeOf(rule('First') + RULES, rule('First') + RULES)).toEqual({
      raised: ['Outbound'],
      unknown: {},
    });
    expect(outcomeOf(RULES, rule('New') + RULES)).toEqual({
      raised: ['Outbound'],
      unknown: { New: ['evt.type', 'user.uid'] },
    });
    expect(outcomeOf(RULES, rule('New') + RULES, { 'evt.type': 'connect', 'user.uid': 0 })).toEqual({
      raised: ['New'],
      unknown: {},
    });
  });
});

/** The rule of which the recorded cases hold the alerts; no Kubernetes fields are recorded, so the test adds them. */
const CORP = `
- rule: OUTBOUND_CORP
  desc: d
  condition: >
    ((evt.type = connect) or (evt.type in (sendto, sendmsg) and fd.l4proto != tcp and fd.connected = false
    and fd.name_changed = true)) and fd.typechar in (4, 6)
    and not (fd.snet = "127.0.0.0/8" or fd.sip = "0.0.0.0")
  output: "%k8s.ns.name %fd.sip %fd.sport %fd.l4proto %proc.name %evt.type %evt.res"
  priority: WARNING
`;

const LINES = egressCases().flatMap(({ case: name, alerts }) =>
  alerts.map((each) => {
    const own = { ...each.output_fields, 'k8s.ns.name': 'lab', 'k8s.pod.name': name };
    return JSON.stringify({ ...each, output_fields: own });
  }),
);
const records = LINES.map((line) => readRecord(line)).filter((record) => record !== undefined);

test('recorded alerts of the real Falco', async () => {
  expect(records.length).toBeGreaterThan(30);
  const { proposals, outcomes, skipped, left } = await tuned(records, { minAlerts: 2 }, CORP);
  expect(skipped.otherRules.size + skipped.notRaised.size).toBe(0);
  expect(outcomes.before).toBe(records.length);
  expect(outcomes.unknown).toBe(0);
  const removed = proposals.reduce((sum, proposal) => sum + proposal.removed, 0);
  expect(outcomes.before - outcomes.after).toBe(removed);
  expect(left.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(outcomes.after);
  expect(removed).toBeGreaterThan(10);
});

test('events are tried on both', async () => {
  const events = [443, 80, 25].map((port) =>
    readRecord(
      JSON.stringify({ 'evt.type': 'connect', 'fd.typechar': '4', 'k8s.ns.name': 'shop', 'fd.sport': port }),
    ),
  );
  const recording = recordingOf(events.filter((event) => event !== undefined));
  const { outcomes, skipped } = await replayRecording(recording, rulesOf(RULES), rulesOf(STRICTER));
  expect([outcomes.before, outcomes.after, outcomes.unknown, skipped.events]).toEqual([3, 2, 0, 0]);
  expect(outcomes.gone.map(({ fields }) => fields['fd.sport'])).toEqual(['443']);
  const without = await replayRecording(recording, undefined, rulesOf(STRICTER));
  expect([without.outcomes.before, without.skipped.events]).toEqual([0, 3]);
});
