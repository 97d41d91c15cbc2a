import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { ALERT_STREAMS } from '../../history/loki/logql';
import { LokiClient, type LokiProps } from '../../history/loki/loki-client';
import { messageOf } from '../../program/failure';
import { isJsonObject } from '../../rules/recorded/json-value';
import { nearest } from '../../schema/nearest';
import { UsageError } from '../../synth/usage-error';

/** A Loki to ask. */
export interface AskedLoki extends LokiProps {
  /** One for all questions: it knows whether it was waited for in vain. */
  readonly client: LokiClient;
  /** The cluster whose alerts it holds, where they don't say. */
  readonly cluster: string | undefined;
  /** Selects its streams with alerts. */
  readonly selector: string;
}

/** How somebody is let in. */
interface Access {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  readonly tenant?: string | undefined;
  readonly caFile?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const KEYS = ['url', 'cluster', 'tenant', 'username', 'passwordFile', 'tokenFile', 'caFile', 'selector'];

/**
 * The Lokis that the command line names: by `--loki`, with what the environment says as `logcli` reads it; and in a file.
 *
 * @throws UsageError
 */
export function lokisOf(
  urls: readonly string[],
  file: string | undefined,
  selector: string | undefined,
  environment: Environment,
): readonly AskedLoki[] {
  const streams = selectorOf(selector ?? ALERT_STREAMS);
  const access = urls.length === 0 ? {} : accessFrom(environment);
  return [
    ...urls.map((url) => lokiOf(url, access, undefined, streams)),
    ...(file === undefined ? [] : lokisIn(file, streams)),
  ];
}

function accessFrom(environment: Environment): Access {
  const of = (name: string): string | undefined => (environment[name] === '' ? undefined : environment[name]);
  const tokenFile = of('LOKI_BEARER_TOKEN_FILE');
  const passwordFile = of('LOKI_PASSWORD_FILE');
  return {
    username: of('LOKI_USERNAME'),
    password: of('LOKI_PASSWORD') ?? (passwordFile && secretIn(passwordFile)),
    token: of('LOKI_BEARER_TOKEN') ?? (tokenFile && secretIn(tokenFile)),
    tenant: of('LOKI_ORG_ID'),
    caFile: of('LOKI_CA_CERT_PATH'),
  };
}

function lokisIn(file: string, streams: string): AskedLoki[] {
  let list: unknown;
  try {
    list = load(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${messageOf(error).split('\n', 1)[0] ?? ''}`);
  }
  if (!Array.isArray(list)) throw new UsageError(`${file}: expected a list of Lokis`);
  return list.map((item: unknown, index) => {
    const place = `${file}: [${index}]`;
    if (!isJsonObject(item)) throw new UsageError(`${place}: expected an object with 'url'`);
    for (const key of Object.keys(item)) {
      const meant = nearest(key, KEYS);
      const hint = meant === undefined ? '' : `; did you mean '${meant}'?`;
      if (!KEYS.includes(key)) throw new UsageError(`${place}: unknown key '${key}'${hint}`);
      if (typeof item[key] !== 'string') throw new UsageError(`${place}.${key}: expected a text`);
    }
    const of = (key: string): string | undefined => item[key] as string | undefined;
    const [passwordFile, tokenFile] = [of('passwordFile'), of('tokenFile')];
    return lokiOf(
      of('url') ?? '',
      {
        ...{ username: of('username'), tenant: of('tenant'), caFile: of('caFile') },
        password: passwordFile && secretIn(passwordFile),
        token: tokenFile && secretIn(tokenFile),
      },
      of('cluster'),
      selectorOf(of('selector') ?? streams),
    );
  });
}

function lokiOf(text: string, access: Access, cluster: string | undefined, selector: string): AskedLoki {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError(
      `'${withoutLogin(text)}' is no address of a Loki; write one such as https://logs.example.org`,
    );
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      'credentials in the address of a Loki can be seen by everybody; give them by LOKI_USERNAME and LOKI_PASSWORD',
    );
  if (url.search !== '' || url.hash !== '')
    throw new UsageError(
      "the address of a Loki ends before '?' and '#': what stands behind them is not sent, and could be seen by everybody",
    );
  const ca = access.caFile === undefined ? undefined : readBytes(access.caFile);
  const props = { url, headers: headersOf(access), ca };
  return {
    ...props,
    client: new LokiClient(props),
    cluster,
    selector,
  };
}

/** What is told of a text that may have a login in it. */
function withoutLogin(text: string): string {
  return text.replace(/^.*@/s, '…@').replace(/[?#].*$/s, '');
}

function headersOf({ username, password, token, tenant }: Access): Record<string, string> {
  if (token !== undefined && username !== undefined)
    throw new UsageError('give either a user with a password, or a bearer token');
  if ((username === undefined) !== (password === undefined))
    throw new UsageError('a user needs a password, and a password a user');
  const basic = Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64');
  return {
    ...(username !== undefined && { Authorization: `Basic ${basic}` }),
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...(tenant !== undefined && { 'X-Scope-OrgID': tenant }),
  };
}

/** A header can't hold the line's end that most such files have. */
function secretIn(file: string): string {
  return readBytes(file).toString().trim();
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${messageOf(error)}`);
  }
}

function selectorOf(text: string): string {
  if (/^\{[^{}]+\}$/.test(text.trim())) return text.trim();
  throw new UsageError(`'${text}' selects no streams; write one such as ${ALERT_STREAMS}`);
}
