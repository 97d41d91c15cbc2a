import { randomUUID } from 'node:crypto';
import { cutOf, planQuarantine, standingPolicy, type Pod } from '../../containment';
import { QUARANTINE_LABEL, QUARANTINE_VALUE } from '../../names';
import type { ObjectKey } from '../../responder/cluster/cluster';
import { parseOptions } from '../../synth/parse-options';
import type { ExitCode, Streams } from '../../synth/report';
import { UsageError } from '../../synth/usage-error';
import { CommandError } from '../command-error';
import { CLUSTER_HELP, CLUSTER_OPTIONS } from '../kubeconfig';
import { QuarantineCluster } from './cluster';
import { changing, podArgument, tell } from './pod';

const HELP = `Usage: falco-egress quarantine add NAMESPACE/POD --reason TEXT [options]

Cuts a Pod off: applies the standing policy of its namespace, then labels the Pod. Limits and protected namespaces of the
responder don't hold for you.

Options:
  --reason TEXT      why, for whoever looks at it at night
  --ttl TIME         when it ends: a number and one of s, m, h, d (default: when somebody releases it)
  --on-expiry WHAT   what the responder does then: release, or hold until somebody releases it (default: release)
${CLUSTER_HELP}
  --json             print what was done as JSON
  -h, --help         print this

Exit code: 0, 1 if the Pod is quarantined but not wholly cut off, 2 for wrong use or a failure.
`;

const OPTIONS = {
  ...CLUSTER_OPTIONS,
  reason: { type: 'string' },
  ttl: { type: 'string' },
  'on-expiry': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 };
/** It has to fit into an annotation, and into a line of a table. */
const LONGEST_REASON = 500;

interface Wish {
  readonly key: ObjectKey;
  readonly reason: string;
  readonly ttlSeconds: number | undefined;
  readonly onExpiry: 'release' | 'hold';
}

/** `quarantine add`. */
export async function quarantineAdd(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    streams.out(HELP);
    return 0;
  }
  const wish: Wish = {
    key: podArgument(positionals, 'add'),
    reason: reasonOf(values.reason),
    ttlSeconds: ttlOf(values.ttl),
    onExpiry: onExpiryOf(values['on-expiry'], values.ttl),
  };
  const cluster = new QuarantineCluster(values);
  const by = await cluster.me();
  const { pod, verdict, expires } = await changing(cluster, wish.key, (seen) => cut(cluster, seen, wish, by));
  const { namespace, name } = wish.key;
  const until = expires === undefined ? 'until it is released' : `until ${expires}`;
  const line = `${namespace}/${name} is quarantined ${until}: ${verdict.summary}`;
  const untold = await tell(cluster, pod, {
    reason: 'Quarantined',
    line: `quarantined by ${by} ${until}: ${wish.reason} (${verdict.summary})`,
  });
  for (const warning of [untold, cluster.blindness]) if (warning !== undefined) streams.error(`${warning}\n`);
  const told = {
    namespace,
    pod: name,
    by,
    reason: wish.reason,
    expires,
    verdict: verdict.verdict,
    summary: verdict.summary,
  };
  streams.out(values.json === true ? `${JSON.stringify(told)}\n` : `${line}\n`);
  return verdict.verdict === 'contained' ? 0 : 1;
}

/** Policy first: a label that no policy selects cuts nothing off. */
async function cut(cluster: QuarantineCluster, pod: Pod, wish: Wish, by: string) {
  const { namespace, name } = wish.key;
  const there = await cluster.standingPolicy(namespace);
  // One that is there stays as the responder is told to cut.
  const options = there === undefined ? {} : cutOf(there);
  const policy = standingPolicy(namespace, options);
  const verdict = await cluster.verdict(pod, {
    labels: { [QUARANTINE_LABEL]: QUARANTINE_VALUE },
    policies: [policy],
  });
  const now = new Date();
  const plan = planQuarantine({
    alert: {
      ...{ id: `by-hand-${randomUUID()}`, rule: wish.reason, time: now, namespace, pod: name },
      ...(pod.metadata?.uid !== undefined && { podUid: pod.metadata.uid }),
    },
    pod,
    response: {
      ...{ name: by, mode: 'enforce', onExpiry: wish.onExpiry, ...options },
      ...(wish.ttlSeconds !== undefined && { ttlSeconds: wish.ttlSeconds }),
    },
    protected: { namespaces: [], podLabels: {} },
    limits: { perNamespace: Infinity, perCluster: Infinity, perMinute: Infinity, ownerPercent: 100 },
    around: { quarantined: { inCluster: 0, inNamespace: 0 }, begunLastMinute: 0, pods: [], budgets: [] },
    now,
    verdict: { verdict: verdict.verdict, summary: verdict.summary },
  });
  if (plan.kind === 'refusal')
    throw new CommandError(plan.code.toUpperCase().replaceAll('-', '_'), plan.line);
  await cluster.writes.applyNetworkPolicy(plan.standingPolicy);
  const changed = await cluster.writes.patchPod(wish.key, plan.patch);
  return { pod: changed, verdict, expires: plan.record.expires };
}

function reasonOf(reason: string | undefined): string {
  const text = (reason ?? '').replace(/\s+/g, ' ').trim();
  if (text === '') throw new UsageError('say why: --reason TEXT; see --help');
  if (text.length > LONGEST_REASON)
    throw new UsageError(`--reason has ${text.length} characters, of at most ${LONGEST_REASON}`);
  return text;
}

function ttlOf(ttl: string | undefined): number | undefined {
  if (ttl === undefined) return undefined;
  const [, digits = '', unit = ''] = /^([1-9][0-9]{0,8})([smhd])$/.exec(ttl) ?? [];
  if (digits === '')
    throw new UsageError(`--ttl is a number and one of s, m, h, d, such as 4h (not '${ttl}')`);
  const seconds = Number(digits) * SECONDS[unit as keyof typeof SECONDS];
  // A year is beyond what anybody means, and a date has an end.
  if (seconds > 366 * SECONDS.d) throw new UsageError(`--ttl ${ttl} is more than a year; leave it out`);
  return seconds;
}

function onExpiryOf(text: string | undefined, ttl: string | undefined): 'release' | 'hold' {
  if (text === undefined) return 'release';
  if (ttl === undefined) throw new UsageError('--on-expiry says nothing without --ttl');
  if (text === 'release' || text === 'hold') return text;
  throw new UsageError(`--on-expiry is release or hold (not '${text}')`);
}
