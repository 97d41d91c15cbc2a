import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { WorkQueue, type Outcome, type Retry } from '../../../lib/responder/queue/work-queue';
import { FakeClock } from '../fake-clock';
import { QueueModel, type End } from './model';

/** A queue whose work ends when the test says so. */
function makeQueue(concurrency: number, limit = 1_000) {
  const clock = new FakeClock();
  const begun: string[] = [];
  const retries: (Retry & { readonly key: string; readonly error: unknown })[] = [];
  const ends = new Map<string, (end: End) => void>();
  const queue = new WorkQueue({
    concurrency,
    limit,
    clock,
    work: (key) => {
      expect(ends.has(key)).toBe(false);
      begun.push(key);
      expect(ends.size).toBeLessThan(concurrency);
      return new Promise<Outcome | undefined>((resolve, reject) => {
        ends.set(key, (end) => {
          ends.delete(key);
          if (end.is === 'failed') reject(new Error(`${key} failed`));
          else resolve(end.is === 'again' ? { again: end.ms } : undefined);
        });
      });
    },
    failed: (key, error, retry) => retries.push({ key, error, ...retry }),
  });
  const end = async (key: string, how: End = { is: 'done' }): Promise<void> => {
    const finish = ends.get(key);
    if (finish === undefined) throw new Error(`${key} is not worked on`);
    finish(how);
    await setImmediate();
  };
  const add = async (...keys: string[]): Promise<void> => {
    for (const key of keys) expect(queue.add(key)).toBe(true);
    await setImmediate();
  };
  const pass = async (ms: number): Promise<void> => {
    clock.pass(ms);
    await setImmediate();
  };
  return { queue, clock, begun, retries, running: ends, end, add, pass };
}

describe('against the model', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  const ms = fc.constantFrom(0, 1, 5, 50, 1_000);
  const end: fc.Arbitrary<End> = fc.oneof(
    fc.constant({ is: 'done' } as const),
    fc.constant({ is: 'failed' } as const),
    ms.map((each) => ({ is: 'again', ms: each }) as const),
  );
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), key, first: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('later' as const), key, ms }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(), end }) },
  );

  test('it begins the same keys in the same order, holds as many, and ends with nothing left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(step, { maxLength: 120 }),
        async (concurrency, limit, steps) => {
          const { queue, clock, begun, running, end, pass } = makeQueue(concurrency, limit);
          const model = new QueueModel(concurrency, limit);
          const check = (): void => {
            expect(begun).toEqual(model.begun);
            const { waits, ...depth } = model.depth;
            const oldestMs = waits === undefined ? 0 : clock.now() - waits.since;
            expect(queue.depth()).toEqual({ ...depth, oldestMs });
          };
          for (const each of steps) {
            if (each.do === 'add') {
              const { key, first } = each;
              expect(queue.add(key, { first })).toBe(model.add(key, first));
              await setImmediate();
            } else if (each.do === 'later') {
              queue.addAfter(each.key, each.ms);
              model.addAfter(each.key, each.ms);
            } else if (each.do === 'pass') {
              model.pass(each.ms);
              await pass(each.ms);
            } else {
              const key = [...running.keys()][each.which % Math.max(running.size, 1)];
              if (key === undefined) continue;
              model.end(key, each.end);
              await end(key, each.end);
            }
            check();
          }
          for (let next = clock.next; running.size > 0 || next !== undefined; next = clock.next) {
            for (const key of [...running.keys()]) {
              model.end(key, { is: 'done' });
              await end(key);
            }
            model.pass(next ?? 0);
            await pass(next ?? 0);
            check();
          }
          expect(queue.depth()).toEqual({ waiting: 0, running: 0, later: 0, oldestMs: 0 });
        },
      ),
      { numRuns: 200 },
    );
  });

  test('whatever is added while its work runs is worked on once more, after that', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { minLength: 1, maxLength: 60 }), async (adds) => {
        const seen = new Map<number, number>();
        let wishes = 0;
        const wished = new Map<number, number>();
        const queue = new WorkQueue({
          concurrency: 3,
          limit: 100,
          work: async (key) => {
            const known = wished.get(Number(key)) ?? 0;
            await setImmediate();
            seen.set(Number(key), known);
            return undefined;
          },
        });
        for (const key of adds) {
          wished.set(key, ++wishes);
          queue.add(String(key));
          if (wishes % 5 === 0) await setImmediate();
        }
        while (queue.depth().waiting + queue.depth().running > 0) await setImmediate();
        expect(seen).toEqual(wished);
      }),
    );
  });
});

