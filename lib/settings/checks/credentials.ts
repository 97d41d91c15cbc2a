import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

/** A URL with a password in it would stand in a ConfigMap. */
export function checkCredentials(settings: Settings): SettingsFinding[] {
  const urls: [SettingsFinding['path'], string, string][] = [
    [
      ['sidekick', 'loki', 'url'],
      settings.sidekick.loki.url,
      'put user and API key into a Secret and name it in sidekick.loki.credentials.secret',
    ],
    [
      ['sidekick', 'alertmanager', 'url'],
      settings.sidekick.alertmanager.url,
      'name the password in sidekick.secretEnv',
    ],
  ];
  return urls.flatMap(([path, url, remedy]) => {
    if (url === '') return [];
    if (!/^https?:\/\/[^/]/.test(url))
      return [{ path, message: `'${url}' is not a URL; write one such as 'https://logs.example.org'` }];
    // The URL itself is not repeated here: it holds a secret.
    return /^https?:\/\/[^/]*@/.test(url)
      ? [{ path, message: `holds credentials, which would stand in a ConfigMap; ${remedy}` }]
      : [];
  });
}
