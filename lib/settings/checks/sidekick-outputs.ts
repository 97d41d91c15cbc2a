import {
  all,
  each,
  eachEntry,
  either,
  given,
  keysWithin,
  matches,
  part,
  some,
  when,
  type KeyWithin,
} from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';
import { holdsSecret, isSecretKey } from './secret';

/** Keys of falcosidekick's configuration that are no outputs and that the stack writes itself. */
const OWN_KEYS = /^(listenaddress|listenport|customfields|tlsserver|mutualtlsclient|mutualtlsfilespath)$/i;

/** Keys of the webhook that decide who gets the alerts, and whether it is who it says. */
const WEBHOOK_KEYS = /^(address|checkcert|mutualtls|customheaders)$/i;

/** Keys of the UI's output: there is one, and the stack points it at its own UI. */
const WEBUI_KEYS = /^url$/i;

/** Keys of an output that has settings of its own which decide who gets the alerts, and whether it is who it says. */
const TARGET_KEYS = /^(hostport|checkcert)$/i;

/** `sidekick.outputs`, which is passed through to falcosidekick and lies in a ConfigMap. */
export function checkSidekickOutputs({ responder, sidekick, sidekickUi }: Settings): Findings {
  const { outputs } = sidekick;
  return [
    eachEntry(outputs, (key) =>
      when(matches(key, OWN_KEYS), () => ({
        path: ['sidekick', 'outputs', key],
        message: `is not an output, and the stack writes it itself; remove it (fields go into sidekick.customFields, certificates into tls)`,
      })),
    ),
    when(responder.enabled, () =>
      eachEntry(part(outputs, 'webhook'), (key) =>
        when(matches(key, WEBHOOK_KEYS), () => ({
          path: ['sidekick', 'outputs', 'webhook', key],
          message: `falcosidekick has one webhook, and it leads to the responder; use another output, or set responder.enabled to false`,
        })),
      ),
    ),
    when(sidekickUi.enabled, () =>
      eachEntry(part(outputs, 'webui'), (key) =>
        when(matches(key, WEBUI_KEYS), () => ({
          path: ['sidekick', 'outputs', 'webui', key],
          message: `falcosidekick has one output of this kind, and it leads to the stack's own UI; remove it, or set sidekickUi.enabled to false`,
        })),
      ),
    ),
    [
      { output: 'loki', url: sidekick.loki.url },
      { output: 'alertmanager', url: sidekick.alertmanager.url },
    ].map(({ output, url }) =>
      when(given(url), () =>
        eachEntry(part(outputs, output), (key) =>
          when(matches(key, TARGET_KEYS), () => ({
            path: ['sidekick', 'outputs', output, key],
            message: `sidekick.${output}.url says where this output leads, and its certificate is checked; remove it, or leave sidekick.${output}.url empty and write the whole output here`,
          })),
        ),
      ),
    ),
    each(keysWithin(outputs), (one) => [checkCase(one), checkSecret(one)]),
  ];
}

function checkCase({ path, key }: KeyWithin): Findings {
  return when(matches(key, /[A-Z]/), () => ({
    path: ['sidekick', 'outputs', ...path],
    message: `falcosidekick reads keys in lower case, so '${key}' could stand twice; write it in lower case`,
  }));
}

/** The value is not repeated here: it may be a secret. */
function checkSecret({ path, key, variable, above, parent, texts }: KeyWithin): Findings {
  const refused = (name: string, content: string) => ({
    path: ['sidekick', 'outputs', ...path],
    message: `would put a secret into a ConfigMap; put it into a Secret and name that in sidekick.secretEnv.${name}${content}`,
  });
  return each(texts, (text) =>
    when(all(given(text), some(isSecretKey(key), holdsSecret(text))), () =>
      either(
        matches(parent, /^customheaders$/i),
        () => refused(above, ` (with the content '${key}:VALUE')`),
        () => refused(variable, ''),
      ),
    ),
  );
}
