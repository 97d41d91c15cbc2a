import {
  agreedOn,
  approvalOf,
  dismissalOf,
  dismissedOn,
  parseRecord,
  waitingOn,
  type PendingQuarantine,
  type QuarantineRecord,
  type QuarantineVerdict,
} from '../../containment';
import { isQuarantined, type Pod } from '../../containment/quarantine/pod';
import { inertJson } from '../../inert-json';
import { QUARANTINE_RECORD_ANNOTATION } from '../../names';
import { inert } from '../../rules/evaluate/printable';
import { parseOptions } from '../../synth/parse-options';
import type { ExitCode, Streams } from '../../synth/report';
import { UsageError } from '../../synth/usage-error';
import { CLUSTER_HELP, CLUSTER_OPTIONS } from '../kubeconfig';
import { keyOf, QuarantineCluster } from './cluster';
import { inShort, table } from '../table';

const HELP = `Usage: falco-egress quarantine list [options]

Lists the Pods that are cut off, and what waits for a person. Whether a Pod really is cut off is judged now, by all
policies that there are.

Options:
  -n, --namespace N  of one namespace (default: of all)
${CLUSTER_HELP}
  --json             print it as JSON
  -h, --help         print this

Exit code: 0, 1 if a Pod is not wholly cut off or its time is over, 2 for wrong use or a failure.
`;

const OPTIONS = {
  ...CLUSTER_OPTIONS,
  namespace: { type: 'string', short: 'n' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** A quarantine, as it is listed. */
interface Listed {
  readonly namespace: string;
  readonly pod: string;
  /** Absent where the Pod's record can't be read. */
  readonly record: QuarantineRecord | undefined;
  readonly verdict: QuarantineVerdict;
}

interface Waiting extends PendingQuarantine {
  readonly namespace: string;
  readonly pod: string;
  /** Who has agreed to it; the responder is about to do it. */
  readonly approvedBy?: string;
  /** Who has refused it; the responder is about to take it away. */
  readonly dismissedBy?: string;
}

/** `quarantine list`. */
export async function quarantineList(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    streams.out(HELP);
    return 0;
  }
  if (positionals.length > 0)
    throw new UsageError(`quarantine list takes no '${positionals[0] ?? ''}'; see --help`);
  const cluster = new QuarantineCluster(values);
  const everyPod = await cluster.everyPod(values.namespace);
  const cut = everyPod.some(isQuarantined) ? await cluster.quarantined(values.namespace) : [];
  const listed = await Promise.all(
    cut.map(async (pod) => ({
      ...nameOf(pod),
      record: recordOf(pod),
      verdict: await cluster.verdict(pod),
    })),
  );
  const waiting = everyPod.flatMap((pod): Waiting[] =>
    waitingOn(pod).map(({ agreedBy: _, ...pending }) => {
      const isThis = ({ response }: PendingQuarantine): boolean => response === pending.response;
      const approvedBy = agreedOn(pod).some(isThis) ? approvalOf(pod) : undefined;
      const dismissedBy = dismissedOn(pod).some(isThis) ? dismissalOf(pod) : undefined;
      return {
        ...nameOf(pod),
        ...pending,
        ...(approvedBy !== undefined && { approvedBy }),
        ...(dismissedBy !== undefined && { dismissedBy }),
      };
    }),
  );
  const now = new Date();
  streams.out(values.json === true ? json(listed, waiting) : text(listed, waiting, now));
  if (cluster.blindness !== undefined) streams.error(`${cluster.blindness}\n`);
  const fine = listed.every(({ record, verdict }) => verdict.verdict === 'contained' && !isOver(record, now));
  return fine ? 0 : 1;
}

function nameOf(pod: Pod): { readonly namespace: string; readonly pod: string } {
  const { namespace, name } = keyOf(pod);
  return { namespace, pod: name };
}

function recordOf({ metadata }: Pod): QuarantineRecord | undefined {
  return parseRecord(metadata?.annotations?.[QUARANTINE_RECORD_ANNOTATION] ?? '');
}

/** What is held beyond its time is what somebody asked for. */
function isOver(record: QuarantineRecord | undefined, now: Date): boolean {
  if (record?.expires === undefined || record.onExpiry === 'hold') return false;
  return Date.parse(record.expires) < now.getTime();
}

function json(listed: readonly Listed[], waiting: readonly Waiting[]): string {
  const quarantined = listed.map(({ namespace, pod, record, verdict }) => ({
    ...{ namespace, pod, readable: record !== undefined },
    ...(record && {
      reason: record.reason,
      by: record.by,
      since: record.since,
      ...(record.expires !== undefined && {
        expires: record.expires,
        onExpiry: record.onExpiry ?? 'release',
      }),
      ...(record.owner !== undefined && { owner: record.owner }),
      ...(record.approvedBy !== undefined && { approvedBy: record.approvedBy }),
    }),
    ...{ verdict: verdict.verdict, summary: verdict.summary },
  }));
  return `${inertJson({ quarantined, waiting }, 2)}\n`;
}

function text(listed: readonly Listed[], waiting: readonly Waiting[], now: Date): string {
  const cut = listed.map(({ namespace, pod, record, verdict }) => [
    namespace,
    pod,
    record === undefined ? '(its record is unreadable)' : inert(record.reason),
    record === undefined ? '-' : inShort(now.getTime() - Date.parse(record.since)),
    expiryOf(record, now),
    inert(verdict.summary),
  ]);
  const asked = waiting.map((each) => [
    each.namespace,
    each.pod,
    inert(each.reason),
    inShort(now.getTime() - Date.parse(each.since)),
    inert(each.response),
    inert(`${answerTo(each)}${each.line}`),
  ]);
  const parts = [
    cut.length === 0
      ? 'No Pod is quarantined.\n'
      : table(['NAMESPACE', 'POD', 'WHY', 'SINCE', 'EXPIRES', 'VERDICT'], cut),
    ...(asked.length === 0
      ? []
      : [
          `Waiting for a person: falco-egress quarantine approve (or dismiss) NAMESPACE/POD\n${table(['NAMESPACE', 'POD', 'WHY', 'SINCE', 'RESPONSE', 'WAITS FOR'], asked)}`,
        ]),
  ];
  return parts.join('\n');
}

function answerTo({ approvedBy, dismissedBy }: Waiting): string {
  if (dismissedBy !== undefined) return `refused by ${dismissedBy}: `;
  return approvedBy === undefined ? '' : `approved by ${approvedBy}: `;
}

function expiryOf(record: QuarantineRecord | undefined, now: Date): string {
  if (record?.expires === undefined) return '-';
  const left = Date.parse(record.expires) - now.getTime();
  if (left >= 0) return inShort(left);
  return record.onExpiry === 'hold' ? 'held' : `${inShort(-left)} ago`;
}
