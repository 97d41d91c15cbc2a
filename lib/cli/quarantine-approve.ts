import { agreement, waitingOn, type Pod } from '../containment';
import { metadataPatch } from '../containment/quarantine/json-patch';
import { QUARANTINE_PENDING_ANNOTATION } from '../names';
import { inert } from '../rules/evaluate/printable';
import { parseOptions } from '../synth/parse-options';
import type { ExitCode, Streams } from '../synth/report';
import { CommandError } from './command-error';
import { CLUSTER_HELP, CLUSTER_OPTIONS } from './kubeconfig';
import { QuarantineCluster } from './quarantine-cluster';
import { changing, podArgument, tell } from './quarantine-pod';

const HELP = `Usage: falco-egress quarantine approve NAMESPACE/POD [options]

Agrees to all that waits on a Pod, be it a response with mode approve or one that is over a limit. The responder then acts;
your name stands on the Pod.

Options:
${CLUSTER_HELP}
  --json             print what was done as JSON
  -h, --help         print this

Exit code: 0, 2 for wrong use or a failure.
`;

const OPTIONS = {
  ...CLUSTER_OPTIONS,
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `quarantine approve`. */
export async function quarantineApprove(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    streams.out(HELP);
    return 0;
  }
  const key = podArgument(positionals, 'approve');
  const cluster = new QuarantineCluster(values);
  const by = await cluster.me();
  const { pod, line } = await changing(cluster, key, (seen) => agree(cluster, seen, by));
  const untold = await tell(cluster, pod, {
    reason: 'Approved',
    line: `approved by ${by}: ${line}`,
  });
  if (untold !== undefined) streams.error(`${untold}\n`);
  const { namespace, name } = key;
  const told = { namespace, pod: name, by, approved: line };
  const text = `${namespace}/${name}: ${by} agrees: ${inert(line)}\n`;
  streams.out(values.json === true ? `${JSON.stringify(told)}\n` : text);
  return 0;
}

async function agree(cluster: QuarantineCluster, pod: Pod, by: string) {
  const { metadata = {} } = pod;
  const key = { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
  const where = `${key.namespace}/${key.name}`;
  const waiting = waitingOn(pod);
  if (waiting.length === 0) {
    const there = metadata.annotations?.[QUARANTINE_PENDING_ANNOTATION] !== undefined;
    throw there
      ? new CommandError('PENDING_UNREADABLE', `what waits on ${where} can't be read`)
      : new CommandError(
          'NOTHING_WAITS',
          `nothing waits for a person on ${where}; see falco-egress quarantine list`,
        );
  }
  // What waits is tested, so that nobody agrees to what has come since.
  const patch = metadataPatch(
    metadata,
    agreement(pod, by, () => true),
  );
  return {
    pod: await cluster.writes.patchPod(key, patch),
    line: waiting.map(({ line }) => line).join('; and '),
  };
}
