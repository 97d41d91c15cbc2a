import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ReleaseError } from './release-error';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Takes the command line of a release command apart.
 *
 * @throws {@link ReleaseError} `USAGE` where it has options that there are not
 */
export function releaseArguments<const O extends Options>(options: O, usage: string) {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    // What follows the first sentence is a lesson on positional arguments.
    const [message = ''] = (error as Error).message.split(/\. |\n/, 1);
    throw new ReleaseError('USAGE', `${message}\n${usage}`);
  }
}
