/** An alert of our rules, as Falco prints it; `fields` over those of the output, `body` over the rest. */
export function alertLine(fields: object = {}, body: object = {}): string {
  return JSON.stringify({
    hostname: 'node-1',
    output: '07:41:15.744381641: Warning Outbound connection',
    output_fields: {
      'container.id': '3db00b476ee2',
      'evt.arg.addr': '203.0.113.7:443',
      'evt.res': 'SUCCESS',
      'evt.type': 'connect',
      'fd.cip': '10.244.1.7',
      'fd.l4proto': 'tcp',
      'fd.sip': '203.0.113.7',
      'fd.sport': 443,
      'k8s.ns.name': 'shop',
      'k8s.pod.name': 'cart-0',
      'proc.exepath': '/usr/bin/java',
      'proc.name': 'java',
      ...fields,
    },
    priority: 'Warning',
    rule: 'Outbound',
    source: 'syscall',
    tags: [],
    time: '2026-11-22T07:41:15.744381641Z',
    ...body,
  });
}
