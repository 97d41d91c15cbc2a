import { dump } from 'js-yaml';
import { each, eachEntry, either } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { host, PORTS, scheme, usesTls } from './endpoints';
import { usesK8smeta } from './k8smeta-plugin';
import { rulesPackagesOf } from './rules';

/**
 * The name of the file that holds them, in the folder of an environment. Not `.yaml`: kubectl and Argo CD take every such
 * file there for manifests, helm takes any name.
 */
export const OFFICIAL_CHART_VALUES_FILE = 'values.falco.txt';

/** What the official chart expects of a values file that is to stand beside this stack; read in falco 9.1.0. */
interface OfficialChartValues {
  readonly customRules: Readonly<Record<string, string>>;
  readonly falco: Readonly<Record<string, unknown>>;
  readonly collectors: { readonly kubernetes: Readonly<Record<string, unknown>> };
  readonly falcosidekick: { readonly enabled: boolean };
}

/**
 * A fragment of values for the official chart (`helm upgrade falco falcosecurity/falco -f values.falco.txt`): our rules,
 * and where that Falco sends its alerts. A pure function of the settings; the synth writes it beside the manifests.
 */
export function officialChartValues(settings: Settings): string {
  return `# For the chart falcosecurity/falco: -f ${OFFICIAL_CHART_VALUES_FILE}\n${dump(values(settings), {
    lineWidth: -1,
    noRefs: true,
  })}`;
}

function values(settings: Settings): OfficialChartValues {
  return {
    customRules: Object.fromEntries(
      each(rulesPackagesOf(settings), ({ files }) =>
        eachEntry(files, (file, text): [string, string] => [file, text]),
      ).flat(),
    ),
    falco: {
      json_output: true,
      rule_matching: 'all',
      http_output: {
        enabled: settings.sidekick.enabled,
        url: `${scheme(settings)}://${host(settings, 'sidekick')}:${PORTS.sidekick}/`,
        // The chart mounts the Secrets of its own value `certs`; client certificates come from there.
        mtls: usesTls(settings),
      },
    },
    collectors: {
      kubernetes: either<Record<string, unknown>>(
        usesK8smeta(settings),
        () => ({
          enabled: true,
          collectorHostname: host(settings, 'metacollector'),
          collectorPort: PORTS.metacollector,
        }),
        () => ({ enabled: false }),
      ),
    },
    falcosidekick: { enabled: false },
  };
}
