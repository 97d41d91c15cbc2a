import { agreedOn, approvalOf, type PendingQuarantine, type Pod } from '../../containment';
import { inert } from '../../rules/evaluate/printable';
import type { ExitCode, Streams } from '../../synth/report';
import { CLUSTER_HELP } from '../kubeconfig';
import { QuarantineCluster } from './cluster';
import { changing, tell } from './pod';
import { answerAsked, chosenOf, linesOf, told, writeAnswer, type Choice } from './waiting';

const HELP = `Usage: falco-egress quarantine approve NAMESPACE/POD [options]

Agrees to what waits on a Pod, be it a response with mode approve or one that is over a limit. The responder then acts; your
name stands on the Pod. Where several wait and one of them would evict or delete the Pod, say which you mean.

Options:
  --response NAME    only what this response would do; may be given again
  --all              all that waits
${CLUSTER_HELP}
  --json             print what was done as JSON
  -h, --help         print this

Exit code: 0, 2 for wrong use or a failure.
`;

/** `quarantine approve`. */
export async function quarantineApprove(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const asked = await answerAsked('approve', args);
  if (asked === undefined) {
    streams.out(HELP);
    return 0;
  }
  const { key, choice, cluster, by, json } = asked;
  const { pod, approved, before } = await changing(cluster, key, (seen) => agree(cluster, seen, by, choice));
  const { namespace, name } = key;
  const where = `${namespace}/${name}`;
  if (approved.length > 0) {
    const takenOver =
      before === undefined || before.by === by
        ? ''
        : `; it takes over from ${before.by}: ${linesOf(before.of)}`;
    const line = `approved by ${by}: ${linesOf(approved)}${takenOver}`;
    const untold = await tell(cluster, pod, { reason: 'Approved', line });
    if (untold !== undefined) streams.error(`${untold}\n`);
  }
  if (json) {
    const already = before && { by: before.by, responses: before.of.map(told) };
    const answer = { namespace, pod: name, by, approved: approved.map(told), ...(already && { already }) };
    streams.out(`${JSON.stringify(answer)}\n`);
    return 0;
  }
  const onward = (who: string): string => {
    if (approved.length === 0) return 'nothing is left to agree to';
    return who === by ? 'it goes on' : `it goes on in the name of ${by}`;
  };
  const already =
    before === undefined
      ? []
      : [`${where}: ${before.by} has agreed already, and ${onward(before.by)}: ${linesOf(before.of)}`];
  const agreed = approved.map(({ line }) => `${where}: ${by} agrees: ${line}`);
  streams.out([...agreed, ...already].map((line) => `${inert(line)}\n`).join(''));
  return 0;
}

/** What somebody agrees to, beside what was agreed to before. */
interface Agreed {
  readonly pod: Pod;
  readonly approved: readonly PendingQuarantine[];
  readonly before: { readonly by: string; readonly of: readonly PendingQuarantine[] } | undefined;
}

async function agree(cluster: QuarantineCluster, seen: Pod, by: string, choice: Choice): Promise<Agreed> {
  const chosen = chosenOf(seen, 'approve', choice);
  const earlier = agreedOn(seen);
  const isNew = ({ response }: PendingQuarantine): boolean =>
    !earlier.some((one) => one.response === response);
  const approved = chosen.filter(isNew);
  const who = approvalOf(seen);
  const before = who === undefined || earlier.length === 0 ? undefined : { by: who, of: earlier };
  if (approved.length === 0) return { pod: seen, approved, before };
  const names = [...earlier, ...approved].map(({ response }) => response);
  return { pod: await writeAnswer(cluster, seen, 'approve', by, names), approved, before };
}
