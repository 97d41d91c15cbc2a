import { ClusterError } from '../../../lib/program/cluster-error';
import { ALERT_START, type Report } from '../../../lib/responder/report/report';
import { Reporter, type ReporterProps } from '../../../lib/responder/report/reporter';

const report = (over: Partial<Report> = {}): Report => ({
  reason: 'Quarantined',
  line: 'quarantined demo/nginx',
  pod: { namespace: 'demo', name: 'nginx', uid: 'u' },
  about: '2026-11-22T09:15:00Z',
  ...over,
});

function reporter(writeEvent: ReporterProps['writes']['writeEvent'], props: Partial<ReporterProps> = {}) {
  const counted: string[] = [];
  const made = new Reporter({
    writes: { writeEvent },
    send: undefined,
    keep: undefined,
    cluster: 'prod',
    log: () => undefined,
    now: () => Date.parse('2026-11-22T09:15:00Z'),
    busy: () => false,
    count: (reason) => counted.push(reason),
    ...props,
  });
  return { made, counted };
}

/** Lets what has been begun go on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the same report is one Event, by its name', async () => {
  const names: string[] = [];
  const { made, counted } = reporter((event) =>
    Promise.resolve(names.push(event.name) > 0 ? 'new' : 'there'),
  );
  await made.now(report());
  await made.now(report({ line: 'in other words' }));
  made.later(report());
  await settled();
  await made.now(report({ about: 'another time' }));
  expect([new Set(names).size, names.length, counted]).toEqual([2, 2, ['Quarantined', 'Quarantined']]);
  expect(names.every((name) => /^falco-egress-[0-9a-f]{20}$/.test(name))).toBe(true);
});

test('an alert that nobody takes is not made', async () => {
  const lines: string[] = [];
  const made = (keep: ReporterProps['keep']) => {
    const asked: true[] = [];
    const props = { writes: { writeEvent: () => Promise.resolve('new' as const) }, send: undefined, keep };
    const each = new Reporter({
      ...{ ...props, log: () => undefined, now: Date.now, busy: () => false, count: () => undefined },
      get cluster() {
        asked.push(true);
        return 'prod';
      },
    });
    return each.now(report()).then(() => asked.length);
  };
  expect(await made(undefined)).toBe(0);
  expect([await made((line) => lines.push(line)), lines.length]).toEqual([1, 1]);
});

test('whoever finds the Event there neither logs nor sends it again', async () => {
  const sent: object[] = [];
  const { made, counted } = reporter(() => Promise.resolve('there'), {
    send: (alert) => Promise.resolve(void sent.push(alert)),
  });
  await made.now(report());
  await settled();
  expect([sent, counted]).toEqual([[], []]);
});

test('what no Event can tell, since its namespace is being deleted, is logged and sent once', async () => {
  const sent: object[] = [];
  const { made, counted } = reporter(() => Promise.resolve('nowhere'), {
    send: (alert) => Promise.resolve(void sent.push(alert)),
  });
  await made.now(report());
  await made.now(report());
  await settled();
  expect([sent.length, counted]).toEqual([1, ['Quarantined']]);
});

test.each([
  ['five seconds after the first, a trickle is', 5_000],
  ['a clock that is set back makes nothing wait for longer', -1_000],
])('while Pods wait to be cut off nothing is written; %s, and the rest follows', async (_how, later) => {
  let busy = true;
  let now = Date.parse('2026-11-22T09:15:00Z');
  let atOnce = 0;
  let most = 0;
  const { made, counted } = reporter(
    async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await settled();
      atOnce -= 1;
      return 'new';
    },
    { busy: () => busy, now: () => now },
  );
  for (let index = 0; index < 50; index++) made.later(report({ about: String(index) }));
  for (let turn = 0; turn < 10; turn++) await settled();
  now += 4_999;
  made.later(report({ about: 'one more' }));
  for (let turn = 0; turn < 10; turn++) await settled();
  expect(counted).toEqual([]);
  now += later - 4_999;
  while (counted.length < 5) await settled();
  expect(most).toBe(1);
  busy = false;
  while (counted.length < 51) await settled();
  expect(most).toBe(8);
});

test.each([
  ['was not answered', new ClusterError('API_UNREACHABLE', 'no answer', true), ['Quarantined']],
  ['failed in the API server', new ClusterError('API_REFUSED', 'etcd', true, 500), ['Quarantined']],
  ['was refused', new ClusterError('API_REFUSED', 'no', false, 422), []],
])(
  'an Event that is there after a try that %s is told of, if that may have been ours',
  async (_how, error, told) => {
    const answers = [() => Promise.reject(error), () => Promise.resolve('there' as const)];
    const { made, counted } = reporter(() => answers.shift()?.() ?? Promise.resolve('there' as const));
    await expect(made.now(report())).rejects.toBe(error);
    await made.now(report());
    await made.now(report());
    expect(counted).toEqual(told);
  },
);

test('what is new goes back as an alert of our own', async () => {
  const sent: object[] = [];
  const { made } = reporter(() => Promise.resolve('new'), {
    send: (alert) => Promise.resolve(void sent.push(alert)),
  });
  await made.now(report({ response: 'website', alert: 'id', rule: 'Rule' }));
  await settled();
  expect(sent).toEqual([
    {
      output: 'quarantined demo/nginx',
      priority: 'Warning',
      rule: 'falco-egress: Quarantined',
      source: 'falco-egress',
      tags: ['falco-egress', 'response'],
      time: '2026-11-22T09:15:00.000Z',
      hostname: '',
      output_fields: {
        'k8s.ns.name': 'demo',
        'k8s.pod.name': 'nginx',
        'k8s.pod.uid': 'u',
        'falco_egress.reason': 'Quarantined',
        'falco_egress.cluster': 'prod',
        'falco_egress.rule': 'Rule',
        'falco_egress.response': 'website',
        'falco_egress.alert': 'id',
      },
    },
  ]);
});

test('an Event that is not taken is tried again where it may wait, and is an error where it may not', async () => {
  let failures = 2;
  const { made, counted } = reporter(() =>
    failures-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve('new'),
  );
  await expect(made.now(report())).rejects.toThrow('away');
  made.later(report());
  while (counted.length === 0) await settled();
  expect([counted, made.size]).toEqual([['Quarantined'], 0]);
});

test('a message is as long as an Event takes', async () => {
  let message = '';
  const { made } = reporter((event) => {
    message = event.message;
    return Promise.resolve('new');
  });
  await made.now(report({ line: 'x'.repeat(5000) }));
  expect([message.length, message.endsWith('x…')]).toEqual([1024, true]);
});

test('at its end it tells what still waits, as fast as it can, and takes no more', async () => {
  const sent: object[] = [];
  let tries = 0;
  const { made, counted } = reporter(
    () => {
      tries += 1;
      return tries === 1
        ? Promise.reject(new ClusterError('API_UNREACHABLE', 'gone', true))
        : Promise.resolve('new');
    },
    { busy: () => true, send: (alert) => Promise.resolve(void sent.push(alert)) },
  );
  for (let index = 0; index < 100; index++) made.later(report({ reason: 'Released', about: String(index) }));
  await made.stop(10_000);
  expect([counted.length, sent.length, made.size]).toEqual([100, 100, 0]);
});

test('what cannot be told within its time is in the log', async () => {
  const lines: unknown[] = [];
  const { made, counted } = reporter(
    () => Promise.reject(new ClusterError('API_UNREACHABLE', 'gone', true)),
    {
      log: (_level, message, fields) => lines.push({ message, ...fields }),
    },
  );
  made.later(report({ reason: 'Released', line: 'released demo/nginx' }));
  await made.stop(50);
  expect(counted).toEqual(['Released']);
  expect(lines).toEqual([
    { message: 'not everything could be told before the end', unwritten: 1, unsent: 0 },
    expect.objectContaining({ message: 'released demo/nginx', reason: 'Released' }),
  ]);
});

test('what is told is kept as a line that begins as those of alerts do, once', async () => {
  const kept: string[] = [];
  const keep = (line: string): void => void kept.push(line);
  const { made } = reporter((event) => Promise.resolve(/Released/.test(event.reason) ? 'there' : 'new'), {
    keep,
  });
  await made.now(report());
  await made.now(report());
  // Another replica has told of it.
  await made.now(report({ reason: 'Released', line: 'released demo/nginx' }));
  expect(kept).toHaveLength(1);
  const [line = ''] = kept;
  expect([line.startsWith(ALERT_START), line.indexOf('\n')]).toEqual([true, line.length - 1]);
  expect(JSON.parse(line)).toMatchObject({
    ...{ rule: 'falco-egress: Quarantined', source: 'falco-egress', time: '2026-11-22T09:15:00.000Z' },
    output_fields: { 'k8s.ns.name': 'demo', 'k8s.pod.name': 'nginx', 'falco_egress.cluster': 'prod' },
  });
});
