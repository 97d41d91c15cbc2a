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
  return findings;
}
