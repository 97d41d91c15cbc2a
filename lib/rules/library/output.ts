/** One `key=%field` of an output. */
type Part = readonly [key: string, field: string];

/** Who: the container plugin knows Pod, container and image some time after the container has started. */
const POD: readonly Part[] = [
  ['pod', 'k8s.pod.name'],
  ['namespace', 'k8s.ns.name'],
  ['poduid', 'k8s.pod.uid'],
];

/** Whose: only the k8smeta plugin has fields for that. */
const OWNER: readonly Part[] = [
  ['deployment', 'k8smeta.deployment.name'],
  ['replicaset', 'k8smeta.rs.name'],
];

/** `asked` is the address of a connect, the only one there is when it was refused. */
const REST: readonly Part[] = [
  ['node', 'evt.hostname'],
  ['container', 'container.id'],
  ['image', 'container.image.repository'],
  ['tag', 'container.image.tag'],
  ['digest', 'container.image.digest'],
  ['procname', 'proc.name'],
  ['exepath', 'proc.exepath'],
  ['pid', 'proc.pid'],
  ['parent', 'proc.pname'],
  ['user', 'user.name'],
  ['uid', 'user.uid'],
  ['srcip', 'fd.cip'],
  ['srcport', 'fd.cport'],
  ['dstip', 'fd.sip'],
  ['dstport', 'fd.sport'],
  ['asked', 'evt.arg.addr'],
  ['proto', 'fd.l4proto'],
  ['event', 'evt.type'],
  ['result', 'evt.res'],
];

/** What alerts tell of a process' command line. */
export type CommandLine = 'never' | 'redacted' | 'full';

/** Falco's language can't cut a text: it tells all of a command line, or numbers about it. */
const COMMAND_LINE: Readonly<Record<CommandLine, readonly Part[]>> = {
  never: [],
  redacted: [
    ['argcount', 'proc.cmdnargs'],
    ['argchars', 'proc.cmdlenargs'],
  ],
  full: [['command', 'proc.cmdline']],
};

/** What may differ in the outputs of our rules from one installation to the next; never from rule to rule. */
export interface EgressOutputOptions {
  /** Deployment and ReplicaSet of the Pod; needs the k8smeta plugin, without which Falco refuses the rules. */
  readonly owner?: boolean;
  /**
   * More at the end, each as `key=%field` with a blank before it: what {@link commandLineFields} gives, or fields of your own;
   * none if absent.
   */
  readonly moreFields?: string;
}

/**
 * What an alert of each of our rules tells: the same keys in the same order, whatever the rule. Falco prints `<NA>` for
 * what it doesn't know, and `null` in its JSON.
 *
 * No command line unless it is asked for, and never the environment or what was sent: they hold secrets, and alerts
 * travel far.
 */
export function egressFields(options: EgressOutputOptions = {}): string {
  const { owner = false, moreFields = '' } = options;
  return `${printed([...POD, ...(owner ? OWNER : []), ...REST]).trimStart()}${moreFields}`;
}

/**
 * The part of an output that tells of the command line, for `moreFields`. `redacted` tells how many arguments there are and
 * how long they are together, by which runs of one program can be told apart; the program itself is always told.
 */
export function commandLineFields(commandLine: CommandLine): string {
  return printed(COMMAND_LINE[commandLine]);
}

function printed(parts: readonly Part[]): string {
  return parts.map(([key, field]) => ` ${key}=%${field}`).join('');
}
