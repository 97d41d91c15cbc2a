import { dismissedOn } from '../../containment';
import { inert } from '../../rules/evaluate/printable';
import type { ExitCode, Streams } from '../../synth/report';
import { CLUSTER_HELP } from '../kubeconfig';
import { changing } from './pod';
import { answerAsked, chosenOf, told, writeAnswer } from './waiting';

const HELP = `Usage: falco-egress quarantine dismiss NAMESPACE/POD [options]

Refuses what waits on a Pod: nothing is done about it, also where somebody has agreed and it is not done yet. The responder
takes it away and tells who refused. For the cooldown of the response further alerts of the Pod are only counted; a later
one is a new matter.

Options:
  --response NAME    only what this response would do; may be given again (default: all that waits)
  --all              all that waits
${CLUSTER_HELP}
  --json             print what was done as JSON
  -h, --help         print this

Exit code: 0, 2 for wrong use or a failure.
`;

/** `quarantine dismiss`. */
export async function quarantineDismiss(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const asked = await answerAsked('dismiss', args);
  if (asked === undefined) {
    streams.out(HELP);
    return 0;
  }
  const { key, choice, cluster, by, json } = asked;
  const dismissed = await changing(cluster, key, async (seen) => {
    const chosen = chosenOf(seen, 'dismiss', choice);
    // What somebody else has refused, and the responder has not taken away yet, stays refused.
    const names = [...dismissedOn(seen), ...chosen].map(({ response }) => response);
    await writeAnswer(cluster, seen, 'dismiss', by, names);
    return chosen;
  });
  const { namespace, name } = key;
  const lines = dismissed.map(({ line }) => `${namespace}/${name}: ${by} refuses: ${inert(line)}\n`);
  const answer = { namespace, pod: name, by, dismissed: dismissed.map(told) };
  streams.out(json ? `${JSON.stringify(answer)}\n` : lines.join(''));
  return 0;
}
