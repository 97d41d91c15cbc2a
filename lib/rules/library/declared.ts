import { RulesError } from '../finding';
import { macro, MACRO_NAME, type Macro } from '../macro';
import type { RulesObject } from '../object';
import { appendToMacro } from '../override';
import { CONNECTED, destinationText } from './destination';
import { networkTexts } from './network-text';

/** True for what goes to a declared destination: nothing, until something is declared. Rules files may append to it. */
export const DECLARED = 'egress_declared';

/** Where Pods may connect without an alert. */
export interface DeclaredDestination {
  /** Networks, as `address/length`; none means any. */
  readonly networks?: readonly string[];
  /** Ports; none means any. */
  readonly ports?: readonly number[];
}

/** Destinations by name. */
export type Declared = Readonly<Record<string, DeclaredDestination>>;

/** A declared destination's macro; names are made of letters, digits and `_`. */
export function declaredMacro(name: string): string {
  return `${DECLARED}_${name}`;
}

/** What stands for {@link DECLARED} as long as nothing is appended to it: what the stock rules call never true. */
export function nothingDeclared(): Macro {
  return macro(DECLARED, 'evt.num = 0');
}

/**
 * A macro `egress_declared_<name>` for each destination, and what adds it to `egress_declared`. To be loaded after
 * {@link egressRules}.
 *
 * @throws RulesError for a name, a network or a port that is none, and for a destination that says nothing
 */
export function declaredMacros(declared: Declared): RulesObject[] {
  return declaredConditions(declared).flatMap(([name, condition]) => [
    macro(name, condition),
    appendToMacro(DECLARED, `or ${name}`),
  ]);
}

/** The same as names of macros and their conditions. */
export function declaredConditions(declared: Declared): [name: string, condition: string][] {
  return Object.keys(declared)
    .sort()
    .map((name) => {
      const own = declaredMacro(name);
      if (MACRO_NAME.test(own)) return [own, conditionOf(name, declared[name] ?? {})];
      throw new RulesError(
        'invalid-name',
        `'${name}': a declared destination's name has letters, digits and '_'`,
      );
    });
}

function conditionOf(name: string, { networks = [], ports = [] }: DeclaredDestination): string {
  if (networks.length === 0 && ports.length === 0)
    throw new RulesError('nothing-declared', `'${name}' declares neither networks nor ports`);
  for (const network of networks) {
    if (!/^[\da-f.:]+\/\d{1,3}$/i.test(network))
      throw new RulesError('not-a-network', `'${name}': '${network}' is no network, such as 10.0.0.0/8`);
  }
  for (const port of ports) {
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      throw new RulesError('not-a-port', `'${name}': ${port} is no port`);
  }
  const texts = networks.flatMap(networkTexts);
  const known = [
    CONNECTED,
    ...(networks.length > 0 ? [`fd.snet in (${networks.map((network) => `"${network}"`).join(', ')})`] : []),
    ...(ports.length > 0 ? [`fd.sport in (${ports.join(', ')})`] : []),
  ];
  const told = networks.length === 0 || texts.length > 0;
  return [`(${known.join(' and ')})`, ...(told ? destinationText(texts, ports) : [])].join(' or ');
}
