import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';
import { compileCondition } from '../lib/rules/evaluate/compile';
import type { Event } from '../lib/rules/evaluate/event';
import { egressRules, loadRulesOrThrow, printRules } from '../lib/rules';

type Predicate = (event: Event) => boolean;

const ROUNDS = 7;
/** How many events are asked about in a round. */
const EVENTS = 1_000_000;

/** The conditions of our egress rules, ready to run. */
function egressConditions(): Predicate[] {
  const { ruleset } = loadRulesOrThrow([{ name: 'egress.yaml', text: printRules(egressRules()) }]);
  return ruleset.rules.map(({ condition }) => compileCondition(condition, ruleset.catalogue));
}

/** What the real Falco recorded, as events of a Pod. */
function recordedEvents(): Event[] {
  const file = join(__dirname, '../test/fixtures/falco-0.44.1/truth-events.jsonl.gz');
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  return lines.map((line) => ({
    ...(JSON.parse(line) as Event),
    'k8s.ns.name': 'shop',
    'k8s.pod.name': 'cart-1',
    'k8smeta.ns.label[network]': 'red',
  }));
}

/** How long a round takes at best, in seconds; and how many events passed, so that no work can be left out. */
function measure(
  events: readonly Event[],
  predicates: readonly Predicate[],
): { seconds: number; passed: number } {
  let seconds = Infinity;
  let passed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    passed = 0;
    const start = performance.now();
    for (let done = 0; done < EVENTS; done += events.length) {
      for (const event of events) {
        for (const passes of predicates) if (passes(event)) passed += 1;
      }
    }
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  return { seconds, passed };
}

/** Prints how many events a second our egress rules are evaluated on, and how much more that takes than a loop that does nothing. */
export function benchEvaluate(): void {
  const rules = egressConditions();
  const recorded = recordedEvents();
  const network = new Set(['connect', 'sendto', 'sendmsg', 'sendmmsg', 'io_uring_setup']);
  const mixes: readonly (readonly [string, Event[]])[] = [
    ['events of other types', recorded.filter((event) => !network.has(String(event['evt.type'])))],
    ['events as recorded', recorded],
    ['connects and sends', recorded.filter((event) => network.has(String(event['evt.type'])))],
  ];
  for (const [name, events] of mixes) {
    const empty = measure(
      events,
      rules.map(() => () => false),
    );
    const real = measure(events, rules);
    const rounds = Math.ceil(EVENTS / events.length) * events.length;
    console.log(
      `evaluate ${rules.length} egress rules on ${name}: ` +
        `${(rounds / real.seconds / 1e6).toFixed(1)} million events/s, ` +
        `${(real.seconds / empty.seconds).toFixed(1)} × an empty loop, ` +
        `${((100 * real.passed) / rounds).toFixed(1)} % pass`,
    );
  }
}

if (require.main === module) benchEvaluate();
