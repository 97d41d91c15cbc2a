import type { StockIndex } from '../../falco/stock-index';

/** What our egress rules have in the place of stock macros. */
const OURS: Readonly<Record<string, string>> = { outbound: 'outbound_corp', container: 'egress_by_pod' };

/** What to do if a macro isn't there because the stock rules aren't loaded; `undefined` if they haven't got it. */
export function missingStockMacro(name: string, { macros }: StockIndex): string | undefined {
  if (!macros.includes(name)) return undefined;
  const ours = Object.hasOwn(OURS, name) ? OURS[name] : undefined;
  const instead = ours === undefined ? '' : `, or use '${ours}' of our egress rules`;
  return `it is one of the stock rules: load them before${instead}`;
}
