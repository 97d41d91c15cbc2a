import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ALERT_STREAMS } from '../lib/history/loki/logql';
import { fieldBeside } from '../lib/observability/egress-stream';
import { waitUntil } from '../test/integration/control-plane/wait';
import { Loki, lokiBinary } from '../test/integration/loki/loki';
import { ADDRESS, alerts } from './alerts';
import { CLI, run } from './measured-run';

const RANGE = ['--from', '2026-11-22T00:00:00Z', '--to', '2026-11-23T00:00:00Z'];
const [FROM, TO] = [Date.parse('2026-11-22T00:00:00Z'), Date.parse('2026-11-23T00:00:00Z')];
/** Lines a push, and pushes at once. */
const BATCH = 1500;
const AT_ONCE = 4;
const ROUNDS = 7;
/** What any program has to do that asks: it starts, asks, and takes the answer. */
const BARE = `fetch(process.argv[1], { headers: { 'X-Scope-OrgID': process.argv[2] } })
  .then((answer) => answer.json())
  .then(({ data }) => console.log(data.result.reduce((sum, { values }) => sum + values.length, 0)));`;

interface Alert {
  readonly hostname: string;
  readonly output: string;
  readonly output_fields: Readonly<Record<string, string | number>>;
  readonly priority: string;
  readonly rule: string;
  readonly source: string;
  readonly time: string;
}

type Value = readonly [time: string, line: string, beside: Readonly<Record<string, string>>];

/** A way in which alerts stand in Loki, and the bare query for those to an address. */
interface Shape {
  readonly name: string;
  readonly labels: (alert: Alert) => Readonly<Record<string, string>>;
  readonly value: (line: string, alert: Alert) => readonly [string, Readonly<Record<string, string>>];
  readonly bare: string;
}

/** falcosidekick's: the whole alert as the line, a stream a Pod. */
const SIDEKICK: Shape = {
  name: 'falcosidekick',
  labels: ({ hostname, rule, priority, source, output_fields: fields }) => ({
    ...{ hostname, rule, priority, source, tags: 'egress,network' },
    ...{ k8s_ns_name: String(fields['k8s.ns.name']), k8s_pod_name: String(fields['k8s.pod.name']) },
  }),
  value: (line) => [line, {}],
  bare: `${ALERT_STREAMS} |= "${ADDRESS}"`,
};

/** The collector's: the fields beside the line, a stream a namespace. */
const COLLECTOR: Shape = {
  name: 'collector',
  labels: ({ rule, priority, source, output_fields: fields }) => ({
    ...{ rule, priority, source, cluster: 'bench', namespace: String(fields['k8s.ns.name']) },
  }),
  value: (_, { hostname, output, time, output_fields: fields }) => [
    output,
    {
      ...{ hostname, time },
      ...Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [fieldBeside(name), String(value)]),
      ),
    },
  ],
  bare: `${ALERT_STREAMS} |= "${ADDRESS}"`,
};

async function fill(loki: Loki, { name, labels, value }: Shape, count: number): Promise<void> {
  let streams = new Map<string, Value[]>();
  let held = 0;
  const pushes = new Set<Promise<void>>();
  const push = async (): Promise<void> => {
    const body = [...streams].map(([key, values]) => ({ stream: JSON.parse(key) as object, values }));
    streams = new Map();
    held = 0;
    const pushed = loki.post('/loki/api/v1/push', name, JSON.stringify({ streams: body })).then((said) => {
      if (said !== '') throw new Error(said);
      pushes.delete(pushed);
    });
    pushes.add(pushed);
    if (pushes.size === AT_ONCE) await Promise.race(pushes);
  };
  for (const line of alerts(count)) {
    const alert = JSON.parse(line) as Alert;
    const key = JSON.stringify(labels(alert));
    const values = streams.get(key) ?? [];
    streams.set(key, values);
    const nanoseconds = `${Date.parse(`${alert.time.slice(0, 23)}Z`)}${alert.time.slice(23, 29)}`;
    values.push([nanoseconds, ...value(line.trimEnd(), alert)]);
    if (++held === BATCH) await push();
  }
  await push();
  await Promise.all(pushes);
}

async function countOf(loki: Loki, tenant: string): Promise<number> {
  const url = new URL('/loki/api/v1/query', loki.url);
  const query = `sum(count_over_time(${ALERT_STREAMS}[1d1s]))`;
  url.search = new URLSearchParams({ query, time: String(TO / 1000) }).toString();
  const answer = await fetch(url, { headers: { 'X-Scope-OrgID': tenant } });
  const { data } = (await answer.json()) as { data?: { result: { value: [number, string] }[] } };
  return Number(data?.result[0]?.value[1] ?? 0);
}

/** Until it is flushed, Loki gives only some of what it was sent of hours long ago. */
async function settle(loki: Loki, tenant: string, count: number): Promise<void> {
  await loki.flush();
  await waitUntil(
    async () => {
      // Each question keeps Loki busy.
      await sleep(3000);
      return (await countOf(loki, tenant)) >= count;
    },
    600_000,
    () => new Error('Loki does not give all that it was sent'),
  );
}

async function benchShape(loki: Loki, shape: Shape, count: number): Promise<void> {
  const began = performance.now();
  await fill(loki, shape, count);
  await settle(loki, shape.name, count);
  const filled = ((performance.now() - began) / 1000).toFixed(0);
  const url = new URL('/loki/api/v1/query_range', loki.url);
  const [start, end] = [FROM, TO].map((time) => `${time}000000`);
  url.search = new URLSearchParams({
    ...{ query: shape.bare, start: start ?? '', end: end ?? '', limit: '5000', direction: 'forward' },
  }).toString();
  process.env['LOKI_ORG_ID'] = shape.name;
  const ratios: number[] = [];
  const seconds: number[] = [];
  let mebibytes = 0;
  // In turn, so that each sees the same moods of the machine.
  for (let round = 0; round < ROUNDS; round++) {
    const who = await run(process.execPath, [
      CLI,
      'who',
      ADDRESS,
      '--loki',
      String(loki.url),
      ...RANGE,
      '--json',
    ]);
    const bare = await run(process.execPath, ['-e', BARE, String(url), shape.name]);
    const { rows } = JSON.parse(who.out) as { rows: { times: number }[] };
    const times = rows.reduce((sum, row) => sum + row.times, 0);
    if (times !== Number(bare.out)) throw new Error(`${times} connections, but the query finds ${bare.out}`);
    ratios.push(who.seconds / bare.seconds);
    seconds.push(who.seconds);
    mebibytes = Math.max(mebibytes, who.mebibytes);
  }
  console.log(
    `${median(ratios).toFixed(2).padStart(6)} × the bare query  (${median(seconds).toFixed(2)} s, ${mebibytes} MiB)  who, ${count.toLocaleString('en')} alerts of the ${shape.name}'s shape in Loki, filled in ${filled} s`,
  );
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;
}

/** `who` for one address of a Loki with so many alerts of a day, beside the bare query. */
export async function benchLoki(count: number): Promise<void> {
  const binary = lokiBinary();
  if (binary === undefined) {
    console.log('left out: there is no Loki; node tools/loki/build.mjs builds it');
    return;
  }
  const loki = await Loki.start(binary);
  try {
    for (const shape of [SIDEKICK, COLLECTOR]) await benchShape(loki, shape, count);
  } finally {
    await loki.stop();
  }
}
