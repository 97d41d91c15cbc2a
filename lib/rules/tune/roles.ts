import type { Event, FieldValue } from '../evaluate/event';
import { resolveField } from '../fields/resolve-field';
import type { FieldCatalogue } from '../fields/field';
import { ConditionError } from '../language/condition-error';
import type { FieldReference } from '../language/ast';
import { parseField } from '../language/parse-operand';
import { Scanner } from '../language/scanner';

/** What a field of an exception says about an alert. */
export type Role =
  | 'namespace'
  | 'workload'
  | 'process'
  | 'destination'
  | 'port'
  | 'protocol'
  | 'result'
  | 'file'
  | 'parent'
  | 'user'
  | 'kept';

/** A field that pins one thing about an alert, and the value that it has there. */
export interface Pin {
  readonly role: Role;
  readonly field: string;
  readonly value: string | number | bigint | boolean;
}

/** Why there is no exception for an alert that would not hide more than was seen. */
export interface Open {
  readonly role: Role | 'value';
  readonly reason: string;
}

/** The alternatives of a role, best first. */
const FIELDS = {
  namespace: ['k8s.ns.name', 'k8smeta.ns.name'],
  workload: ['k8smeta.deployment.name', 'container.image.repository', 'container.name'],
  process: ['proc.exepath', 'proc.name'],
  destination: ['fd.sip'],
  port: ['fd.sport'],
  protocol: ['fd.l4proto'],
  result: ['evt.res'],
  parent: ['proc.pname'],
  user: ['user.name'],
} as const satisfies Partial<Record<Role, readonly string[]>>;

/** The address that a connect asked for, with its port: all that is left of a refused one. */
const ASKED = 'evt.arg.addr';
const HOST = 'host';
const PROTOCOL = 'fd.l4proto';
/** What older Falcos print for "none"; of the protocol it is the text that Falco compares, where it knows none. */
const NOT_KNOWN = '<NA>';

/**
 * The fields that pin an alert down. The rule: where it was (namespace and workload; or the host), which process, and
 * what it reached for (address, port and protocol, or the file; without either its parent and user). All that are known
 * are taken, and an alert of which the namespace, the process, the address or the port isn't known is left alone.
 */
export function pinsOf(event: Event, kept: readonly string[]): readonly Pin[] | Open {
  const pins: Pin[] = [];
  const pin = (role: Exclude<Role, 'file' | 'kept'>): boolean => {
    const found = first(role, FIELDS[role], event);
    if (found !== undefined) pins.push(found);
    return found !== undefined;
  };
  if (!pin('namespace')) {
    if (event['container.id'] !== HOST)
      return open('namespace', 'its namespace is not known', event, FIELDS.namespace);
    pins.push({ role: 'namespace', field: 'container.id', value: HOST });
  }
  pin('workload');
  if (!pin('process')) return open('process', 'its process is not known', event, FIELDS.process);
  const isSocket = isAboutSockets(event);
  if (!isSocket) pinOther(event, pins, pin);
  const lacking = isSocket ? pinSocket(event, pins, pin) : undefined;
  if (lacking !== undefined) return lacking;
  for (const field of kept) {
    if (pins.some((known) => known.field === field)) continue;
    const found = first('kept', [field], event);
    if (found === undefined) return open('kept', `--keep: it has no ${field}`, event, [field]);
    pins.push(found);
  }
  return pins;
}

function pinSocket(
  event: Event,
  pins: Pin[],
  pin: (role: 'destination' | 'port' | 'protocol' | 'result') => boolean,
): Open | undefined {
  if (!pin('destination')) {
    const asked = first('destination', [ASKED], event);
    if (asked === undefined)
      return open('destination', 'its destination is not known', event, [...FIELDS.destination, ASKED]);
    pins.push(asked);
    pin('protocol');
    // Else it would hide connects that succeed, of which the server's address is known.
    pin('result');
    return undefined;
  }
  const hasPort = pin('port');
  pin('protocol');
  const protocol = pins.find(({ role }) => role === 'protocol')?.value;
  const needsPort = protocol === undefined || [NOT_KNOWN, 'tcp', 'udp'].includes(String(protocol));
  return hasPort || !needsPort ? undefined : open('port', 'its port is not known', event, FIELDS.port);
}

function pinOther(event: Event, pins: Pin[], pin: (role: 'parent' | 'user') => boolean): void {
  const file = first('file', ['fd.name'], event);
  if (file !== undefined) pins.push(file);
  pin('parent');
  pin('user');
}

function isAboutSockets(event: Event): boolean {
  if (event['fd.sip'] !== undefined || event['fd.sport'] !== undefined || event[ASKED] !== undefined)
    return true;
  // A socket's name holds the client's port, which is another every time.
  const name = event['fd.name'];
  return typeof name === 'string' && name.includes('->');
}

function first(role: Role, fields: readonly string[], event: Event): Pin | undefined {
  for (const field of fields) {
    const value = event[field];
    if (isPinnable(value) && (value !== NOT_KNOWN || field === PROTOCOL)) return { role, field, value };
  }
  return undefined;
}

function isPinnable(value: FieldValue | undefined): value is Pin['value'] {
  return value !== undefined && value !== null && value !== '' && typeof value !== 'object';
}

function open(role: Role, reason: string, event: Event, fields: readonly string[]): Open {
  const isPrinted = fields.some((field) => field in event);
  return {
    role,
    reason: isPrinted ? reason : `${reason}: the rule's output has none of ${fields.join(', ')}`,
  };
}

/** A field as Falco reads it, if there is such a field. */
export function readField(text: string, catalogue: FieldCatalogue): FieldReference | undefined {
  const scanner = new Scanner(text);
  try {
    const field = parseField(scanner);
    if (field === undefined || !scanner.done) return undefined;
    resolveField(field, catalogue);
    return field;
  } catch (error) {
    if (error instanceof ConditionError) return undefined;
    throw error;
  }
}
