import { alertsFromLogs } from '../../../lib/responder/alert/logs';
import { alertFromSidekick } from '../../../lib/responder/alert/sidekick';
import { batchOf, webhooks } from './webhooks';

/** What Falco never prints: falcosidekick makes an alert of it, the log has none. */
const NO_LINE_OF_FALCO = [
  'keys-other-case',
  'rej-fields-null',
  'rej-no-fields',
  'test-endpoint',
  'trailing-garbage',
  'two-objects',
];

const pairs = webhooks.filter((pair) => !NO_LINE_OF_FALCO.includes(pair.case));
const others = webhooks.filter((pair) => NO_LINE_OF_FALCO.includes(pair.case));

const read = (pair: (typeof pairs)[number]) => {
  const forwarded = alertFromSidekick(pair.request.body);
  const { alerts, reason } = alertsFromLogs(batchOf(pair.sent.body), 'node-1');
  return { pair, forwarded, logged: alerts[0], reason };
};

test('every alert that falcosidekick forwards is an alert', () => {
  expect(webhooks.length).toBe(177);
  for (const { request } of webhooks) expect(() => alertFromSidekick(request.body)).not.toThrow();
});

test('an alert has the same id by falcosidekick and by the log, whatever falcosidekick changed', () => {
  expect(pairs.length).toBeGreaterThan(150);
  const differing = pairs
    .map(read)
    .filter(({ forwarded, logged }) => forwarded.id !== logged?.id)
    .map(({ pair, reason }) => `${pair.run} ${pair.case} ${reason ?? ''}`);
  expect(differing).toEqual([]);
});

test('and the same rule, time, priority, Pod and tags', () => {
  for (const { pair, forwarded, logged } of pairs.map(read)) {
    const of = (alert = forwarded) => ({
      rule: alert.rule,
      time: alert.timeText,
      priority: alert.priority,
      pod: alert.pod,
      hostname: alert.event['hostname'],
      tags: alert.tags.filter((tag) => !['tagA', 'tagB'].includes(tag)).toSorted(),
    });
    expect([pair.case, of(forwarded)]).toEqual([pair.case, of(logged)]);
    // falcosidekick takes this rule for its own.
    if (pair.case !== 'test-rule') expect([pair.case, forwarded.source]).toEqual([pair.case, logged?.source]);
  }
});

test('different alerts of real processes have different ids', () => {
  const real = pairs.filter((pair) => pair.case.startsWith('real-') && pair.run === 'full').map(read);
  expect(real.length).toBeGreaterThan(20);
  expect(new Set(real.map(({ forwarded }) => forwarded.id)).size).toBe(real.length);
});

test('what is no line of Falco is passed over in the log', () => {
  expect(others.length).toBeGreaterThan(10);
  for (const { sent, case: name } of others) {
    const { alerts, skipped } = alertsFromLogs(batchOf(sent.body), 'node-1');
    expect([name, alerts, skipped]).toEqual([name, [], 1]);
  }
});
