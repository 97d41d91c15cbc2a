import { messageOf } from '../../program/failure';
import { LokiError } from './loki-error';
import type { HttpAnswer } from './request';

/** Errors of the network after which another try may help; of a name that there isn't, it makes nothing better. */
const PASSING = [
  ...['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE'],
  ...['EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
];

/** What some errors of the network come from. */
const MEANT: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; is Loki up, or the port-forward?',
  ENOTFOUND: 'there is no such host',
  ECONNRESET: 'the answer was cut off; Loki does that after 30 s (server.http_server_write_timeout)',
};

/** Of a certificate that is not trusted; the others have no word in common. */
const UNTRUSTED = /CERT|UNABLE_TO_VERIFY|ALTNAME/;

/** What a Loki says that doesn't answer as it should, so that it can be mended; `undefined` for an answer that is one. */
export function refusalOf(name: string, { status, body }: HttpAnswer): LokiError | undefined {
  if (status === 200) return undefined;
  const said = body.trim().split('\n', 1)[0]?.slice(0, 300) ?? '';
  const told = `${name} answers ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 401 || status === 403)
    return new LokiError(
      'LOKI_UNAUTHORIZED',
      `${told}; give LOKI_USERNAME and LOKI_PASSWORD, LOKI_BEARER_TOKEN, or LOKI_ORG_ID in the environment`,
    );
  if (status === 404)
    return new LokiError(
      'LOKI_NOT_FOUND',
      `${told}; give the address without /loki/api/v1, such as https://logs.example.org`,
    );
  if (status === 504 || (status >= 500 && /deadline exceeded|time-?out/i.test(said)))
    return new LokiError('LOKI_SLOW', told, true);
  if (status === 429 || status >= 500) return new LokiError('LOKI_UNREACHABLE', told, true);
  return new LokiError('LOKI_REFUSED', told);
}

/** What went wrong on the way to a Loki. */
export function troubleOf(name: string, error: unknown): LokiError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const meant = UNTRUSTED.test(code) ? 'name the certificate to trust by LOKI_CA_CERT_PATH' : MEANT[code];
  const message = `${name}: ${messageOf(error)}${meant === undefined ? '' : `: ${meant}`}`;
  const isSlow = code === 'ECONNRESET' || code === 'ETIMEDOUT';
  return new LokiError(isSlow ? 'LOKI_SLOW' : 'LOKI_UNREACHABLE', message, PASSING.includes(code));
}
