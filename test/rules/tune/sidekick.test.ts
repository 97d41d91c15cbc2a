import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord } from '../../../lib/rules/tune/record';
import { tuned } from './tuning';

const LINES = readFileSync(join(__dirname, '../../fixtures/falcosidekick/alerts.jsonl'), 'utf8')
  .trim()
  .split('\n');
const records = LINES.map(readRecord).filter((record) => record !== undefined);

/** The rules of the recording aren't recorded: these raise its alerts, whatever they hold. */
const RULES = ['kubernetes outbound connection', 'OUTBOUND_CORP', 'Terminal shell in container']
  .map((name) =>
    [
      `- rule: ${name}`,
      '  desc: d',
      '  condition: evt.type in (connect, sendto, execve) and proc.vpid exists',
      '  output: o',
      '  priority: WARNING',
      '',
    ].join('\n'),
  )
  .join('');

test('what falcosidekick sent on is read, all of it', () => {
  expect(records.length).toBeGreaterThan(60);
  expect(records.filter(({ kind }) => kind !== 'alert')).toEqual([]);
});

test('each of its alerts is removed, stays with a reason, or is of another rule', async () => {
  const { proposals, outcomes, left, skipped } = await tuned(records, {}, RULES);
  const removed = proposals
    .flatMap((proposal) => [proposal.removed, ...proposal.instead.values()])
    .reduce((sum, count) => sum + count, 0);
  const others = [...skipped.otherRules.values()].reduce((sum, count) => sum + count, 0);
  expect(removed).toBeGreaterThan(0);
  // Some of its alerts lack the fields by which others are excepted.
  expect(outcomes.unknown).toBeGreaterThan(0);
  expect(outcomes.before - outcomes.after - outcomes.unknown).toBe(removed);
  expect(left.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(outcomes.after + outcomes.unknown);
  expect(outcomes.before + others).toBe(records.length);
  expect(skipped.notRaised.size).toBe(0);
});
