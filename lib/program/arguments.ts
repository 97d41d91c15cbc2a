import { parseArgs } from 'node:util';
import { messageOf, UsageError } from './failure';

/** What the program is asked to do. */
export type Command =
  | { readonly name: 'responder'; readonly config: string }
  | { readonly name: 'secrets'; readonly spec: string }
  | { readonly name: 'uninstall'; readonly config: string; readonly mode: 'report' | 'release' }
  | { readonly name: 'version' }
  | { readonly name: 'help' };

/** Where the construct mounts the configuration of the responder. */
export const RESPONDER_CONFIG_FILE = '/etc/falco-egress/config/responder.json';
/** Where the construct mounts the spec of the secrets Job. */
export const SECRETS_SPEC_FILE = '/etc/falco-egress/config/secrets.json';

export const HELP = `The program of falco-egress that runs in the cluster.

  responder [--config FILE]  act on alerts until told to stop; FILE is ${RESPONDER_CONFIG_FILE} if not given
  secrets [--spec FILE]      create each Secret that is absent, change none; FILE is ${SECRETS_SPEC_FILE} if not given
  uninstall --mode MODE [--config FILE]
                             before the responder goes: MODE report tells which Pods stay cut off, release releases them
  --version                  print the version
  --help                     print this

Exit codes: 0 fine, 1 a Secret that exists is not what is wanted or a Pod could not be released, 2 wrong use or failure.
`;

/** Reads the arguments. */
export function parseArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help === true) return { name: 'help' };
  if (values.version === true) return { name: 'version' };
  const [name, surplus] = positionals;
  if (surplus !== undefined)
    throw new UsageError(`unexpected argument ${JSON.stringify(surplus)}; see --help`);
  const wanted = name === undefined ? undefined : COMMANDS.get(name);
  if (wanted === undefined) {
    const problem = name === undefined ? 'a command is missing' : `unknown command ${JSON.stringify(name)}`;
    throw new UsageError(`${problem}: expected ${[...COMMANDS.keys()].join(', ')}; see --help`);
  }
  for (const option of ['config', 'spec', 'mode'] as const)
    if (values[option] !== undefined && !wanted.options.includes(option))
      throw new UsageError(`--${option} is no option of ${name ?? ''}; see --help`);
  return wanted.read(values);
}

type Values = ReturnType<typeof parse>['values'];

interface CommandReader {
  readonly options: readonly ('config' | 'spec' | 'mode')[];
  readonly read: (values: Values) => Command;
}

const COMMANDS: ReadonlyMap<string, CommandReader> = new Map<string, CommandReader>([
  [
    'responder',
    {
      options: ['config'],
      read: ({ config = RESPONDER_CONFIG_FILE }) => ({ name: 'responder', config }),
    },
  ],
  ['secrets', { options: ['spec'], read: ({ spec = SECRETS_SPEC_FILE }) => ({ name: 'secrets', spec }) }],
  [
    'uninstall',
    {
      options: ['config', 'mode'],
      read: ({ config = RESPONDER_CONFIG_FILE, mode }) => {
        if (mode !== 'report' && mode !== 'release')
          throw new UsageError('--mode report or --mode release is missing; see --help');
        return { name: 'uninstall', config, mode };
      },
    },
  ],
]);

function parse(args: readonly string[]) {
  const options = {
    config: { type: 'string' },
    spec: { type: 'string' },
    mode: { type: 'string' },
    version: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${messageOf(error)}; see --help`);
  }
}
