import { egressRules, loadRulesOrThrow, printRules, type EgressRulesOptions } from '../../../lib/rules';
import { RuleEngine } from '../../../lib/rules/evaluate/rules';
import type { Event } from '../../../lib/rules/evaluate/event';
import { egressCases, type EgressCase } from '../evaluate/recorded';

/**
 * Cases whose connection no rule can see, by name, with the reason. `docs/blind-spots.md` tells of each.
 *
 * What Falco saw of them is the set-up of an io_uring, of which a rule of its own tells.
 */
export const UNSEEN: Readonly<Record<string, string>> = {
  'uring-connect': 'connect and send go through an io_uring',
  'uring-socket-connect': 'the socket too is made through an io_uring',
  'uring-udp-sendmsg': 'the datagram goes through an io_uring',
};

/** Cases with more than one alert, and how many. All others that are seen have one. */
export const SEVERAL: Readonly<Record<string, { alerts: number; why: string }>> = {
  'udp4-sendto-seq': { alerts: 3, why: 'the peers are A, A, B, A: each change of the peer counts' },
  'udp4-connect-unspec-sendto': { alerts: 2, why: 'the socket is dissolved and then sends again' },
  'tcp4-eintr': { alerts: 2, why: 'the connect is interrupted, and a send on it fails later' },
  'dns-glibc': { alerts: 3, why: 'a query, and two UDP connects that send nothing' },
  preexist: { alerts: 2, why: 'two sockets' },
};

/** Sockets that Falco didn't see being made: it found them in /proc, where they have an inode. */
const FOUND_IN_PROC = new Set(['scm-rights', 'preexist']);

/**
 * The recorded events as a Pod's. The recordings were made without Kubernetes and without `fd.ino`: namespace and Pod are
 * made up here, and the inode is what libs gives a socket: none if Falco saw it being made.
 */
export function recordedCases(pod: Event = POD): EgressCase[] {
  return egressCases().map((recorded) => {
    const inode = FOUND_IN_PROC.has(recorded.case) ? 4711 : 0;
    return { ...recorded, events: recorded.events.map((event) => ({ ...event, 'fd.ino': inode, ...pod })) };
  });
}

export const POD: Event = {
  'container.id': '3db00b476ee2',
  'k8s.ns.name': 'shop',
  'k8s.pod.name': 'cart-0',
  'k8smeta.ns.label[network]': 'red',
};

/** Our rules, read from the text that Falco would be given. */
export function egressEngine(options: EgressRulesOptions = {}): RuleEngine {
  return engineOf(printRules(egressRules(options)));
}

export function engineOf(text: string): RuleEngine {
  return new RuleEngine(loadRulesOrThrow([{ name: 'rules.yaml', text }]).ruleset, 'all');
}
