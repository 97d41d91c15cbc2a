import type { RulesObject } from '../object';
import { appendToCondition } from '../override';
import { OUTBOUND_RULE } from './names';
import { OUTBOUND_PUBLIC, outboundPublic } from './outbound-public';

/** The macro `outbound_public`, and what narrows {@link OUTBOUND_RULE} to it. To be loaded after the rules of `egressRules`. */
export function publicScope(): RulesObject[] {
  return [...outboundPublic(), appendToCondition(OUTBOUND_RULE, `and ${OUTBOUND_PUBLIC}`)];
}
