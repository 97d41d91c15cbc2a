import { limitedLog } from '../../../lib/responder/limit/limited-log';
import { FakeClock } from '../fake-clock';

let clock: FakeClock;
let lines: unknown[];
let suppressed: number;

beforeEach(() => {
  clock = new FakeClock();
  lines = [];
  suppressed = 0;
});

const limited = (): ReturnType<typeof limitedLog> =>
  limitedLog((level, message, fields) => lines.push({ level, message, ...fields }), {
    messages: ['refused', 'not believed'],
    suppressed: () => {
      suppressed += 1;
    },
    clock,
  });

test('a flood is some lines, and how many were left out', () => {
  const log = limited();
  for (let each = 0; each < 1_000; each++) log('warning', 'refused', { each });
  expect(lines).toHaveLength(20);
  expect(suppressed).toBe(980);
  clock.pass(10_000);
  expect(lines.slice(20)).toEqual([{ level: 'warning', message: 'refused', suppressed: 980 }]);
  // Told once: nothing more has been left out since.
  clock.pass(60_000);
  expect(lines).toHaveLength(21);
});

test('a flood that goes on is a line a second', () => {
  const log = limited();
  for (let each = 0; each < 600; each++) {
    log('warning', 'refused', { each });
    clock.pass(100);
  }
  const told = lines.filter((line) => Object.hasOwn(line as object, 'suppressed'));
  expect(lines.length - told.length).toBeGreaterThan(70);
  expect(lines.length - told.length).toBeLessThan(85);
  clock.pass(10_000);
  const left = lines.reduce<number>(
    (sum, line) => sum + ((line as { readonly suppressed?: number }).suppressed ?? 0),
    0,
  );
  expect(left).toBe(suppressed);
});

test('one message takes nothing from another, and what we do ourselves is always told', () => {
  const log = limited();
  for (let each = 0; each < 100; each++) {
    log('warning', 'refused');
    log('info', 'quarantined', { each });
  }
  log('warning', 'not believed', { last: true });
  const count = (message: string): number =>
    lines.filter((line) => (line as { readonly message: string }).message === message).length;
  expect([count('refused'), count('quarantined'), count('not believed')]).toEqual([20, 100, 1]);
});
