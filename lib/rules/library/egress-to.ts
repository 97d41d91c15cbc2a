import { RulesError } from '../finding';
import { ConditionError } from '../language/condition-error';
import { parseCondition } from '../language/parse';
import { macroUses } from '../language/walk';
import { bareItem, type ListItem } from '../list';
import { macro, MACRO_NAME, type Macro } from '../macro';
import type { RulesObject } from '../object';
import { askedAddress, askedNetwork, type AskedAddress } from './asked-address';
import { BY_POD, lines, OUTBOUND, SENDS } from './conditions';

/** What a list of destinations holds, and how conditions ask for it. */
interface Kind {
  /** What the name of the macro begins with that {@link askedMacros} makes. */
  readonly prefix: string;
  readonly call: string;
  /** What the list is compared with. */
  readonly ends: (listName: string) => readonly string[];
  readonly noun: string;
  readonly asked: (item: string) => AskedAddress | undefined;
}

const ADDRESSES: Kind = {
  prefix: 'egress_asked_',
  call: 'egressTo',
  ends: (listName) => [
    `fd.sip in (${listName})`,
    // Falco takes the peer of a UDP socket that was bound before it sent for the client.
    `(${SENDS} and fd.cip in (${listName}))`,
  ],
  noun: 'single address',
  asked: askedAddress,
};

export const NETWORKS: Kind = {
  prefix: 'egress_within_',
  call: 'egressToNetworks',
  // Not the client's side: a Pod that sends is often in the very network that is listed.
  ends: (listName) => [`fd.snet in (${listName})`],
  noun: 'network',
  asked: askedNetwork,
};

const KINDS = [ADDRESSES, NETWORKS];

/** Falco takes values of up to this many bytes (libs, `s_max_filter_value_buf_size`). */
const MOST_BYTES = 255;

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
  return conditionTo(listName, ADDRESSES);
}

/**
 * The same for networks: `10.20.0.0/16`, `2001:db8::/32`. The macro is `egress_within_<list>`.
 *
 * @param listName a list of networks; write a single address as `/32` or `/128`. An IPv6 network must have no group of
 *   zeros before its mask ends.
 */
export function egressToNetworks(listName: string): string {
  return conditionTo(listName, NETWORKS);
}

function conditionTo(listName: string, { prefix, call, ends }: Kind): string {
  if (!MACRO_NAME.test(listName)) {
    throw new RulesError(
      'invalid-name',
      `list '${listName}': ${call} needs a name of letters, digits and '_'`,
    );
  }
  const compared = [...ends(listName), `${prefix}${listName}`];
  return lines(`${OUTBOUND} and ${BY_POD}`, `and (${compared.join('\nor ')})`);
}

/** The macros that {@link egressTo} counts on, by the first object that uses them, before which they must stand. */
export function askedMacros(objects: readonly RulesObject[]): ReadonlyMap<RulesObject, readonly Macro[]> {
  const defined = new Set(objects.flatMap((object) => (object.kind === 'macro' ? [object.name] : [])));
  const added = new Map<RulesObject, Macro[]>();
  for (const object of objects) {
    for (const { name, kind } of askedMacrosOf(object)) {
      if (defined.has(name)) continue;
      defined.add(name);
      const asked = macro(name, askedFor(addressesOf(name.slice(kind.prefix.length), objects, kind), kind));
      added.set(object, [...(added.get(object) ?? []), asked]);
    }
  }
  return added;
}

function askedMacrosOf(object: RulesObject): { name: string; kind: Kind }[] {
  const condition = conditionOf(object);
  if (!KINDS.some(({ prefix }) => condition.includes(prefix))) return [];
  return macrosIn(condition).flatMap((name) => {
    const kind = KINDS.find(({ prefix }) => name.startsWith(prefix));
    return kind === undefined ? [] : [{ name, kind }];
  });
}

/** The macros that a text uses, which may be one that is appended to another; none if it is no condition. */
function macrosIn(text: string): string[] {
  const isAppended = /^\s*(?:and|or)(?=[\s(])/.test(text);
  try {
    return macroUses(parseCondition(isAppended ? `whole ${text}` : text)).map(({ name }) => name);
  } catch (error) {
    if (error instanceof ConditionError) return [];
    throw error;
  }
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
  kind: Kind,
  within: readonly string[] = [],
): AskedAddress[] {
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
      `${kind.call}('${listName}'): the list must be printed along with the rule`,
    );
  }
  const names = new Set(objects.flatMap((object) => (object.kind === 'list' ? [object.name] : [])));
  return items.map(bareItem).flatMap((item) => {
    if (names.has(item) && !within.includes(item))
      return addressesOf(item, objects, kind, [...within, listName]);
    const asked = kind.asked(item);
    if (asked !== undefined) return [asked];
    throw new RulesError('not-an-address', `${kind.call}('${listName}'): '${item}' is no ${kind.noun}`);
  });
}

/**
 * The whole of `address:port`, so that 10.0.0.1 isn't found in 10.0.0.12. Of a send from a socket that was bound, Falco
 * has the ends swapped (IPv4) or doesn't know them (IPv6, see `egress_bound_peer`): there too the text tells.
 */
function askedFor(addresses: readonly AskedAddress[], kind: Kind): string {
  // What stock Falco's never_true says: no list may be empty for want of an address.
  if (addresses.length === 0) return 'evt.num = 0';
  const prefixes = [...new Set(addresses.flatMap((address) => address.prefixes))];
  const patterns = addresses.flatMap(({ pattern }) => (pattern === undefined ? [] : [`${pattern}:[0-9]+`]));
  const asked = expressions('evt.arg.addr', '', patterns);
  if (prefixes.length > 0) {
    asked.unshift(`evt.arg.addr startswith oneof (${prefixes.map((text) => `"${text}"`).join(', ')})`);
  }
  const connects = `evt.type = connect and ${anyOf(asked)}`;
  const starts = prefixes.map((text) => `${text.replaceAll('.', '[.]')}.*`);
  const sent = expressions('evt.arg.tuple', '.*->', kind === NETWORKS ? [...starts, ...patterns] : patterns);
  return sent.length === 0 ? connects : lines(`(${connects})`, `or (${SENDS} and ${anyOf(sent)})`);
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length > 1 ? `(${conditions.join(' or ')})` : conditions.join('');
}

/** As many comparisons as it takes: each expression must fit what Falco takes for a value. */
function expressions(field: string, before: string, patterns: readonly string[]): string[] {
  const around = (alternatives: readonly string[]): string => `${before}(${alternatives.join('|')})`;
  const groups: string[][] = [];
  for (const pattern of patterns) {
    const last = groups.at(-1);
    if (last !== undefined && around([...last, pattern]).length <= MOST_BYTES) last.push(pattern);
    else groups.push([pattern]);
  }
  return groups.map((group) => `${field} regex "${around(group)}"`);
}
