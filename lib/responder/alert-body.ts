/** What is wrong with a body: a field, and why. */
interface Malformed {
  readonly field: string;
  readonly problem: string;
}

/** A body whose shape is right, and how many alerts it carries; or what is wrong with it. */
export type Checked = { readonly alerts: number } | Malformed;

type Node = Readonly<Record<string, unknown>>;

/** Checks what falcosidekick posts: one alert. */
export function checkAlert(body: unknown): Checked {
  if (!isObject(body)) return { field: '(body)', problem: `expected an object, found ${kind(body)}` };
  for (const field of ['rule', 'priority', 'output', 'time'] as const) {
    const value = body[field];
    if (typeof value !== 'string') return { field, problem: `expected a text, found ${kind(value)}` };
  }
  if (Number.isNaN(Date.parse(String(body['time']))))
    return { field: 'time', problem: 'expected a time of RFC 3339' };
  const fields = body['output_fields'];
  if (!isObject(fields))
    return { field: 'output_fields', problem: `expected an object, found ${kind(fields)}` };
  return { alerts: 1 };
}

/** Checks what an OpenTelemetry Collector posts: log records in OTLP/HTTP as JSON. */
export function checkLogs(body: unknown): Checked {
  if (!isObject(body)) return { field: '(body)', problem: `expected an object, found ${kind(body)}` };
  return checkLists(body, ['resourceLogs', 'scopeLogs', 'logRecords'], '');
}

/** Walks down lists in lists; an absent list is an empty one, as in every message of protocol buffers. */
function checkLists(node: Node, names: readonly string[], path: string): Checked {
  const [name, ...deeper] = names;
  if (name === undefined) return { alerts: 1 };
  const field = path === '' ? name : `${path}.${name}`;
  const list: unknown = node[name] ?? [];
  if (!Array.isArray(list)) return { field, problem: `expected a list, found ${kind(list)}` };
  let alerts = 0;
  for (const [index, item] of list.entries()) {
    const place = `${field}[${index}]`;
    if (!isObject(item)) return { field: place, problem: `expected an object, found ${kind(item)}` };
    const checked = checkLists(item, deeper, place);
    if (!('alerts' in checked)) return checked;
    alerts += checked.alerts;
  }
  return { alerts };
}

function isObject(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kind(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
