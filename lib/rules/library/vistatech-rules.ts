import { list } from '../list';
import type { RulesObject } from '../object';
import { rule } from '../rule';
import { egressTo } from './egress-to';
import { egressFields, type EgressOutputOptions } from './output';

/** The demo of the ContainerDay talk: connections to one website. Needs the macros of {@link egressRules}. */
export function vistatechRules(options: EgressOutputOptions = {}): RulesObject[] {
  return [
    list('website_ips', ['213.215.222.58', '213.215.222.59']),
    rule({
      name: 'Connection to vistatech.it',
      desc: 'A Pod connects, or tries to, to the Vista Technology website',
      condition: egressTo('website_ips'),
      output: `Connection to vistatech.it (${egressFields(options)})`,
      priority: 'WARNING',
      tags: ['network', 'egress', 'alert'],
    }),
  ];
}
