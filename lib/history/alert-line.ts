import { fieldBeside } from '../observability/egress-stream';
import { isJsonObject } from '../rules/recorded/json-value';
import type { Connection } from './connection';
import type { Fields } from './fields';
import { readConnection, type AlertRecord, type NotAConnection } from './read-connection';
import { parseTime } from './time';

/** What a stored line holds: a connection, an alert of something else, or nothing that can be read. */
export type LineContent =
  | { readonly kind: 'connection'; readonly connection: Connection }
  | { readonly kind: 'other'; readonly why: NotAConnection; readonly alert: AlertRecord }
  | { readonly kind: 'bad'; readonly reason: string };

/** What the store knows beside the line. */
export interface Beside {
  readonly cluster?: string | undefined;
  readonly counted?: Fields;
  /** Told of each field of the output that is asked for, while the line is read. */
  readonly asked?: (name: string) => unknown;
}

/** Reads an alert as Falco prints it, or falcosidekick sends it on: one JSON object. It never throws. */
export function readAlertLine(text: string, beside: Beside = {}): LineContent {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return bad('it is no JSON');
  }
  if (!isJsonObject(body)) return bad('it is no JSON object');
  const { rule, time, hostname, priority, output_fields: fields } = body;
  if (typeof rule !== 'string' || rule === '') return bad("it has no 'rule'");
  if (typeof time !== 'string') return bad("it has no 'time'");
  const at = parseTime(time);
  if (at === undefined) return bad("its 'time' is no time");
  // A rule without fields has an empty object; without any, whether it is a connection is in its text alone.
  if (fields === undefined)
    return bad(
      "it has no 'output_fields': Falco leaves them out with json_include_output_fields_property: false",
    );
  const told = isJsonObject(fields) ? fields : {};
  const { cluster, asked, counted = (name) => body[name] } = beside;
  return contentOf({
    rule,
    priority: typeof priority === 'string' ? priority : undefined,
    time: at,
    hostname: typeof hostname === 'string' && hostname !== '' ? hostname : undefined,
    cluster,
    fields: (name) => {
      asked?.(name);
      return told[name];
    },
    counted,
  });
}

/** The fields of a line that is known to be an alert, or of what stood beside one; it is parsed only if one of them is asked for. */
export function fieldsOfLine(text: () => string): Pick<AlertRecord, 'fields' | 'counted'> {
  let parsed: Readonly<Record<string, unknown>> | undefined;
  const body = (): Readonly<Record<string, unknown>> =>
    (parsed ??= JSON.parse(text()) as Readonly<Record<string, unknown>>);
  return {
    fields: (name) => {
      const told = body()['output_fields'];
      return isJsonObject(told) ? told[name] : body()[fieldBeside(name)];
    },
    counted: (name) => body()[name],
  };
}

/** What an alert tells, once it is known that it is one. */
export function contentOf(alert: AlertRecord): LineContent {
  const found = readConnection(alert);
  return typeof found === 'string'
    ? { kind: 'other', why: found, alert }
    : { kind: 'connection', connection: found };
}

function bad(reason: string): LineContent {
  return { kind: 'bad', reason };
}
