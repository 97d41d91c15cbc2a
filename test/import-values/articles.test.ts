import { imported, said, synthesized } from './values';

/** The helm commands of the article of April 2021, as the values file that they amount to; the rules as it has them. */
const MONITORING = `falcosidekick:
  enabled: true
  webui:
    enabled: true
  config:
    loki:
      hostport: https://12345:glc_KEYKEYKEY@logs-prod-us-central1.grafana.net
ebpf:
  enabled: true
customRules:
  outbound.yaml: |-
    - macro: outbound_corp
      condition: >
        (((evt.type = connect and evt.dir=<) or
          (evt.type in (sendto,sendmsg) and evt.dir=< and
           fd.l4proto != tcp and fd.connected=false and fd.name_changed=true)) and
         (fd.typechar = 4 or fd.typechar = 6) and
         (fd.ip != "0.0.0.0" and fd.net != "127.0.0.0/8") and
         (evt.rawres >= 0 or evt.res = EINPROGRESS))

    - list: k8s_not_monitored
      items: ['"green"', '"blue"']

    - rule: kubernetes outbound connection
      desc: A pod in namespace attempted to connect to the outer world
      condition: outbound_corp and k8s.ns.name != "" and not k8s.ns.label.network in (k8s_not_monitored)
      output: "Outbound network traffic connection from a Pod: (pod=%k8s.pod.name namespace=%k8s.ns.name srcip=%fd.cip dstip=%fd.sip dstport=%fd.sport proto=%fd.l4proto procname=%proc.name)"
      priority: WARNING
`;

/** The rule of the talk of 2021, and its falcosidekick: Loki in the cluster, Slack, a function of Kubeless. */
const TALK = `falcosidekick:
  enabled: true
  webui: { enabled: true }
  config:
    loki: { hostport: 'http://loki.monitoring:3100' }
    slack: { webhookurl: 'https://hooks.slack.com/services/T000/B000/XXXXXXXX' }
    kubeless: { function: isolate-pod, namespace: kubeless, port: 8080 }
customRules:
  website.yaml: |
    - list: website_ips
      items: ['"213.215.222.58"', '"213.215.222.59"']

    - rule: Connection to vistatech.it
      desc: Detect attempts to connect to Vista Technology website${' '}
      condition: outbound and fd.sip in (website_ips)
      output: Outbound connection to Vista Technology website https://www.vistatech.it${' '}
            (command=%proc.cmdline connection=%fd.name container_id=%container.id container_name=%container.name${' '}
            %container.info image=%container.image)
      priority: WARNING
      tags: [network]
`;

test('the article: everything comes along but what reads labels of namespaces', () => {
  const result = imported(MONITORING);
  expect(said(result)).toEqual([
    '2:3 taken falcosidekick.enabled',
    '4:5 taken falcosidekick.webui.enabled',
    '7:7 taken falcosidekick.config.loki.hostport',
    '9:3 gone ebpf.enabled',
    '11:3 taken customRules."outbound.yaml"',
    '12:7 unmapped customRules."outbound.yaml"',
    '14:35 taken customRules."outbound.yaml"',
    '16:34 taken customRules."outbound.yaml"',
    '18:34 taken customRules."outbound.yaml"',
    '21:7 unmapped customRules."outbound.yaml"',
    '26:62 unmapped customRules."outbound.yaml"',
  ]);
  const message = (line: number): string | undefined =>
    result.lines.find((one) => one.line === line)?.message;
  // Macro and list have the names of ours, and take their place.
  expect(message(12)).toMatch(/^the stack has a macro 'outbound_corp' too/);
  expect(message(21)).toMatch(/^the stack has a list 'k8s_not_monitored' too/);
  expect(message(14)).toMatch(/^changed: evt\.dir = < is left out: .* \(2 times\)$/);
  expect(message(26)).toBe(
    "rule 'kubernetes outbound connection' is left out: Falco would refuse it: k8s.ns.label takes its key in brackets; write k8smeta.ns.label[network]",
  );
  expect(result.settings).toEqual({
    cluster: 'prod',
    sidekick: {
      enabled: true,
      loki: {
        url: 'https://logs-prod-us-central1.grafana.net',
        credentials: { secret: 'falco-egress-outputs' },
      },
    },
    sidekickUi: { enabled: true },
  });
  expect(Object.keys(result.rules)).toEqual(['outbound.yaml']);
  expect(result.secrets.map(({ key, line, column }) => [key, line, column])).toEqual([
    ['LOKI_USER', 7, 17],
    ['LOKI_APIKEY', 7, 17],
  ]);
  expect(JSON.stringify(result)).not.toMatch(/glc_|12345/);
  const files = synthesized(result);
  expect(result.rules['outbound.yaml']).not.toMatch(/evt\.dir|- rule:/);
  expect(files.get('10-rules.yaml')).toContain('((evt.type = connect) or');
  expect(files.get('30-sidekick.yaml')).toContain('name: falco-egress-outputs');
});

test('the talk: rules and outputs come along, and its function is for the responder', () => {
  const result = imported(TALK);
  expect(said(result).filter((line) => !line.includes(' taken '))).toEqual([
    '7:17 unmapped falcosidekick.config.kubeless.function',
    '7:40 gone falcosidekick.config.kubeless.namespace',
    '7:61 gone falcosidekick.config.kubeless.port',
  ]);
  expect(result.lines.find(({ line }) => line === 18)?.message).toBe(
    'changed: %container.info is left out: it is printed as nothing since Falco 0.41',
  );
  expect(result.settings).toMatchObject({
    sidekick: {
      loki: { url: 'http://loki.monitoring:3100' },
      // All alerts went to Slack; by default only warnings do here.
      slack: {
        webhookUrl: { secret: 'falco-egress-outputs', key: 'SLACK_WEBHOOKURL' },
        minimumPriority: '',
      },
    },
  });
  expect(JSON.stringify(result)).not.toContain('XXXXXXXX');
  expect(synthesized(result).get('10-rules.yaml')).toContain('- rule: Connection to vistatech.it');
});
