import { cutOf, releasePlan, standingPolicy } from '../../containment';
import { messageOf } from '../../program/failure';
import { QUARANTINE_POLICY } from '../../names';
import type { ObjectKey } from '../../responder/cluster/cluster';
import { isOurs } from '../../responder/respond/standing-policy';
import { parseOptions } from '../../synth/parse-options';
import type { ExitCode, Streams } from '../../synth/report';
import { UsageError } from '../../synth/usage-error';
import { settledAtOnce } from '../at-once';
import { CommandError } from '../command-error';
import { CLUSTER_HELP, CLUSTER_OPTIONS } from '../kubeconfig';
import { keyOf, QuarantineCluster } from './cluster';
import { changing, podArgument, tell } from './pod';

const HELP = `Usage: falco-egress quarantine release NAMESPACE/POD [options]
       falco-egress quarantine release --all [-n NAMESPACE] [options]

Ends a quarantine: gives the Pod its labels back as they were, and deletes the standing policy with the last quarantined
Pod of its namespace; with --all of every namespace, policies of tiers with the last Pod of the cluster. A response that fits the next alert cuts the Pod off again; pause responses if they are the trouble.

Options:
  --all              every quarantined Pod
  -n, --namespace N  with --all: those of one namespace
  --force            also a Pod whose record can't be read: it only loses the quarantine label
${CLUSTER_HELP}
  --json             print what was done as JSON
  -h, --help         print this

Exit code: 0, 1 if labels were not given back since somebody has set them anew, 2 for wrong use or a failure, also where only a
policy could not be deleted.
`;

const OPTIONS = {
  ...CLUSTER_OPTIONS,
  all: { type: 'boolean' },
  namespace: { type: 'string', short: 'n' },
  force: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Pods that are released at once with --all. */
const AT_ONCE = 8;

/** What became of a Pod. */
interface Released {
  readonly namespace: string;
  readonly pod: string;
  /** Labels that somebody has set anew, and that stayed. */
  readonly kept: readonly string[];
}

/** A Pod that stays cut off, or a policy that stays though nobody needs it. */
interface Failed {
  readonly namespace: string;
  readonly pod?: string;
  readonly policy?: string;
  readonly message: string;
}

/** `quarantine release`. */
export async function quarantineRelease(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    streams.out(HELP);
    return 0;
  }
  if (values.all === true && positionals.length > 0)
    throw new UsageError('either --all or NAMESPACE/POD; see --help');
  if (values.all !== true && values.namespace !== undefined)
    throw new UsageError('--namespace is for --all; see --help');
  const one = values.all === true ? undefined : podArgument(positionals, 'release');
  const force = values.force === true;
  const cluster = new QuarantineCluster(values);
  const by = await cluster.me();
  const keys = one === undefined ? (await cluster.quarantined(values.namespace)).map(keyOf) : [one];
  // One that can't be released must not hold up the others, and each tells at its place.
  const outcomes = await settledAtOnce(AT_ONCE, keys, (key) => release(cluster, key, by, force));
  const released: Released[] = [];
  const failed: Failed[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') {
      const { untold, ...done } = outcome.value;
      released.push(done);
      if (untold !== undefined) streams.error(`${untold}\n`);
    } else {
      if (one !== undefined) throw outcome.reason;
      const { namespace = '', name = '' } = keys[index] ?? {};
      failed.push({ namespace, pod: name, message: messageOf(outcome.reason) });
    }
  }
  const own = released.map((each) => each.namespace);
  // Also where a run before this one could not delete it.
  if (values.namespace !== undefined) own.push(values.namespace);
  const namespaces = [...new Set(own)];
  const cleaned = await settledAtOnce(AT_ONCE, namespaces, (each) => removePolicy(cluster, each));
  for (const [index, outcome] of cleaned.entries()) {
    const namespace = namespaces[index] ?? '';
    if (outcome.status === 'rejected') failed.push(policyFailed(namespace, outcome.reason));
  }
  // Of Pods elsewhere nothing is known where a namespace was named.
  if (values.all === true && values.namespace === undefined)
    await removeDenyPolicies(cluster, streams).catch((error: unknown) => {
      failed.push({ namespace: '', policy: 'of a tier', message: messageOf(error) });
    });
  if (values.json === true) streams.out(`${JSON.stringify({ released, failed })}\n`);
  else {
    streams.out(keys.length === 0 ? 'No Pod is quarantined.\n' : text(released));
    for (const { namespace, pod, message } of failed)
      streams.error(`${pod === undefined ? '' : `${namespace}/${pod}: `}${message}\n`);
  }
  if (failed.length > 0) return 2;
  return released.every(({ kept }) => kept.length === 0) ? 0 : 1;
}

async function release(
  cluster: QuarantineCluster,
  key: ObjectKey,
  by: string,
  force: boolean,
): Promise<Released & { readonly untold: string | undefined }> {
  const { pod, kept } = await changing(cluster, key, async (seen) => {
    // Whether it is the last one is asked when the label is gone.
    const plan = releasePlan(seen, [], { force });
    if (plan.kind === 'refusal') throw refused(plan.code, plan.line);
    return { pod: await cluster.writes.patchPod(key, plan.patch), kept: plan.kept };
  });
  const stayed = kept.length === 0 ? '' : ` (labels that were set anew stay: ${kept.join(', ')})`;
  const untold = await tell(cluster, pod, {
    reason: 'Released',
    line: `released by ${by}${stayed}`,
  });
  return { namespace: key.namespace, pod: key.name, kept, untold };
}

/** The Pods are released all the same. */
function policyFailed(namespace: string, error: unknown): Failed {
  const again = `falco-egress quarantine release --all -n ${namespace}`;
  const message = `NetworkPolicy ${namespace}/${QUARANTINE_POLICY} stays, which holds nobody now: ${messageOf(error)}; ${again} tries again`;
  return { namespace, policy: QUARANTINE_POLICY, message };
}

function refused(code: string, line: string): CommandError {
  const hint = code === 'record-unreadable' ? '; --force takes only the quarantine label' : '';
  return new CommandError(code.toUpperCase().replaceAll('-', '_'), `${line}${hint}`);
}

/** Deletes the standing policy of a namespace where no Pod needs it any more; never one that isn't ours. */
async function removePolicy(cluster: QuarantineCluster, namespace: string): Promise<void> {
  const needed = async (): Promise<boolean> => (await cluster.quarantined(namespace)).length > 0;
  if (await needed()) return;
  const policy = await cluster.standingPolicy(namespace);
  const { uid } = policy?.metadata ?? {};
  if (policy === undefined || uid === undefined || !isOurs(policy)) return;
  await cluster.writes.deleteNetworkPolicy({ namespace, name: QUARANTINE_POLICY }, uid);
  // Somebody may have been cut off since, with a policy that seemed to be there.
  if (!(await needed())) return;
  await cluster.writes.applyNetworkPolicy(standingPolicy(namespace, cutOf(policy)));
}

/** Deletes our policies of the tiers where no Pod needs them any more. */
async function removeDenyPolicies(cluster: QuarantineCluster, streams: Streams): Promise<void> {
  if ((await cluster.quarantined()).length > 0) return;
  const stayed = await cluster.removeDenyPolicies();
  if (stayed !== undefined) streams.error(`${stayed}\n`);
}

function text(released: readonly Released[]): string {
  return released
    .map(({ namespace, pod, kept }) => {
      const stayed = kept.length === 0 ? '' : `; labels that somebody has set anew stay: ${kept.join(', ')}`;
      return `${namespace}/${pod} is released${stayed}\n`;
    })
    .join('');
}
