import { nearest } from '../schema/nearest';
import { reportFailure, type ExitCode, type Streams } from '../synth/report';
import { UsageError } from '../synth/usage-error';

/** A command of a group: what stands behind its name, in; the exit code, out. */
type GroupCommand = (args: readonly string[], streams: Streams) => ExitCode | Promise<ExitCode>;

/** Commands that begin with the same word; one file a command, loaded when it is asked for. */
export interface Group {
  readonly name: string;
  readonly help: string;
  readonly commands: Readonly<Record<string, () => Promise<GroupCommand>>>;
}

/** Runs a command of a group. */
export async function runGroup(group: Group, args: readonly string[], streams: Streams): Promise<ExitCode> {
  const [name = '--help', ...rest] = args;
  if (['--help', '-h', 'help'].includes(name)) {
    (args.length === 0 ? streams.error : streams.out)(group.help);
    return args.length === 0 ? 2 : 0;
  }
  try {
    const load = Object.hasOwn(group.commands, name) ? group.commands[name] : undefined;
    if (load === undefined) throw new UsageError(unknown(group, name));
    const command = await load();
    return await command(rest, streams);
  } catch (error) {
    return reportFailure(error, args.includes('--json'), streams);
  }
}

function unknown(group: Group, name: string): string {
  const meant = nearest(name, Object.keys(group.commands));
  const hint = meant === undefined ? '' : ` (Did you mean ${group.name} ${meant}?)`;
  return `unknown command '${group.name} ${name}'${hint}; see --help`;
}
