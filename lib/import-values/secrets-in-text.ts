import { holdsSecret } from '../settings/checks/secret';

/** URLs by which anybody may post: the secret is in the path. */
const POSTING_URL =
  /hooks\.slack\.com\/|discord(app)?\.com\/api\/webhooks\/|webhook\.office\.com\/|outlook\.office\.com\/webhook|chat\.googleapis\.com\/|webexapis\.com\/.*incoming|\/hooks\/[\w-]{8,}/i;

/** Whether any text in a value looks as if it held a secret. */
export function carriesSecret(value: unknown): boolean {
  if (typeof value === 'string')
    return holdsSecret(value) || POSTING_URL.test(value) || value.includes('PRIVATE KEY-----');
  return typeof value === 'object' && value !== null && Object.values(value).some(carriesSecret);
}
