import { all, given, hasKey, matches, not, some, when } from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';

/** Tags of a Falco before 0.44, in any of its flavours. The modern eBPF probe came with 0.34; a smaller number is somebody's own. */
const OLD_FALCO = /^v?0\.(3[4-9]|4[0-3])(\.[0-9]+)?([-_.].*)?$/;

/** A repository whose tags are versions of Falco, in whichever mirror. */
const FALCOS_REPOSITORY = /(^|\/)falco(-[a-z-]+)?$/;

/** The collector: where it delivers to, and what would end up in its configuration. */
export function checkCollector({
  cluster,
  collector,
  falco,
  images,
  loki,
  responder,
  sidekick,
}: Settings): Findings {
  // An environment file may lack it; another check says so.
  const name = (cluster as string | undefined) ?? '';
  return when(collector.enabled, () => [
    when(not(some(responder.enabled, given(collector.loki.url), loki.enabled)), () => ({
      path: ['collector', 'enabled'],
      message: `the collector delivers to the responder, which is switched off; set responder.enabled to true, or collector.loki.url, or collector.enabled to false`,
    })),
    when(
      all(
        some(given(collector.loki.url), loki.enabled),
        sidekick.enabled,
        some(
          given(sidekick.loki.url),
          hasKey(sidekick.outputs, 'loki'),
          hasKey(sidekick.env, 'LOKI_HOSTPORT'),
        ),
      ),
      () => ({
        path: ['collector', 'loki', 'url'],
        message: `falcosidekick writes to Loki as well, so every alert would be stored twice; leave sidekick.loki.url empty, and Loki out of sidekick.outputs and sidekick.env`,
      }),
    ),
    when(matches(`${collector.loki.url}${collector.loki.tenant}`, /\$/), () => ({
      path: ['collector', 'loki'],
      message: `url or tenant holds '$', which the collector would take for a variable; write them without it`,
    })),
    when(not(matches(collector.stateDirectory, /^\/[^/]/)), () => ({
      path: ['collector', 'stateDirectory'],
      message: `'${collector.stateDirectory}' is not an absolute path of a directory on the node; write one such as '/var/lib/falco-egress/collector'`,
    })),
    when(
      all(
        falco.install,
        matches(images.falco.repository, FALCOS_REPOSITORY),
        matches(images.falco.tag, OLD_FALCO),
      ),
      () => ({
        path: ['images', 'falco', 'tag'],
        message: `'${images.falco.tag}' is a Falco before 0.44, of which the collector would deliver no alert; leave the tag empty (Falco ${falco.version}) or name a later one, or set collector.enabled to false`,
      }),
    ),
    when(matches(name, /\$/), () => ({
      path: ['cluster'],
      message: `'${cluster}' holds '$', which the collector would take for a variable; write the cluster's name without it`,
    })),
  ]);
}
