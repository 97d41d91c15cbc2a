import type { Event, FieldValue } from '../event';

type Derive = (event: Event) => FieldValue | undefined;

/** Events that Falco knows by their beginning only. */
const ENTERED = new Set([
  'procexit',
  'switch',
  'signaldeliver',
  'page_fault',
  'drop',
  'container',
  'pluginevent',
]);

/** The letters of `fd.typechar` by the names of `fd.type`. */
const TYPE_LETTERS: ReadonlyMap<unknown, string> = new Map([
  ['file', 'f'],
  ['ipv4', '4'],
  ['ipv6', '6'],
  ['unix', 'u'],
  ['netlink', 'n'],
  ['pipe', 'p'],
  ['event', 'e'],
  ['signalfd', 's'],
  ['eventpoll', 'l'],
  ['inotify', 'i'],
  ['timerfd', 't'],
  ['io_uring', 'r'],
  ['directory', 'd'],
]);
const TYPE_NAMES = new Map([...TYPE_LETTERS].map(([name, letter]) => [letter, name]));

/**
 * Fields that an event doesn't tell but that follow from those it does: alerts hold what their rule's output asks for,
 * and `fd.snet` and its like can't be printed at all.
 */
export const DERIVED: ReadonlyMap<string, Derive> = new Map<string, Derive>([
  ['fd.snet', (event) => event['fd.sip']],
  ['fd.cnet', (event) => event['fd.cip']],
  ['fd.lnet', (event) => event['fd.lip']],
  ['fd.rnet', (event) => event['fd.rip']],
  ['fd.typechar', (event) => TYPE_LETTERS.get(event['fd.type'])],
  ['fd.type', (event) => typeName(event['fd.typechar'])],
  ['fd.sockfamily', sockFamily],
  ['evt.failed', failed],
  ['evt.dir', direction],
  ['evt.count', () => 1],
  ['proc.pname', (event) => event['proc.aname[1]']],
  ['proc.aname[0]', (event) => event['proc.name']],
]);

function typeName(letter: unknown): string | undefined {
  const name = typeof letter === 'string' ? TYPE_NAMES.get(letter) : undefined;
  return typeof name === 'string' ? name : undefined;
}

function sockFamily(event: Event): string | undefined {
  const letter = event['fd.typechar'] ?? TYPE_LETTERS.get(event['fd.type']);
  if (letter === 'u') return 'unix';
  return letter === '4' || letter === '6' ? 'ip' : undefined;
}

function failed(event: Event): boolean | undefined {
  const result = event['evt.rawres'];
  return typeof result === 'number' || typeof result === 'bigint' ? result < 0 : undefined;
}

/** Since 0.42 Falco sees calls when they return only: `<`, but for events that aren't calls. */
function direction(event: Event): string | undefined {
  const type = event['evt.type'];
  if (typeof type !== 'string') return undefined;
  return ENTERED.has(type) ? '>' : '<';
}
