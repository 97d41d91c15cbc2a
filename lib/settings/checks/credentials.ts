import { all, given, matches, not, when } from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';

/** A URL with a password in it would stand in a ConfigMap. */
export function checkCredentials({ sidekick, collector, grafana }: Settings): Findings {
  return [
    checkUrl(
      ['sidekick', 'loki'],
      sidekick.loki.url,
      'put user and API key into a Secret and name it in sidekick.loki.credentials.secret',
    ),
    checkUrl(
      ['collector', 'loki'],
      collector.loki.url,
      'put user and API key into a Secret and name it in collector.loki.credentials.secret',
    ),
    checkUrl(['grafana'], grafana.lokiUrl, ofGrafana('lokiCredentials'), 'lokiUrl'),
    checkUrl(['grafana'], grafana.prometheusUrl, ofGrafana('prometheusCredentials'), 'prometheusUrl'),
    checkUrl(
      ['sidekick', 'alertmanager'],
      sidekick.alertmanager.url,
      'name the password in sidekick.secretEnv',
    ),
  ];
}

const ofGrafana = (setting: string): string =>
  `put the login into a Secret and name it in grafana.${setting}.secret`;

function checkUrl(output: readonly string[], url: string, remedy: string, key = 'url'): Findings {
  const path = [...output, key];
  return [
    // It is not repeated: what lacks a scheme may hold a key all the same.
    when(all(given(url), not(matches(url, /^https?:\/\/[^/]/))), () => ({
      path,
      message: `is not a URL; write one such as 'https://logs.example.org'`,
    })),
    when(matches(url, /^https?:\/\/[^/]*@/), () => ({
      path,
      message: `holds credentials, which would stand in a ConfigMap; ${remedy}`,
    })),
  ];
}
