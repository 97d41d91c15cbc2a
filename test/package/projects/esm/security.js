import { readFileSync } from 'node:fs';
import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { FalcoEgress } from 'falco-egress';
import { egressTo, list, rule } from 'falco-egress/rules';

const props = JSON.parse(readFileSync(new URL('props.json', import.meta.url), 'utf8'));

/** The stack of this project, in a chart of its own. */
export function security(app = new App({ outdir: 'out' })) {
  const chart = new Chart(app, 'security');
  const stack = new FalcoEgress(chart, 'egress', {
    ...props,
    rules: [
      list('office', ['192.0.2.1']),
      rule({
        name: 'Office network',
        desc: 'A Pod connects to the office',
        condition: egressTo('office'),
        output: 'Office (pod=%k8s.pod.name dst=%fd.sip)',
        priority: 'NOTICE',
      }),
    ],
  });
  stack.labelNamespace('payments', { network: 'green' });
  // What has no setting.
  const pods = chart.node
    .findAll()
    .find((node) => ApiObject.isApiObject(node) && node.kind === 'DaemonSet' && node.name.endsWith('-falco'));
  pods.addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 20));
  return chart;
}
