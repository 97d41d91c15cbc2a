import type { RulesObject } from '../object';
import { rule } from '../rule';
import { BY_POD, lines, OUTBOUND } from './conditions';
import { exemptionOf, type ExemptionOptions } from './exemption';
import { RECORD_RULE } from './names';
import { egressFields, type EgressOutputOptions } from './output';

/**
 * The record tier: every attempt of a Pod to connect or send to another address, declared or not, public or not, at a
 * priority that is meant for storage and not for people. Needs the macros and lists of {@link egressRules}, with the same
 * options.
 */
export function recordRules(options: ExemptionOptions & EgressOutputOptions = {}): RulesObject[] {
  const { clause } = exemptionOf(options);
  const fields = egressFields({ owner: (options.exemption ?? 'label') === 'label', ...options });
  return [
    rule({
      name: RECORD_RULE,
      desc: 'A Pod tried to connect or to send to another address: for the records, whether or not somebody need know',
      condition: lines(OUTBOUND, `and ${BY_POD}`, ...clause),
      output: `Outbound network traffic of a Pod, recorded: (${fields})`,
      priority: 'INFO',
      tags: ['network', 'egress', 'record'],
    }),
  ];
}
