import { parseArgs } from 'node:util';
import { messageOf, UsageError } from './failure';

/** What the program is asked to do. */
export type Command =
  | { readonly name: 'responder'; readonly config: string }
  | { readonly name: 'secrets'; readonly spec: string }
  | { readonly name: 'version' }
  | { readonly name: 'help' };

/** Where the construct mounts the configuration of the responder. */
export const RESPONDER_CONFIG_FILE = '/etc/falco-egress/config/responder.json';
/** Where the construct mounts the spec of the secrets Job. */
export const SECRETS_SPEC_FILE = '/etc/falco-egress/config/secrets.json';

export const HELP = `The program of falco-egress that runs in the cluster.

  responder [--config FILE]  act on alerts until told to stop; FILE is ${RESPONDER_CONFIG_FILE} if not given
  secrets [--spec FILE]      create each Secret that is absent, change none; FILE is ${SECRETS_SPEC_FILE} if not given
  --version                  print the version
  --help                     print this

Exit codes: 0 fine, 1 a Secret that exists is not what is wanted, 2 wrong use or failure.
`;

/** Reads the arguments. */
export function parseArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help === true) return { name: 'help' };
  if (values.version === true) return { name: 'version' };
  const [name, surplus] = positionals;
  if (surplus !== undefined)
    throw new UsageError(`unexpected argument ${JSON.stringify(surplus)}; see --help`);
  if (name === 'responder') {
    if (values.spec !== undefined) throw new UsageError('--spec goes with secrets; see --help');
    return { name, config: values.config ?? RESPONDER_CONFIG_FILE };
  }
  if (name === 'secrets') {
    if (values.config !== undefined) throw new UsageError('--config goes with responder; see --help');
    return { name, spec: values.spec ?? SECRETS_SPEC_FILE };
  }
  const problem = name === undefined ? 'a command is missing' : `unknown command ${JSON.stringify(name)}`;
  throw new UsageError(`${problem}: expected responder or secrets; see --help`);
}

function parse(args: readonly string[]) {
  const options = {
    config: { type: 'string' },
    spec: { type: 'string' },
    version: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${messageOf(error)}; see --help`);
  }
}
