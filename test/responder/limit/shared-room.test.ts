import fc from 'fast-check';
import { SharedRoom } from '../../../lib/responder/limit/shared-room';

/** Takes one after the other until there is no room; how many that were. */
function fill(room: SharedRoom, who: string): number {
  for (let taken = 0; ; taken++) if (!room.take(who, 1)) return taken;
}

test('whoever comes after greedy ones finds room', () => {
  const room = new SharedRoom(20_000);
  expect(fill(room, 'a')).toBe(10_000);
  expect(fill(room, 'b')).toBe(5_000);
  expect(fill(room, 'c')).toBe(2_500);
  expect(room.take('d', 1)).toBe(true);
});

test('as some is given back the others get more', () => {
  const room = new SharedRoom(100);
  fill(room, 'a');
  expect(fill(room, 'b')).toBe(25);
  room.giveBack('a', 50);
  expect([room.size, fill(room, 'b'), fill(room, 'a')]).toEqual([25, 25, 25]);
});

test('one place is for whoever is first', () => {
  const room = new SharedRoom(1);
  expect([room.take('a', 1), room.take('b', 1)]).toEqual([true, false]);
  room.giveBack('a', 1);
  expect(room.take('b', 1)).toBe(true);
});

test('whatever is taken and given back, there is never more than there is, and all of it comes back', () => {
  const step = fc.record({
    who: fc.constantFrom('a', 'b', 'c', 'd'),
    amount: fc.integer({ min: 1, max: 30 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const room = new SharedRoom(100);
      const taken = steps.filter(({ who, amount }) => room.take(who, amount));
      const sum = (who?: string): number =>
        taken.reduce((all, each) => all + (who === undefined || each.who === who ? each.amount : 0), 0);
      expect(room.size).toBe(sum());
      for (const who of ['a', 'b', 'c', 'd']) expect(sum(who)).toBeLessThanOrEqual((100 + 30) / 2);
      for (const { who, amount } of taken) room.giveBack(who, amount);
      expect([room.size, room.take('e', 50)]).toEqual([0, true]);
    }),
  );
});
