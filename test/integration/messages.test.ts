import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { sidekickConfig } from '../../lib/constructs/sidekick-config';
import { alertOf } from '../../lib/responder/report/report';
import { resolveSettings } from '../../lib/settings/settings';
import { Messages } from './messages';

/*
 * Messages for people, out of alerts as falcosidekick was recorded to send them on, by the templates of Go that falcosidekick
 * and Alertmanager have.
 */

const ROOT = resolve(__dirname, '../..');

interface Alert {
  readonly rule: string;
  readonly source: string;
  readonly output_fields: Readonly<Record<string, unknown>>;
}

/** Lines of a recording. */
function recorded<T>(file: string): T[] {
  const text = readFileSync(resolve(ROOT, 'test/fixtures/falcosidekick', file), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

let messages: Messages;

beforeAll(() => {
  messages = Messages.build();
}, 600_000);

const OURS = alertOf(
  {
    reason: 'NotContained',
    line: 'shop/cart-0 (quarantined: Connection to vistatech.it) is partial: NetworkPolicy shop/allow-all still allows egress',
    pod: { namespace: 'shop', name: 'cart-0', uid: 'u-1' },
    about: '',
    rule: 'Connection to vistatech.it',
    response: 'foreign',
  },
  new Date('2026-11-22T03:00:00Z'),
  'prod',
) as Alert;

describe('in Slack', () => {
  const alerts = recorded<Alert>('alerts.jsonl');

  function template(url = ''): string {
    const settings = resolveSettings({
      cluster: 'prod',
      sidekick: { slack: { webhookUrl: { secret: 'slack' } } },
      monitoring: { dashboards: { url } },
    });
    const { slack } = sidekickConfig(settings) as { slack: Record<string, string> };
    expect(slack['outputformat']).toBe('text');
    return slack['messageformat'] ?? '';
  }

  const render = (alert: object, url?: string): string[] =>
    messages.render({ falcosidekick: template(url), alert }).split('\n');

  const of = (rule: string, pod?: string): Alert => {
    const found = alerts.find(
      (alert) => alert.rule === rule && (pod === undefined || alert.output_fields['k8s.pod.name'] === pod),
    );
    if (found === undefined) throw new Error(`no alert of ${rule} is recorded`);
    return found;
  };

  test('a connection: what, where, the process, where to, and a link', () => {
    const alert = of('Connection to vistatech.it', 'nginx-6799fc88d8-996gz');
    expect(render(alert, 'https://grafana.example.org/g')).toEqual([
      '*Critical: Connection to vistatech.it*',
      'Where: demo / testkatz/nginx-6799fc88d8-996gz (Deployment nginx), node node-1',
      'Process: curl, as root',
      'To: 213.215.222.58:443/tcp',
      '<https://grafana.example.org/g/d/falco-egress-connections?var-namespace=testkatz&var-contains=nginx-6799fc88d8-996gz&from=1795329675744&to=now|What it connected to>',
    ]);
    expect(render(alert)).toHaveLength(4);
  });

  test('a connection of a process of which no Pod is known', () => {
    expect(render(of('OUTBOUND_CORP'), 'https://grafana.example.org')).toEqual([
      '*Warning: OUTBOUND_CORP*',
      'Where: demo / no Pod is known, node vm',
      'Process: flkcase',
      'To: 10.77.0.2:8080/tcp, SUCCESS',
    ]);
  });

  test('all that our rules tell, of a connect that was refused', () => {
    const fields = {
      ...{ 'k8s.pod.name': 'cart-0', 'k8s.ns.name': 'shop', 'proc.name': 'java', 'proc.pname': 'sh' },
      ...{ 'proc.exepath': '/opt/java', 'user.name': 'app', 'fd.sip': null, 'fd.sport': null },
      ...{ 'evt.arg.addr': 'fd77::2:8443', 'fd.l4proto': 'tcp', 'evt.res': 'ECONNREFUSED' },
    };
    expect(render({ ...of('OUTBOUND_CORP'), output_fields: fields })).toEqual([
      '*Warning: OUTBOUND_CORP*',
      'Where: shop/cart-0, node vm',
      'Process: java (/opt/java), started by sh, as app',
      'To: fd77::2:8443/tcp, ECONNREFUSED',
    ]);
  });

  test('what the responder did', () => {
    const fields = { ...OURS.output_fields, cluster: 'prod' };
    expect(render({ ...OURS, output_fields: fields }, 'https://grafana.example.org')).toEqual([
      '*Critical: falco-egress: NotContained*',
      'Where: prod / shop/cart-0',
      'Did: shop/cart-0 (quarantined: Connection to vistatech.it) is partial: NetworkPolicy shop/allow-all still allows egress',
      'Because of: Connection to vistatech.it (response foreign)',
      expect.stringContaining('?var-namespace=shop&var-contains=cart-0&from=1795312800000&to=now|'),
    ]);
  });

  test('a command line that the alert tells is not told on', () => {
    const alert = of('Connection to vistatech.it');
    const secret = 'curl -u admin:hunter2 https://example.org';
    const holds = ['proc.cmdline', 'proc.pcmdline', 'proc.args', 'proc.env', 'evt.args'];
    const fields = { ...alert.output_fields, ...Object.fromEntries(holds.map((field) => [field, secret])) };
    const text = render({ ...alert, output: secret, output_fields: fields }, 'https://grafana.example.org');
    expect(text.join('\n')).toContain('Process: curl');
    expect(text.join('\n')).not.toContain('hunter2');
  });

  test('an alert about Falco itself, by its own words', () => {
    expect(render(of('Falco internal: hot restart failure'))).toEqual([
      '*Critical: Falco internal: hot restart failure*',
      'Falco internal: hot restart failure: /etc/falco/falco_rules.local.yaml: Invalid',
    ]);
  });

  test('what a process calls itself calls nobody in the channel', () => {
    const alert = of('OUTBOUND_CORP');
    const evil = { ...alert.output_fields, 'proc.name': '<!channel>', 'k8s.pod.name': 'a|b&c' };
    const lines = render({ ...alert, output_fields: evil }, 'https://grafana.example.org');
    expect(lines[2]).toBe('Process: &lt;!channel&gt;');
    expect(lines[4]).toContain('var-contains=a%7Cb%26c&');
  });

  test.each(alerts.map((alert, index) => [index, alert] as const))(
    'recorded alert %i is told',
    (_, alert) => {
      expect(render(alert)[0]).toMatch(/^\*\w*: /);
    },
  );
});

describe('in Alertmanager', () => {
  const posts = new Map(
    recorded<{ case: string; request: { body: string } }>('alertmanager.jsonl').map((line) => [
      line.case,
      (JSON.parse(line.request.body) as { labels: Record<string, string> }[])[0] ?? { labels: {} },
    ]),
  );
  const post = (name: string): { labels: Record<string, string> } => posts.get(name) ?? { labels: {} };
  const POD = { k8s_ns_name: 'testkatz', k8s_pod_name: 'nginx-6799fc88d8-996gz' };
  const RESPONSE = {
    labels: {
      ...{ alertname: 'falco-egress: Quarantined', rule: 'falco-egress: Quarantined', priority: 'Warning' },
      ...{ eventsource: 'falco-egress', source: 'falco', cluster: 'demo', ...POD },
      ...{ falco_egress_rule: 'Connection to vistatech.it', falco_egress_response: 'foreign' },
    },
    annotations: { description: 'quarantined testkatz/nginx-6799fc88d8-996gz until 07:00: contained' },
  };

  const render = (text: string, ...alerts: readonly object[]): string[] =>
    messages
      .render({
        alertmanager: `{{ template "${text}" . }}`,
        files: [resolve(ROOT, 'docs/alertmanager/falco-egress.tmpl')],
        group: {},
        alerts,
      })
      .trimEnd()
      .split('\n');

  test('the alert and what was done about it, as one message', () => {
    // The time of each Alertmanager has by itself.
    const alerts = [
      { ...post('vistatech'), startsAt: '2026-11-22T07:41:26.879Z' },
      { ...RESPONSE, startsAt: '2026-11-22T07:41:27Z' },
    ];
    expect(render('falco-egress.title', ...alerts)).toEqual([
      '[FIRING:2] demo testkatz/nginx-6799fc88d8-996gz',
    ]);
    expect(render('falco-egress.text', ...alerts)).toEqual([
      '*Critical: Connection to vistatech.it*',
      'Where: demo / testkatz/nginx-6799fc88d8-996gz (Deployment nginx), node node-1',
      'Process: curl, as root',
      'To: 213.215.222.58:443/tcp',
      '*Warning: falco-egress: Quarantined*',
      'Where: demo / testkatz/nginx-6799fc88d8-996gz',
      'Did: quarantined testkatz/nginx-6799fc88d8-996gz until 07:00: contained',
      'Because of: Connection to vistatech.it (response foreign)',
      '<https://grafana.example.org/d/falco-egress-connections?var-cluster=demo&var-namespace=testkatz&var-contains=nginx-6799fc88d8-996gz&from=1795329686879&to=now|What it connected to>',
    ]);
  });

  test('nor is a command line told on here', () => {
    const { labels } = post('vistatech');
    const secret = 'curl -u admin:hunter2 https://example.org';
    const holds = { proc_cmdline: secret, proc_pcmdline: secret, proc_args: secret, evt_args: secret };
    const alert = { ...post('vistatech'), labels: { ...labels, ...holds }, annotations: { info: secret } };
    const startsAt = '2026-11-22T07:41:26.879Z';
    for (const name of ['falco-egress.title', 'falco-egress.text']) {
      const text = render(name, { ...alert, startsAt }).join('\n');
      expect([name, text.includes('testkatz'), text.includes('hunter2')]).toEqual([name, true, false]);
    }
  });

  test('the link begins an hour before the first, whichever comes first, and names no cluster where there are two', () => {
    const late = { ...RESPONSE, startsAt: '2026-11-22T07:41:27Z' };
    const { labels } = RESPONSE;
    const other = { ...RESPONSE, labels: { ...labels, cluster: 'stage' }, startsAt: '2026-11-22T07:00:00Z' };
    expect(render('falco-egress.text', late, other).at(-1)).toBe(
      '<https://grafana.example.org/d/falco-egress-connections?var-namespace=testkatz&var-contains=nginx-6799fc88d8-996gz&from=1795327200000&to=now|What it connected to>',
    );
  });

  test('a connection without a Pod, and an alert about Falco itself', () => {
    expect(render('falco-egress.text', post('real-tcp4-ok-0'), post('hot-restart-empty-fields'))).toEqual([
      '*Warning: OUTBOUND_CORP*',
      'Where: demo / no Pod is known, node vm',
      'Process: flkcase',
      'To: 10.77.0.2:8080/tcp, SUCCESS',
      '*Critical: Falco internal: hot restart failure*',
      'Falco internal: hot restart failure: /etc/falco/falco_rules.local.yaml: Invalid',
    ]);
  });

  test('an alert of the stack, with its page', () => {
    const annotations = {
      ...{ summary: 'a quarantined Pod can still connect', description: 'See the verdicts.' },
      runbook_url: 'https://example.org/FalcoEgressNotContained.md',
    };
    const labels = { alertname: 'FalcoEgressNotContained', severity: 'critical', cluster: 'prod' };
    expect(render('falco-egress.title', { labels, annotations })).toEqual([
      '[FIRING] prod: FalcoEgressNotContained',
    ]);
    expect(render('falco-egress.text', { labels, annotations })).toEqual([
      '*critical: a quarantined Pod can still connect*',
      'See the verdicts.',
      'What to do: https://example.org/FalcoEgressNotContained.md',
    ]);
  });

  test('a thousand alerts make ten, and say how many there are', () => {
    const many = Array.from({ length: 1000 }, (_, index) => {
      const { labels, ...rest } = post('vistatech');
      return { ...rest, labels: { ...labels, evt_time: String(index) } };
    });
    const lines = render('falco-egress.text', ...many);
    expect(lines).toHaveLength(4 * 10 + 2);
    expect(lines.at(-2)).toBe('The first 10 of 1000 alerts.');
  });

  test('what a process calls itself calls nobody in the channel', () => {
    const { labels, ...rest } = post('outbound-k8s');
    const lines = render('falco-egress.text', { ...rest, labels: { ...labels, proc_name: '<!here>&' } });
    expect(lines[2]).toBe('Process: &lt;!here&gt;&amp;, as root');
  });
});