test('a key that fails waits twice as long each time, up to 1000 s, and 5 ms again once it has succeeded', async () => {
  const { add, end, pass, retries, running } = makeQueue(1);
  await add('pod');
  for (let failure = 0; failure < 20; failure++) {
    await end('pod', { is: 'failed' });
    const { inMs = 0 } = retries.at(-1) ?? {};
    await pass(inMs - 1);
    expect(running.size).toBe(0);
    await pass(1);
    expect(running.size).toBe(1);
  }
  expect(retries.slice(0, 4).map(({ inMs }) => inMs)).toEqual([5, 10, 20, 40]);
  expect(retries.at(-1)).toMatchObject({ key: 'pod', failures: 20, inMs: 1_000_000 });
  expect(retries.at(-1)?.error).toEqual(new Error('pod failed'));
  await end('pod', { is: 'done' });
  await add('pod');
  await end('pod', { is: 'failed' });
  expect(retries.at(-1)).toMatchObject({ failures: 1, inMs: 5 });
});

test('work that throws before it waits is a failure like any other', async () => {
  const failed = jest.fn();
  const work = (): never => {
    throw new Error('at once');
  };
  const queue = new WorkQueue({ concurrency: 1, limit: 1, work, failed, clock: new FakeClock() });
  queue.add('pod');
  await setImmediate();
  expect(failed).toHaveBeenCalledWith('pod', new Error('at once'), { failures: 1, inMs: 5 });
});

test('those that go first go first, but the others are not starved', async () => {
  const { queue, begun, end } = makeQueue(1);
  queue.add('other');
  for (let index = 0; index < 40; index++) queue.add(`first-${index}`, { first: true });
  await setImmediate();
  while (!begun.includes('other')) await end(begun.at(-1) ?? '');
  expect(begun).toEqual([...Array.from({ length: 16 }, (_, index) => `first-${index}`), 'other']);
});

test('a full queue takes no new key, but every one that it has, and those whose time has come', async () => {
  const { queue, add, pass } = makeQueue(1, 2);
  await add('running');
  await add('a', 'b');
  expect(queue.add('c')).toBe(false);
  expect(queue.add('a', { first: true })).toBe(true);
  queue.addAfter('d', 10);
  await pass(10);
  expect(queue.depth()).toMatchObject({ waiting: 3, later: 0 });
});

test('the earliest wish for later counts', async () => {
  const { queue, begun, end, pass } = makeQueue(1);
  queue.addAfter('pod', 100);
  queue.addAfter('pod', 10);
  queue.addAfter('pod', 50);
  await pass(10);
  await end('pod');
  await pass(1_000);
  expect(begun).toEqual(['pod']);
});

test('stopping begins nothing more, takes nothing more, and waits for what runs', async () => {
  const { queue, begun, add, end, pass } = makeQueue(2);
  await add('a', 'b', 'c');
  queue.addAfter('d', 10);
  let stopped = false;
  const stop = queue.stop().then(() => (stopped = true));
  expect(queue.add('e')).toBe(false);
  queue.addAfter('e', 0);
  await pass(10);
  await end('a', { is: 'failed' });
  expect(stopped).toBe(false);
  await end('b', { is: 'again', ms: 0 });
  await stop;
  await pass(10_000);
  expect(begun).toEqual(['a', 'b']);
  await queue.stop();
});

test('draining takes nothing new, works on all that it has, also on what failed, and then stops', async () => {
  const { queue, begun, add, end, pass } = makeQueue(1);
  await add('a', 'b');
  let left: number | undefined;
  void queue.drain(1_000).then((count) => (left = count));
  expect(queue.add('c')).toBe(false);
  await end('a', { is: 'failed' });
  await end('b');
  expect(left).toBeUndefined();
  await pass(5);
  await end('a');
  expect([left, begun]).toEqual([0, ['a', 'b', 'a']]);
  expect(queue.add('a')).toBe(false);
});

test('draining ends at its time, and says how much is left', async () => {
  const { queue, begun, add, end, pass } = makeQueue(1);
  await add('a', 'b', 'c');
  let left: number | undefined;
  void queue.drain(1_000).then((count) => (left = count));
  await end('a', { is: 'again', ms: 5_000 });
  await pass(1_000);
  await end('b');
  await pass(10_000);
  expect([left, begun]).toEqual([3, ['a', 'b']]);
});

test('with nothing to do draining ends at once', async () => {
  expect(await makeQueue(1).queue.drain(1_000)).toBe(0);
});

test('it works at the speed of what it holds: 20,000 keys in order', async () => {
  const order: number[] = [];
  const work = (key: string): Promise<undefined> => {
    order.push(Number(key));
    return Promise.resolve(undefined);
  };
  const queue = new WorkQueue({ concurrency: 32, limit: 20_000, work });
  for (let key = 0; key < 20_000; key++) queue.add(String(key));
  while (queue.depth().waiting + queue.depth().running > 0) await setImmediate();
  expect(order).toEqual(Array.from({ length: 20_000 }, (_, key) => key));
});
