import { all, is, matches, not, some, when } from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';

/** What each source of the k8smeta plugin needs. */
export function checkPlugins(settings: Settings): Findings {
  const { source, image, directory } = settings.plugins.k8smeta;
  const fromImage = some(is(source, 'image'), is(source, 'imageVolume'));
  return [
    when(all(fromImage, not(matches(image, /(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/))), () => ({
      path: ['plugins', 'k8smeta', 'image'],
      message: `'${image}' has neither a tag nor a digest; with source '${source}' name the image that holds libk8smeta.so, such as 'registry.example.org/k8smeta:0.4.1'`,
    })),
    when(not(matches(directory, /^\//)), () => ({
      path: ['plugins', 'k8smeta', 'directory'],
      message: `'${directory}' is not an absolute path; write one such as '/plugins'`,
    })),
    when(chartCannotTrust(settings), () => ({
      path: ['plugins', 'k8smeta', 'source'],
      message: `the official chart cannot tell its k8smeta plugin which CA to trust, and with tls.issuer '${settings.tls.issuer}' k8s-metacollector speaks TLS only; set source 'none' (the exempt namespaces become a list), or another falco.external.form`,
    })),
  ];
}

/**
 * Fact: the chart's template writes the plugin's `init_config` out of `collectors.kubernetes`, with its own four keys and
 * no `caPEMBundle` (falco 9.1.0, `k8smeta.configuration`).
 */
function chartCannotTrust({ falco, plugins, tls }: Settings): boolean {
  return all(
    not(falco.install),
    is(falco.external.form, 'helmValues'),
    not(is(plugins.k8smeta.source, 'none')),
    not(is(tls.issuer, 'none')),
  );
}
