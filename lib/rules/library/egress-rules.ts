import type { RulesObject } from '../object';
import { rule } from '../rule';
import { BY_POD, egressMacros, lines, OUTBOUND } from './conditions';
import { DECLARED, declaredMacros, nothingDeclared, type DeclaredDestination } from './declared';
import { exemptionOf, type ExemptionOptions } from './exemption';
import { IO_URING_RULE, OUTBOUND_RULE } from './names';
import { egressFields, type EgressOutputOptions } from './output';
import { publicScope } from './public-scope';

/** Which connections raise alerts, and what these tell. */
export interface EgressRulesOptions extends ExemptionOptions, EgressOutputOptions {
  /**
   * Deployment and ReplicaSet of the Pod in outputs; with `exemption: 'label'`, which needs the plugin too, if absent.
   */
  readonly owner?: boolean;
  /**
   * What {@link OUTBOUND_RULE} is about: `any` address other than loopback (the default), or `public` ones only, as
   * {@link publicScope} tells them apart.
   */
  readonly scope?: 'any' | 'public';
  /** Destinations that raise no alert, by a name of letters, digits and `_`; none if absent. */
  readonly declared?: Readonly<Record<string, DeclaredDestination>>;
}

/**
 * The alert tier: every attempt of a Pod to connect or send to another address that isn't declared, and every io_uring that a
 * Pod sets up.
 *
 * Falco stops at the first rule that matches an event unless `rule_matching` is `all`: with `first`, narrower rules,
 * such as those with {@link egressTo}, must be loaded before these.
 */
export function egressRules(options: EgressRulesOptions = {}): RulesObject[] {
  const { clause, lists } = exemptionOf(options);
  const fields = egressFields({ owner: (options.exemption ?? 'label') === 'label', ...options });
  return [
    ...lists,
    ...egressMacros(),
    nothingDeclared(),
    rule({
      name: OUTBOUND_RULE,
      desc: 'A Pod tried to connect or to send to another address, whether or not it succeeded',
      condition: lines(OUTBOUND, `and ${BY_POD}`, `and not ${DECLARED}`, ...clause),
      output: `Outbound network traffic connection from a Pod: (${fields})`,
      priority: 'WARNING',
      tags: ['network', 'egress', 'alert'],
    }),
    rule({
      name: IO_URING_RULE,
      desc: 'A Pod set up an io_uring, by which it can connect and send without a system call that Falco sees',
      condition: lines('evt.type = io_uring_setup', 'and evt.rawres >= 0', `and ${BY_POD}`, ...clause),
      output: `A Pod set up io_uring, connections made by it are not seen: (${fields})`,
      priority: 'NOTICE',
      tags: ['network', 'egress', 'alert', 'io_uring'],
    }),
    ...(options.scope === 'public' ? publicScope() : []),
    ...declaredMacros(options.declared ?? {}),
  ];
}
