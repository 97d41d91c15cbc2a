import type { StockIndex } from '../../falco/stock-index';
import { egressMacros } from '../library/conditions';
import { DECLARED } from '../library/declared';
import { OUTBOUND_PUBLIC } from '../library/outbound-public';

/** What our egress rules have in the place of stock macros. */
const OURS: Readonly<Record<string, string>> = { outbound: 'outbound_corp', container: 'egress_by_pod' };

/** What to do if a macro isn't there because what has it isn't loaded: the stock rules or ours; else `undefined`. */
export function missingMacro(name: string, { macros }: StockIndex): string | undefined {
  if (macros.includes(name)) {
    const ours = Object.hasOwn(OURS, name) ? OURS[name] : undefined;
    const instead = ours === undefined ? '' : `, or use '${ours}' of our egress rules`;
    return `it is one of the stock rules: load them before${instead}`;
  }
  const library = packagesWith(name);
  if (library === undefined) return undefined;
  return `it is one of our egress rules: load them before, by --library ${library} or in a test by library: [${library}]`;
}

/** The packages of our rules that make a macro known. */
function packagesWith(name: string): string | undefined {
  if (name === OUTBOUND_PUBLIC) return 'egress,scope';
  return name === DECLARED || egressMacros().some((macro) => macro.name === name) ? 'egress' : undefined;
}
