import { webhooks } from '../../responder/alert/webhooks';

const VISTATECH = webhooks.find((each) => each.case === 'vistatech')?.sent.body ?? '';

let raised = 0;

/** A line as Falco has printed it, of another Pod, container, node and moment; its rule is that of the demo. */
export function recordedAlert(of: {
  readonly namespace: string;
  readonly pod: string;
  readonly containerId: string;
  readonly node: string;
}): string {
  raised += 1;
  const time = new Date().toISOString().replace('Z', `${String(raised).padStart(6, '0')}Z`);
  return VISTATECH.replaceAll('testkatz', of.namespace)
    .replaceAll('nginx-6799fc88d8-996gz', of.pod)
    .replaceAll('3db00b476ee2', of.containerId)
    .replaceAll('node-1', of.node)
    .replaceAll('2026-11-22T07:41:15.744381641Z', time);
}
