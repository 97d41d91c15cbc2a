import { RulesError } from '../finding';
import { list } from '../list';
import type { RulesObject } from '../object';
import { rule } from '../rule';
import { BY_POD, egressMacros, lines, OUTBOUND } from './conditions';
import { egressFields, type EgressOutputOptions } from './output';

/** Namespaces whose Pods raise no egress alerts, how Falco finds out, and what alerts tell. */
export interface EgressRulesOptions extends EgressOutputOptions {
  /** Deployment and ReplicaSet of the Pod in outputs; with `exemption: 'label'`, which needs the plugin too, if absent. */
  readonly owner?: boolean;
  /**
   * - `label` (the default): the namespace's label says so. Labels may change at any time; needs the k8smeta plugin,
   *   without which Falco refuses the rules.
   * - `namespaces`: a list of names, known when the rules are made; needs no plugin.
   * - `none`: no namespace is exempt.
   */
  readonly exemption?: 'label' | 'namespaces' | 'none';
  /** The label that exempts a namespace; `network` if absent. */
  readonly exemptLabel?: string;
  /** The values of the label that exempt; `green` and `blue` if absent. */
  readonly exemptValues?: readonly string[];
  /** With `exemption: 'namespaces'`: their names. */
  readonly exemptNamespaces?: readonly string[];
}

/** The rule that reports every outbound connection of a Pod. */
export const OUTBOUND_RULE = 'kubernetes outbound connection';

/** The rule that reports the one way to connect that Falco can't see. */
export const IO_URING_RULE = 'kubernetes io_uring setup';

/**
 * Our rules: every attempt of a Pod to connect or send to another address, and every io_uring that a Pod sets up.
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
    rule({
      name: OUTBOUND_RULE,
      desc: 'A Pod tried to connect or to send to another address, whether or not it succeeded',
      condition: lines(OUTBOUND, `and ${BY_POD}`, ...clause),
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
  ];
}

/**
 * The clause is negated as a whole: a comparison with a label that isn't there is false, so `!=` would silence every
 * namespace without the label, while `not … in` monitors whatever isn't known to be exempt.
 */
function exemptionOf(options: EgressRulesOptions): { clause: string[]; lists: RulesObject[] } {
  const { exemption = 'label', exemptLabel = 'network', exemptValues = ['green', 'blue'] } = options;
  switch (exemption) {
    case 'none':
      return { clause: [], lists: [] };
    case 'namespaces':
      return {
        clause: ['and not k8s.ns.name in (k8s_namespaces_not_monitored)'],
        lists: [list('k8s_namespaces_not_monitored', options.exemptNamespaces ?? [])],
      };
    case 'label':
      return {
        clause: [`and not k8smeta.ns.label[${labelKey(exemptLabel)}] in (k8s_not_monitored)`],
        lists: [list('k8s_not_monitored', exemptValues)],
      };
  }
}

/** A label's key stands unquoted in the condition: anything else than a key could change what the condition says. */
function labelKey(key: string): string {
  if (/^(?:[a-z\d](?:[-a-z\d.]*[a-z\d])?\/)?[a-z\d](?:[-\w.]*[a-z\d])?$/i.test(key)) return key;
  throw new RulesError('invalid-label', `'${key}' is no key of a Kubernetes label`);
}
