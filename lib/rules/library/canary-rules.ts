import type { RulesObject } from '../object';
import { rule } from '../rule';
import { lines } from './conditions';
import { CANARY_RULE } from './names';

/** The one connection that each node makes every minute, by what of it no other Pod can have. */
export interface CanaryOptions {
  /** Namespace of the Pods that make it: whoever may not create Pods there can't forge it. */
  readonly namespace: string;
  /** What their names begin with. */
  readonly pods: string;
  /** The port on which they connect to themselves. */
  readonly port: number;
}

/**
 * The canary: a Pod on each node connects to itself every minute, so that each minute of each node in which Falco saw, and all
 * behind it worked, is on record. It goes to loopback, which no other rule of ours is about, and leaves the node alone.
 *
 * The container's name is not asked for: with containerd's own interface Falco gives its id for it.
 */
export function canaryRules({ namespace, pods, port }: CanaryOptions): RulesObject[] {
  return [
    rule({
      name: CANARY_RULE,
      desc: 'The connection that a Pod of ours makes every minute on each node: without it, nothing is known of that minute',
      condition: lines(
        'evt.type = connect',
        'and (evt.rawres >= 0 or evt.res = EINPROGRESS)',
        'and fd.sip = "127.0.0.1"',
        `and fd.sport = ${port}`,
        `and k8s.ns.name = "${namespace}"`,
        `and k8s.pod.name startswith "${pods}"`,
      ),
      output: `${CANARY_RULE} (pod=%k8s.pod.name namespace=%k8s.ns.name node=%evt.hostname container=%container.id dstip=%fd.sip dstport=%fd.sport)`,
      priority: 'INFO',
      tags: ['network', 'egress', 'canary'],
    }),
  ];
}
