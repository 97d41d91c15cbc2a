import { isJsonObject } from '../../rules/recorded/json-value';
import { recordText } from '../../rules/recorded/record-text';
import type { Alert } from './alert';
import { parseBounded } from './bounded-json';
import { kindOf, MalformedBodyError } from './malformed';
import { readAlert } from './read-alert';

/** What a batch of log records holds. */
export interface LoggedAlerts {
  readonly alerts: readonly Alert[];
  /** Records that hold no alert: to refuse the batch for one of them would lose the others. */
  readonly skipped: number;
  /** Of the first of them, why. */
  readonly reason: string | undefined;
}

/** More than a request of the collector can hold that were worth reading. */
const MOST_RECORDS = 50_000;

/**
 * The alerts that an OpenTelemetry Collector posts: log records in OTLP/HTTP as JSON, the body of each a line of Falco's. A
 * record whose body is no alert is passed over and counted.
 *
 * @param node to which the sender's token is bound: alerts are of that node, whatever they say
 * @throws `MalformedBodyError`, and nothing else, where the envelope is wrong
 */
export function alertsFromLogs(text: string, node: string | undefined): LoggedAlerts {
  const body = parseBounded(text);
  if (!isJsonObject(body))
    throw new MalformedBodyError('(body)', `expected an object, found ${kindOf(body)}`);
  const alerts: Alert[] = [];
  let skipped = 0;
  let reason: string | undefined;
  for (const line of linesOf(body)) {
    if (alerts.length + skipped >= MOST_RECORDS)
      throw new MalformedBodyError('resourceLogs', `more than ${MOST_RECORDS} records`);
    const alert = readLine(line, node);
    if (!(alert instanceof MalformedBodyError)) alerts.push(alert);
    else {
      skipped++;
      reason ??= alert.message;
    }
  }
  return { alerts, skipped, reason };
}

function readLine(line: string | undefined, node: string | undefined): Alert | MalformedBodyError {
  if (line === undefined) return new MalformedBodyError('body', 'holds no text');
  try {
    return readAlert(recordText(line), 'logs', node);
  } catch (error) {
    if (error instanceof MalformedBodyError) return error;
    throw error;
  }
}

/** The texts of all records; `undefined` for one whose body is no text. */
function* linesOf(body: Readonly<Record<string, unknown>>): Generator<string | undefined> {
  for (const { node: resource, place } of itemsOf(body, 'resourceLogs', ''))
    for (const { node: scope, place: inner } of itemsOf(resource, 'scopeLogs', place))
      for (const { node: record, place: own } of itemsOf(scope, 'logRecords', inner))
        yield textOf(record['body'], `${own}.body`);
}

/** An absent list is an empty one, as in every message of protocol buffers. */
function* itemsOf(
  node: Readonly<Record<string, unknown>>,
  name: string,
  path: string,
): Generator<{ readonly node: Readonly<Record<string, unknown>>; readonly place: string }> {
  const field = path === '' ? name : `${path}.${name}`;
  const list: unknown = node[name] ?? [];
  if (!Array.isArray(list)) throw new MalformedBodyError(field, `expected a list, found ${kindOf(list)}`);
  for (const [index, item] of list.entries()) {
    const place = `${field}[${index}]`;
    if (!isJsonObject(item)) throw new MalformedBodyError(place, `expected an object, found ${kindOf(item)}`);
    yield { node: item, place };
  }
}

function textOf(body: unknown, field: string): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (!isJsonObject(body)) throw new MalformedBodyError(field, `expected an object, found ${kindOf(body)}`);
  const text = body['stringValue'];
  if (text === undefined || text === null) return undefined;
  if (typeof text === 'string') return text;
  throw new MalformedBodyError(`${field}.stringValue`, `expected a text, found ${kindOf(text)}`);
}
