import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sameSecret } from '../../lib/responder/bearer-token';
import { rememberedReadiness } from '../../lib/responder/readiness';
import { tokenSource } from '../../lib/responder/token-file';
import { rememberingReviewer } from '../../lib/responder/token-review';

/** No limit holds. */
const AT_ONCE = (): number => 0;

let now = 0;
const clock = (): number => now;
beforeEach(() => {
  now = 0;
});

test('readiness is asked once a second, and once at a time', async () => {
  let asked = 0;
  let answer: (() => void) | undefined;
  const readiness = rememberedReadiness(() => {
    asked += 1;
    return new Promise((resolve) => {
      answer = () => {
        resolve({ ready: true, why: 'ok' });
      };
    });
  }, clock);
  const first = readiness();
  now = 5_000;
  const second = readiness();
  expect(asked).toBe(1);
  answer?.();
  expect(await Promise.all([first, second])).toHaveLength(2);
  now = 5_999;
  await readiness();
  expect(asked).toBe(1);
  now = 6_000;
  void readiness();
  expect(asked).toBe(2);
});

test('a token is reviewed once a minute, a wrong one sooner again, and an error is not remembered', async () => {
  const asked: string[] = [];
  const review = rememberingReviewer((token) => {
    asked.push(token);
    if (token === 'error') return Promise.reject(new Error('down'));
    return Promise.resolve({ user: token === 'good' ? 'u' : undefined, node: undefined });
  }, clock);
  const ask = async (...tokens: readonly string[]) => {
    asked.length = 0;
    for (const token of tokens) await review(token, 'a', AT_ONCE).catch(() => undefined);
    return [...asked];
  };
  expect(await ask('good', 'bad', 'good', 'bad', 'error', 'error')).toEqual([
    'good',
    'bad',
    'error',
    'error',
  ]);
  now = 10_000;
  expect(await ask('good', 'bad')).toEqual(['bad']);
  now = 60_000;
  expect(await ask('good')).toEqual(['good']);
  await review('good', 'another audience', AT_ONCE);
  expect(asked).toEqual(['good', 'good']);
});

test('a right token is asked about again in spite of a flood of wrong ones, and of a limit on unknown ones', async () => {
  let asked: string[] = [];
  const review = rememberingReviewer((token) => {
    asked.push(token);
    return Promise.resolve({ user: token === 'good' ? 'u' : undefined, node: undefined });
  }, clock);
  await review('good', 'a', AT_ONCE);
  for (let each = 0; each < 5_000; each++) await review(String(each), 'a', AT_ONCE);
  asked = [];
  const never = (): number => 700;
  expect(await review('good', 'a', never)).toMatchObject({ user: 'u' });
  expect(await review('unknown', 'a', never)).toEqual({ waitMs: 700 });
  expect(asked).toEqual([]);
  now = 60_000;
  expect(await review('good', 'a', never)).toMatchObject({ user: 'u' });
  expect(asked).toEqual(['good']);
});

test('a token is asked about once at a time, however many show it', async () => {
  let answers: (() => void)[] = [];
  const review = rememberingReviewer(
    () =>
      new Promise((resolve) => {
        answers.push(() => {
          resolve({ user: 'u', node: 'n' });
        });
      }),
    clock,
  );
  const all = Promise.all(Array.from({ length: 50 }, () => review('same', 'a', AT_ONCE)));
  expect(answers).toHaveLength(1);
  for (const answer of answers) answer();
  answers = [];
  expect(new Set(await all)).toEqual(new Set([{ user: 'u', node: 'n' }]));
});

test('a flood of wrong tokens is forgotten', async () => {
  let asked = 0;
  const review = rememberingReviewer(() => {
    asked += 1;
    return Promise.resolve({ user: undefined, node: undefined });
  }, clock);
  for (let each = 0; each < 2_001; each++) await review(String(each), 'a', AT_ONCE);
  await review('0', 'a', AT_ONCE);
  await review('2000', 'a', AT_ONCE);
  expect(asked).toBe(2_002);
});

describe('the token', () => {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-token-'));
  const file = join(folder, 'token');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('comes from a file, and is read again', () => {
    writeFileSync(file, 'one\n');
    const token = tokenSource(file, 'ignored', clock);
    expect(token()).toBe('one');
    writeFileSync(file, 'two');
    expect(token()).toBe('one');
    now = 10_000;
    expect(token()).toBe('two');
    rmSync(file);
    now = 20_000;
    expect(token()).toBe('two');
  });

  test('comes from the environment where no file is named', () => {
    expect(tokenSource(undefined, 'x')()).toBe('x');
    expect(tokenSource(undefined, '')()).toBeUndefined();
  });

  test('must be there, and not empty', () => {
    expect(() => tokenSource(join(folder, 'none'), undefined)).toThrow(/authentication\.tokenFile/);
    writeFileSync(file, '\n');
    expect(() => tokenSource(file, undefined)).toThrow(/is empty/);
  });

  test('is compared as a whole', () => {
    expect([sameSecret('a', 'a'), sameSecret('a', 'b'), sameSecret('a', 'aa'), sameSecret('', 'a')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
