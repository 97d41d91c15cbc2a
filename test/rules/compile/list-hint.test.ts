import { loadRules } from '../../../lib/rules';
import { withRule } from '../checks/found';

const LISTS = `- list: my_ips
  items: ["10.0.0.1"]
- list: my_sites
  items: [my_ips]
- list: all_sites
  items: [my_sites]
- list: all_ports
  items: [80]
`;

test.each([
  ['fd.sip in (my_ipz)', "there is no list 'my_ipz': did you mean 'my_ips'?"],
  ['fd.sport in (80, all_port)', "there is no list 'all_port': did you mean 'all_ports'?"],
  ['fd.snet in (nothing_alike)', "there is no list 'nothing_alike' either"],
  ['fd.sip in (all_sites)', 'of lists in lists in lists Falco leaves the names: put the items themselves in'],
  ['fd.sip in ("my_ipz")', 'compare a name with fd.sip.name; a field in val(…)'],
  ['fd.sip in (example.org)', 'compare a name with fd.sip.name; a field in val(…)'],
])('a value that may be meant for a list: %s', (comparison, hint) => {
  const text = LISTS + withRule(`evt.type = connect and evt.rawres >= 0 and ${comparison}`);
  const { findings } = loadRules([{ name: 'f.yaml', text }]);
  expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([{ hint }]);
});
