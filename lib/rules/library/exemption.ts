import { RulesError } from '../finding';
import { list } from '../list';
import type { RulesObject } from '../object';

/** Namespaces whose Pods our rules leave out, and how Falco finds out. */
export interface ExemptionOptions {
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

/** The end of a condition, and the list that it names. */
export interface Exemption {
  readonly clause: readonly string[];
  readonly lists: readonly RulesObject[];
}

/**
 * The clause is negated as a whole: a comparison with a label that isn't there is false, so `!=` would silence every
 * namespace without the label, while `not … in` monitors whatever isn't known to be exempt.
 */
export function exemptionOf(options: ExemptionOptions): Exemption {
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
