import { DEPENDENCIES } from './versions';

const ENVIRONMENT = `# yaml-language-server: $schema=../node_modules/falco-egress/environments/settings.schema.json
# One file, one environment; another may begin with "extends: production".
cluster: production
rulesFrom:
  - ../rules/website
# Namespaces that are not watched:
namespaceLabels: {}
`;

const RULES = `# Falco's own form. Rules of ours are there already: every outbound connection of a Pod is an alert.
- list: website_ips
  items: ['213.215.222.58', '213.215.222.59']

- rule: Connection to vistatech.it
  desc: A Pod connects to the Vista Technology website
  # A refused connect has no fd.sip, only the address that was asked for.
  condition: >
    evt.type = connect and (fd.sip in (website_ips)
    or evt.arg.addr startswith oneof ("213.215.222.58:", "213.215.222.59:"))
  output: Connection to vistatech.it (pod=%k8s.pod.name ns=%k8s.ns.name dst=%fd.sip:%fd.sport proc=%proc.name)
  priority: WARNING
  tags: [network]
`;

const RULES_TEST = `# Events in, alerts expected: npm test.
rules: website.yaml
tests:
  - name: curl to the website
    given: { evt.type: connect, evt.res: EINPROGRESS, fd.sip: 213.215.222.58, fd.sport: 443, proc.name: curl }
    expect:
      alerts: [{ rule: Connection to vistatech.it, priority: WARNING }]

  - name: curl to the website, refused
    given: { evt.type: connect, evt.res: ECONNREFUSED, evt.arg.addr: '213.215.222.58:443', proc.name: curl }
    expect:
      alerts: [{ rule: Connection to vistatech.it }]

  - name: curl to another address
    given: { evt.type: connect, evt.res: EINPROGRESS, fd.sip: 93.184.215.14, fd.sport: 443, proc.name: curl }
    expect: none
`;

/** A project of settings and rules alone. */
export function yamlFiles(name: string): [path: string, text: string][] {
  const packageJson = {
    name,
    private: true,
    scripts: {
      synth: 'falco-egress synth',
      test: 'falco-egress rules test rules',
      check: 'falco-egress synth --check',
    },
    dependencies: DEPENDENCIES,
  };
  return [
    ['package.json', `${JSON.stringify(packageJson, null, 2)}\n`],
    ['environments/production.yaml', ENVIRONMENT],
    ['rules/website/website.yaml', RULES],
    ['rules/website/website.test.yaml', RULES_TEST],
  ];
}
