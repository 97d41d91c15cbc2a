import type { ExitCode, Streams } from '../../synth/report';
import { runGroup } from '../group';

export const QUARANTINE_HELP = `Usage: falco-egress quarantine <command> [options]

See and change which Pods are cut off, with kubectl's own kubeconfig, whether the responder runs or not.

Commands:
  list                     what is cut off, why, until when, and whether it really is; and what waits for a person
  add NAMESPACE/POD        cut a Pod off
  approve NAMESPACE/POD    agree to what waits for a person
  dismiss NAMESPACE/POD    refuse it
  release NAMESPACE/POD    end a quarantine; --all ends all of them

Each prints its options with --help.
`;

/** `quarantine …`: runs a command of the group. */
export async function runQuarantine(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const commands = {
    list: async () => (await import('./list.js')).quarantineList,
    add: async () => (await import('./add.js')).quarantineAdd,
    approve: async () => (await import('./approve.js')).quarantineApprove,
    dismiss: async () => (await import('./dismiss.js')).quarantineDismiss,
    release: async () => (await import('./release.js')).quarantineRelease,
  };
  return runGroup({ name: 'quarantine', help: QUARANTINE_HELP, commands }, args, streams);
}
