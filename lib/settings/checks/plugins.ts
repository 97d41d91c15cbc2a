import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

/** What each source of the k8smeta plugin needs. */
export function checkPlugins(settings: Settings): SettingsFinding[] {
  const { source, image, directory } = settings.plugins.k8smeta;
  const findings: SettingsFinding[] = [];
  if ((source === 'image' || source === 'imageVolume') && !/(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/.test(image))
    findings.push({
      path: ['plugins', 'k8smeta', 'image'],
      message: `'${image}' has neither a tag nor a digest; with source '${source}' name the image that holds libk8smeta.so, such as 'registry.example.org/k8smeta:0.4.1'`,
    });
  if (!directory.startsWith('/'))
    findings.push({
      path: ['plugins', 'k8smeta', 'directory'],
      message: `'${directory}' is not an absolute path; write one such as '/plugins'`,
    });
  if (chartCannotTrust(settings))
    findings.push({
      path: ['plugins', 'k8smeta', 'source'],
      message: `the official chart cannot tell its k8smeta plugin which CA to trust, and with tls.issuer '${settings.tls.issuer}' k8s-metacollector speaks TLS only; set source 'none' (the exempt namespaces become a list), or another falco.external.form`,
    });
  return findings;
}

/**
 * Fact: the chart's template writes the plugin's `init_config` out of `collectors.kubernetes`, with its own four keys and
 * no `caPEMBundle` (falco 9.1.0, `k8smeta.configuration`).
 */
function chartCannotTrust({ falco, plugins, tls }: Settings): boolean {
  return (
    !falco.install &&
    falco.external.form === 'helmValues' &&
    plugins.k8smeta.source !== 'none' &&
    tls.issuer !== 'none'
  );
}
