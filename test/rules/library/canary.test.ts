import { canaryRules, egressRules, recordRules } from '../../../lib/rules';
import type { Event } from '../../../lib/rules/evaluate/event';
import type { RuleEngine } from '../../../lib/rules/evaluate/rules';
import { CANARY_RULE } from '../../../lib/rules/library/names';
import { printRules } from '../../../lib/rules/print';
import { engineOf, recordedCases } from './egress-cases';

const POD: Event = {
  'container.id': '3db00b476ee2',
  'k8s.ns.name': 'security',
  'k8s.pod.name': 'sec-collector-x7k2p',
  'k8smeta.ns.label[network]': null,
};

let engine: RuleEngine;
let connect: Event;

beforeAll(() => {
  const canary = canaryRules({ namespace: 'security', pods: 'sec-collector-', port: 8080 });
  engine = engineOf(printRules([...egressRules(), ...recordRules(), ...canary]));
  // What the real Falco tells of a connect to a port of one's own.
  const loopback = recordedCases(POD).find((recorded) => recorded.case === 'tcp4-loopback');
  connect = loopback?.events.find((event) => event['evt.type'] === 'connect') ?? {};
});

function rulesOn(more: Event = {}): string[] {
  return engine.match({ ...connect, ...more }).map(({ name }) => name);
}

test('the connection of our Pod is told by the canary’s rule, and by no other', () => {
  expect(rulesOn()).toEqual([CANARY_RULE]);
  expect(rulesOn({ 'evt.rawres': -115, 'evt.res': 'EINPROGRESS' })).toEqual([CANARY_RULE]);
});

test.each<[string, Event]>([
  ['another namespace', { 'k8s.ns.name': 'shop' }],
  ['a namespace of a like name', { 'k8s.ns.name': 'security2' }],
  ['no namespace yet', { 'k8s.ns.name': null, 'k8s.pod.name': null }],
  ['another Pod of the namespace', { 'k8s.pod.name': 'sec-falco-x7k2p' }],
  ['another port', { 'fd.sport': 8081 }],
  ['another address', { 'fd.sip': '127.0.0.2' }],
  ['a connect that failed', { 'evt.rawres': -111, 'evt.res': 'ECONNREFUSED' }],
  ['a send', { 'evt.type': 'sendto' }],
  ['the node itself', { 'container.id': 'host', 'k8s.ns.name': null, 'k8s.pod.name': null }],
])('%s is none', (_what, event) => {
  expect(rulesOn(event)).not.toContain(CANARY_RULE);
});

test('a Pod elsewhere that calls itself like ours can’t forge it', () => {
  const forged = { 'k8s.ns.name': 'shop', 'proc.name': 'otelcol-contrib', 'container.name': 'collector' };
  expect(rulesOn({ ...forged, 'k8s.pod.name': 'sec-collector-x7k2p' })).toEqual([]);
});
