import fc from 'fast-check';
import type { Change } from '../../../lib/responder/cluster/cluster';
import { isLater, ObjectStore, type Observed } from '../../../lib/responder/cluster/store';

interface Thing {
  readonly name: string;
  readonly uid: string;
  readonly version: number;
}

const key = (name: string) => ({ namespace: 'shop', name });

function observed({ name, uid, version }: Thing): Observed<Thing> {
  return { key: key(name), uid, version: String(version), object: { name, uid, version } };
}

/** A store whose listener holds each change to the one before. */
function watchedStore() {
  const store = new ObjectStore<Thing>();
  const last = new Map<string, Thing | undefined>();
  const changes: Change<Thing>[] = [];
  store.subscribe((change) => {
    expect(change.before).toBe(last.get(change.key.name));
    expect(change.before ?? change.after).toBeDefined();
    if (change.before !== undefined && change.after !== undefined)
      expect(change.before.uid).toBe(change.after.uid);
    expect(store.get(change.key)).toBe(change.after);
    last.set(change.key.name, change.after);
    changes.push(change);
  });
  return { store, changes };
}

/** What happens to things in the API server, and when we hear of it. */
type Step =
  | { readonly do: 'write' | 'delete'; readonly name: string; readonly ours: boolean }
  | { readonly do: 'hear'; readonly count: number }
  | { readonly do: 'relist'; readonly count: number };

const name = fc.constantFrom('a', 'b', 'c');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const), name, ours: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), name, ours: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('hear' as const), count: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('relist' as const), count: fc.nat(3) }) },
);

test('our own writes are seen at once, never undone by what the watch tells late, and all ends alike', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { store } = watchedStore();
      const server = new Map<string, Thing>();
      const history: { readonly event: Thing; readonly gone: boolean; readonly all: Thing[] }[] = [];
      let version = 0;
      let heard = 0;
      store.replace([], '0');
      const hear = (count: number): void => {
        for (const { event, gone } of history.slice(heard, heard + count)) {
          store.apply({ ...observed(event), type: gone ? 'gone' : 'set' });
          store.reached(String(event.version));
          heard++;
        }
      };
      /** The latest of ours that nobody else has changed since. */
      const ours = new Map<string, Thing | undefined>();
      const check = (): void => {
        for (const [name, thing] of ours) expect(store.get(key(name))).toEqual(thing);
      };
      for (const each of steps) {
        if (each.do === 'hear') hear(each.count);
        else if (each.do === 'relist') {
          // The list is of some moment between what was heard and now.
          const until = Math.min(heard + each.count, history.length);
          const at = history[until - 1];
          store.replace((at?.all ?? []).map(observed), String(at?.event.version ?? 0));
          heard = until;
        } else {
          const before = server.get(each.name);
          if (each.do === 'delete' && before === undefined) continue;
          version++;
          const uid = before?.uid ?? `${each.name}-${version}`;
          const event = { name: each.name, uid, version };
          if (each.do === 'write') server.set(each.name, event);
          else server.delete(each.name);
          history.push({ event, gone: each.do === 'delete', all: [...server.values()] });
          ours.delete(each.name);
          if (each.ours && each.do === 'write') {
            store.absorb(observed(event));
            ours.set(each.name, event);
          } else if (each.ours) {
            const known = store.get(key(each.name))?.uid === uid;
            store.absorbGone(key(each.name), uid);
            if (known) ours.set(each.name, undefined);
          }
        }
        check();
      }
      hear(history.length);
      expect(new Set(store.list())).toEqual(new Set(server.values()));
    }),
    { numRuns: 1_000 },
  );
});

test('a list of one namespace holds what is in it, and nothing is kept of what has gone', () => {
  const { store, changes } = watchedStore();
  const other = {
    key: { namespace: 'bank', name: 'z' },
    uid: 'z',
    version: '2',
    object: { name: 'z', uid: 'z', version: 2 },
  };
  store.replace([observed({ name: 'a', uid: 'a', version: 1 }), other], '2');
  expect(store.list('shop').map(({ name }) => name)).toEqual(['a']);
  expect(store.list('nowhere')).toEqual([]);
  expect(store.list()).toHaveLength(2);
  store.clear();
  expect(store.list()).toEqual([]);
  expect(changes.map(({ after }) => after === undefined)).toEqual([false, false, true, true]);
});

test('a listener that throws keeps no other from hearing, and one that has left hears nothing', () => {
  const failed = jest.fn();
  const heard = jest.fn();
  const store = new ObjectStore<Thing>(failed);
  const leave = store.subscribe(() => {
    throw new Error('of a listener');
  });
  store.subscribe(heard);
  store.replace([observed({ name: 'a', uid: 'a', version: 1 })], '1');
  expect(failed).toHaveBeenCalledWith(new Error('of a listener'));
  expect(heard).toHaveBeenCalledTimes(1);
  leave();
  store.clear();
  expect(failed).toHaveBeenCalledTimes(1);
  expect(heard).toHaveBeenCalledTimes(2);
});

test('versions are compared as the numbers that they are, of any size', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 70n }), fc.bigInt({ min: 0n, max: 2n ** 70n }), (a, b) => {
      expect(isLater(String(a), String(b))).toBe(a > b);
    }),
  );
});
