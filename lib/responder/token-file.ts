import { readFileSync } from 'node:fs';
import { messageOf, UsageError } from '../program/failure';

const READ_AGAIN_AFTER = 10_000;

/**
 * The token that falcosidekick must show: from the file, read again now and then since a Secret may be renewed, or from
 * the environment. `undefined` where neither is given.
 */
export function tokenSource(
  file: string | undefined,
  environment: string | undefined,
  now: () => number = Date.now,
): () => string | undefined {
  if (file === undefined) {
    const token = environment === undefined || environment === '' ? undefined : environment;
    return () => token;
  }
  let kept = { token: read(file), at: now() };
  return () => {
    if (now() - kept.at < READ_AGAIN_AFTER) return kept.token;
    try {
      kept = { token: read(file), at: now() };
    } catch {
      // The file is being replaced, or gone: the token that was right stays right.
      kept = { token: kept.token, at: now() };
    }
    return kept.token;
  };
}

function read(file: string): string {
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`the token of authentication.tokenFile cannot be read: ${messageOf(error)}`);
  }
  if (token === '') throw new UsageError(`authentication.tokenFile: ${file} is empty`);
  return token;
}
