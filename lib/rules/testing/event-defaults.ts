import { isIPv4, isIPv6 } from 'node:net';
import type { Event, FieldValue } from '../evaluate/event';
import { resultName, resultNumber } from './errno';

/** What an event of a test holds unless it says otherwise: a process in a container of a Pod. */
export const EVENT_DEFAULTS: Event = {
  'evt.source': 'syscall',
  'container.id': '0123456789ab',
  'k8s.ns.name': 'default',
  'k8s.pod.name': 'test',
};

/** What tells of a Pod, which a process of the node itself hasn't got. */
const OF_POD = ['k8s.ns.name', 'k8s.pod.name'];

/**
 * An event that somebody wrote down, with what it needn't say: {@link EVENT_DEFAULTS}, a call that succeeded, and what
 * follows from the rest.
 */
export function writtenEvent(told: Event, defaults: Event, number: number): Event {
  const all: Record<string, FieldValue | undefined> = { 'evt.num': number, ...EVENT_DEFAULTS, ...defaults };
  if (told['container.id'] === 'host') for (const name of OF_POD) if (!(name in defaults)) all[name] = null;
  const event = { ...all, ...told };
  if (event['evt.res'] === undefined && event['evt.rawres'] === undefined) event['evt.rawres'] = 0;
  return withFollowing(event);
}

/** An event that was recorded: what it doesn't tell comes from the test file's own defaults only. */
export function recordedEvent(told: Event, defaults: Event): Event {
  const event: Record<string, FieldValue | undefined> = { ...told };
  for (const [name, value] of Object.entries(defaults)) event[name] ??= value;
  return withFollowing(event);
}

/** The result's name from its number and the other way round; the kind of socket from an address. */
function withFollowing(event: Readonly<Record<string, FieldValue | undefined>>): Event {
  const following: Record<string, FieldValue | undefined> = {};
  const { 'evt.res': name, 'evt.rawres': number } = event;
  if (name === undefined && (typeof number === 'number' || typeof number === 'bigint')) {
    following['evt.res'] = resultName(number);
  }
  if (number === undefined && typeof name === 'string') following['evt.rawres'] = resultNumber(name);
  if (event['fd.type'] === undefined && event['fd.typechar'] === undefined) {
    const letter = socketLetter(event);
    if (letter !== undefined) {
      following['fd.typechar'] = letter;
      following['fd.type'] = letter === '4' ? 'ipv4' : 'ipv6';
    }
  }
  return { ...event, ...following };
}

function socketLetter(event: Event): '4' | '6' | undefined {
  for (const name of ['fd.sip', 'fd.cip', 'fd.rip', 'fd.lip', 'evt.arg.addr']) {
    const value = event[name];
    if (typeof value !== 'string') continue;
    const address = name === 'evt.arg.addr' ? value.replace(/:\d+$/, '') : value;
    if (isIPv4(address)) return '4';
    if (isIPv6(address)) return '6';
  }
  return undefined;
}
