import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks `condition` until it holds. Rejects with `timedOut()`'s error after `timeoutMs`, and at once if it throws. */
export async function waitUntil(
  condition: () => Promise<boolean>,
  timeoutMs: number,
  timedOut: () => Error | Promise<Error>,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw await timedOut();
    await sleep(100);
  }
}

/** Whether a GET of `url` is answered with 200. No answer, or no certificate file yet, counts as no. */
export async function answersOk(url: string, caFile: string, token: string): Promise<boolean> {
  const ca = await readFile(caFile).catch(() => undefined);
  if (ca === undefined) return false;
  return new Promise((resolve) => {
    const call = request(
      url,
      { ca, headers: { authorization: `Bearer ${token}` }, timeout: 5_000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    call.once('timeout', () => call.destroy());
    call.once('error', () => {
      resolve(false);
    });
    call.end();
  });
}
