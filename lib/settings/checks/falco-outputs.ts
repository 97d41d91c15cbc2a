import { GUARD_CONFIG_DIRECTORY } from '../../names';
import {
  all,
  eachEntry,
  either,
  hasKey,
  holds,
  is,
  textsAt,
  matches,
  not,
  part,
  saysFalse,
  some,
  when,
} from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';

/** By these Falco knows falcosidekick, and falcosidekick Falco. */
const HTTP_IDENTITY = /^(url|insecure|mtls|ca_cert|ca_bundle|ca_path|client_cert|client_key)$/;

/** What would let alerts go to somebody else, or nobody. */
export function checkFalcoOutputs({ falco, sidekick, collector, tls }: Settings): Findings {
  const { config } = falco;
  const http = part(config, 'http_output');
  const refused = (path: readonly string[], message: string) => ({
    path: ['falco', 'config', ...path],
    message,
  });
  const reads = all(sidekick.enabled, not(saysFalse(http, 'enabled')));
  return [
    // A list of the user's takes the place of ours.
    when(
      all(
        hasKey(config, 'config_files'),
        not(holds(textsAt(config, 'config_files'), GUARD_CONFIG_DIRECTORY)),
      ),
      () =>
        refused(
          ['config_files'],
          `without '${GUARD_CONFIG_DIRECTORY}' Falco would load none of our rules; add it to the list`,
        ),
    ),
    when(all(not(is(tls.issuer, 'none')), sidekick.enabled), () =>
      eachEntry(http, (key) =>
        when(matches(key, HTTP_IDENTITY), () =>
          refused(
            ['http_output', key],
            `with tls.issuer ${tls.issuer} the stack says how Falco and falcosidekick know each other; remove it, or set tls.issuer to none`,
          ),
        ),
      ),
    ),
    when(all(saysFalse(config, 'json_output'), some(collector.enabled, reads)), () => {
      const [reader, setting] = [
        either(
          collector.enabled,
          () => 'the collector',
          () => 'falcosidekick',
        ),
        either(
          collector.enabled,
          () => 'collector',
          () => 'sidekick',
        ),
      ];
      return refused(
        ['json_output'],
        `${reader} reads alerts as JSON; remove it, or set ${setting}.enabled to false`,
      );
    }),
    when(all(saysFalse(part(config, 'stdout_output'), 'enabled'), collector.enabled), () =>
      refused(
        ['stdout_output', 'enabled'],
        `the collector reads alerts from Falco's log; remove it, or set collector.enabled to false`,
      ),
    ),
  ];
}
