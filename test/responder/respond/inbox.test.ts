import { Inbox, type Task } from '../../../lib/responder/respond/inbox';

const task = (time: string, over: Partial<Task['alert']> = {}): Task => ({
  alert: { id: time, rule: 'r', time, namespace: 'demo', pod: 'nginx', podUid: 'u', ...over },
  node: 'node-1',
  response: {
    ...{ name: 'r', match: 'rule = x', action: 'quarantine', mode: 'enforce', onExpiry: 'release' },
    ...{ cooldownSeconds: 300, strip: false, detach: false, snapshot: false },
  },
  received: Date.parse(time),
});

test('alerts of one Pod are one entry, for which the youngest speaks', async () => {
  const inbox = new Inbox(1);
  const first = inbox.add('demo/nginx', task('2026-11-22T09:00:00Z'));
  const second = inbox.add('demo/nginx', task('2026-11-22T09:00:02Z'));
  expect(inbox.add('demo/nginx', task('2026-11-22T09:00:01Z'))).toBe(first);
  expect(second).toBe(first);
  expect(first).toMatchObject({
    repeats: 2,
    task: { alert: { time: '2026-11-22T09:00:02Z' }, received: Date.parse('2026-11-22T09:00:00Z') },
  });
  expect(inbox.of('demo/nginx')).toHaveLength(1);
  first?.settle('quarantined');
  await expect(first?.decided).resolves.toBe('quarantined');
  expect([inbox.size, inbox.of('demo/nginx')]).toEqual([0, []]);
});

test('another UID, container or node is another alert', () => {
  const inbox = new Inbox(10);
  inbox.add('demo/nginx', task('2026-11-22T09:00:00Z'));
  inbox.add('demo/nginx', task('2026-11-22T09:00:00Z', { podUid: 'v' }));
  inbox.add('demo/nginx', task('2026-11-22T09:00:00Z', { containerId: 'c' }));
  inbox.add('demo/nginx', { ...task('2026-11-22T09:00:00Z'), node: 'node-2' });
  expect(inbox.of('demo/nginx')).toHaveLength(4);
});

test('what there is no room for is not taken', () => {
  const inbox = new Inbox(1);
  const entry = inbox.add('demo/nginx', task('2026-11-22T09:00:00Z'));
  expect(inbox.add('demo/other', task('2026-11-22T09:00:00Z', { pod: 'other' }))).toBeUndefined();
  entry?.settle('refused');
  expect(inbox.add('demo/other', task('2026-11-22T09:00:00Z', { pod: 'other' }))).toBeDefined();
});
