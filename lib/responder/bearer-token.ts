import { createHash, timingSafeEqual } from 'node:crypto';

/** The token of an Authorization header; `undefined` if there is none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([-A-Za-z0-9._~+/]+=*) *$/i.exec(authorization ?? '')?.[1];
}

/** Whether two secrets are equal; how long it takes tells nothing about either, not even a length. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
