import fc from 'fast-check';
import type { Alert } from '../../../lib/responder/alert/alert';
import { alertsFromLogs } from '../../../lib/responder/alert/logs';
import { MalformedBodyError } from '../../../lib/responder/alert/malformed';
import { alertFromSidekick } from '../../../lib/responder/alert/sidekick';
import { bodies, value } from './bodies';
import { batchOf, webhooks } from './webhooks';

function isBounded({ event, output, tags, rule, pod }: Alert): boolean {
  const values = Object.values(event).flatMap((item): unknown[] => (Array.isArray(item) ? item : [item]));
  return (
    [...Object.keys(event), ...values, output, ...tags, rule].every(
      (text) => typeof text !== 'string' || (text.length <= 8192 && !/\p{Surrogate}/u.test(text)),
    ) &&
    (pod === undefined || /^[a-z0-9.-]+$/.test(pod.namespace + pod.name))
  );
}

/** What a body gave, or `undefined` where it was refused in the one way there is. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedBodyError && error.field !== '') return undefined;
    throw error;
  }
}

test('whatever is posted is an alert within bounds or refused by name: 20,000 bodies', () => {
  let taken = 0;
  fc.assert(
    fc.property(bodies, (text) => {
      const alert = attempt(() => alertFromSidekick(text));
      if (alert !== undefined) taken++;
      return alert === undefined || isBounded(alert);
    }),
    { numRuns: 20_000 },
  );
  expect(taken).toBeGreaterThan(2_000);
});

test('a batch loses no alert by what stands beside it: 5,000 batches', () => {
  const good = webhooks[0]?.request.body ?? '';
  const { id } = alertFromSidekick(good);
  fc.assert(
    fc.property(fc.array(bodies, { maxLength: 4 }), fc.nat(4), (lines, at) => {
      const all = lines.toSpliced(at, 0, good);
      const { alerts, skipped } = alertsFromLogs(batchOf(...all), 'node');
      return (
        alerts.length + skipped === all.length &&
        alerts.every(isBounded) &&
        alerts.some((alert) => alert.id === id)
      );
    }),
    { numRuns: 5_000 },
  );
});

test('whatever the envelope, nothing but a refusal by name comes out: 5,000 envelopes', () => {
  const list = (inner: fc.Arbitrary<unknown>) => fc.oneof(fc.array(inner, { maxLength: 3 }), value);
  const record = fc.record(
    { body: fc.oneof(fc.record({ stringValue: fc.oneof(bodies, value) }), value) },
    { requiredKeys: [] },
  );
  const scope = fc.record({ logRecords: list(fc.oneof(record, value)) }, { requiredKeys: [] });
  const resource = fc.record({ scopeLogs: list(scope) }, { requiredKeys: [] });
  const envelope = fc.record({ resourceLogs: list(resource) }, { requiredKeys: [] });
  fc.assert(
    fc.property(
      fc.oneof(
        envelope.map((body) => JSON.stringify(body)),
        bodies,
      ),
      (text) => {
        const read = attempt(() => alertsFromLogs(text, undefined));
        return read === undefined || read.alerts.every(isBounded);
      },
    ),
    { numRuns: 5_000 },
  );
});
