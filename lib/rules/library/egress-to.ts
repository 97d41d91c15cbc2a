import { RulesError } from '../finding';
import { bareItem, type ListItem } from '../list';
import { macro, MACRO_NAME, type Macro } from '../macro';
import { macroReferences } from '../macro-references';
import type { RulesObject } from '../object';
import { BY_POD, OUTBOUND } from './conditions';

const ASKED_PREFIX = 'egress_asked_';

/**
 * A condition: a Pod connects or sends, or tries to, to an address of a list.
 *
 * A refused connect has no server address, only the text `address:port` that was asked for, which no list of
 * addresses can be compared with. That part is the macro `egress_asked_<list>`; {@link printRules} adds it, made
 * from the list's addresses.
 *
 * @param listName a list of single addresses, IPv4 or IPv6, printed together with the rule that uses the condition
 */
export function egressTo(listName: string): string {
  if (!MACRO_NAME.test(listName)) {
    throw new RulesError(
      'invalid-name',
      `list '${listName}': egressTo needs a name of letters, digits and '_'`,
    );
  }
  return [
    `${OUTBOUND} and ${BY_POD}`,
    `and (fd.sip in (${listName})`,
    // Falco takes the peer of a UDP socket that was bound before it sent for the client.
    `or (evt.type in (sendto, sendmsg, sendmmsg) and fd.cip in (${listName}))`,
    `or ${ASKED_PREFIX}${listName})`,
  ].join('\n');
}

/** The macros that {@link egressTo} counts on, by the first object that uses them, before which they must stand. */
export function askedMacros(objects: readonly RulesObject[]): ReadonlyMap<RulesObject, readonly Macro[]> {
  const defined = new Set(objects.flatMap((object) => (object.kind === 'macro' ? [object.name] : [])));
  const added = new Map<RulesObject, Macro[]>();
  for (const object of objects) {
    for (const name of askedMacrosOf(object)) {
      if (defined.has(name)) continue;
      defined.add(name);
      const asked = macro(name, askedFor(addressesOf(name.slice(ASKED_PREFIX.length), objects)));
      added.set(object, [...(added.get(object) ?? []), asked]);
    }
  }
  return added;
}

function askedMacrosOf(object: RulesObject): string[] {
  const condition = conditionOf(object);
  if (!condition.includes(ASKED_PREFIX)) return [];
  const start = /^\s*(?:and|or)(?=[\s(])/.test(condition) ? 'connective' : 'operand';
  return macroReferences(condition, start)
    .map(({ name }) => name)
    .filter((name) => name.startsWith(ASKED_PREFIX));
}

function conditionOf(object: RulesObject): string {
  switch (object.kind) {
    case 'rule':
    case 'macro':
      return object.condition;
    case 'rule-override':
      return object.changes.condition?.value ?? '';
    case 'macro-override':
      return object.condition.value;
    default:
      return '';
  }
}

/** The addresses of a list as they are once all objects are loaded. */
function addressesOf(
  listName: string,
  objects: readonly RulesObject[],
  within: readonly string[] = [],
): string[] {
  let items: readonly ListItem[] | undefined;
  for (const object of objects) {
    if (object.kind === 'list' && object.name === listName) items = object.items;
    if (object.kind === 'list-override' && object.name === listName) {
      items = object.items.how === 'append' ? [...(items ?? []), ...object.items.value] : object.items.value;
    }
  }
  if (items === undefined) {
    throw new RulesError(
      'unknown-list',
      `egressTo('${listName}'): the list must be printed along with the rule`,
    );
  }
  const names = new Set(objects.flatMap((object) => (object.kind === 'list' ? [object.name] : [])));
  return items.map(bareItem).flatMap((item) => {
    if (names.has(item) && !within.includes(item)) return addressesOf(item, objects, [...within, listName]);
    if (isIPv4(item) || isIPv6(item)) return [item];
    throw new RulesError('not-an-address', `egressTo('${listName}'): '${item}' is no single address`);
  });
}

/** The whole of `address:port`, so that 10.0.0.1 isn't found in 10.0.0.12. */
function askedFor(addresses: readonly string[]): string {
  // What stock Falco's never_true says: no list may be empty for want of an address.
  if (addresses.length === 0) return 'evt.num = 0';
  const v4 = addresses.filter(isIPv4).map((address) => address.replaceAll('.', '[.]'));
  const v6 = addresses.filter(isIPv6).map(canonical);
  // A program may ask for an IPv4 address in IPv6's clothes.
  const alternatives = [...(v4.length > 0 ? [`(::ffff:)?(${v4.join('|')})`] : []), ...v6];
  return `evt.type = connect and evt.arg.addr regex "(${alternatives.join('|')}):[0-9]+"`;
}

function isIPv4(text: string): boolean {
  const bytes = text.split('.');
  return bytes.length === 4 && bytes.every((byte) => /^(?:0|[1-9]\d{0,2})$/.test(byte) && Number(byte) < 256);
}

/** Without a zone, and without an IPv4 address in it: Falco takes neither. */
function isIPv6(text: string): boolean {
  return /^[\da-f:]+$/i.test(text) && URL.canParse(`http://[${text}]/`);
}

/** An IPv6 address in the one spelling that Falco prints. */
function canonical(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
