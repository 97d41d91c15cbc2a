import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from '../schema/nearest';
import { UsageError } from './usage-error';

type Options = NonNullable<ParseArgsConfig['options']>;

/** A command's options, and what stands without one. */
export type ParsedOptions<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: O }>
>;

/**
 * Takes a command's arguments apart.
 *
 * @throws UsageError in one line, with the option that was meant
 */
export function parseOptions<const O extends Options>(args: readonly string[], options: O): ParsedOptions<O> {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    const unknown = unknownOption(args, options);
    // Its further lines are advice for options whose values begin with a dash.
    const [message = ''] = (unknown ?? (error as Error).message).split(/\.?\n/, 1);
    throw new UsageError(`${message}; see --help`);
  }
}

/** Node's own message about an option that does not exist is a lesson on positional arguments. */
function unknownOption(args: readonly string[], options: Options): string | undefined {
  const { tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options,
  });
  const option = tokens.find((token) => token.kind === 'option' && !(token.name in options));
  if (option?.kind !== 'option') return undefined;
  const guess = nearest(option.name, Object.keys(options));
  return `unknown option '${option.rawName}'${guess === undefined ? '' : `; did you mean '--${guess}'?`}`;
}
