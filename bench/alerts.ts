/** To which few of the alerts go. */
export const ADDRESS = '213.215.222.58';
/** One in so many goes to the address: as in the measurement that is recorded, 83 of a million. */
const ONE_IN = 12_000;
const START = Date.parse('2026-11-22T00:00:00Z');
const DAY = 86_400_000;

/** Alerts of a day in the shape of our rules, from 200 Pods to 5,000 destinations. */
export function* alerts(count: number): Generator<string> {
  for (let at = 0; at < count; at++) {
    const pod = at % 200;
    const other = (at * 7919) % 5000;
    const destination = at % ONE_IN === 0 ? ADDRESS : `198.51.${other >> 8}.${other & 255}`;
    const time = new Date(START + Math.floor((at * DAY) / count)).toISOString().slice(0, -1);
    const fields = {
      ...{
        'container.id': `3db0${pod.toString(16).padStart(8, '0')}`,
        'container.image.repository': 'example.org/shop/cart',
      },
      ...{
        'container.image.tag': '1.27',
        'evt.arg.addr': `${destination}:443`,
        'evt.hostname': `node-${pod % 12}`,
      },
      ...{
        'evt.res': 'EINPROGRESS',
        'evt.type': 'connect',
        'fd.cip': `10.244.1.${pod}`,
        'fd.cport': 32768 + (at % 28000),
      },
      ...{ 'fd.l4proto': 'tcp', 'fd.sip': destination, 'fd.sport': 443, 'k8s.ns.name': `team-${pod % 20}` },
      ...{
        'k8s.pod.name': `cart-${pod}-6799fc88d8-996gz`,
        'k8s.pod.uid': '0c2f6a3e-7c1a-4a55-9d0e-2f1f6f3f7a10',
      },
      ...{ 'k8smeta.deployment.name': `cart-${pod}`, 'proc.exepath': '/usr/bin/java', 'proc.name': 'java' },
      ...{ 'proc.pid': 1000 + (at % 3000), 'proc.pname': 'tini', 'user.name': 'app', 'user.uid': 1000 },
    };
    const output = Object.entries(fields)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
    yield `${JSON.stringify({
      ...{
        hostname: `node-${pod % 12}`,
        output: `Outbound network traffic of a Pod, recorded: (${output})`,
        output_fields: fields,
      },
      ...{
        priority: 'Informational',
        rule: 'Outbound network traffic',
        source: 'syscall',
        tags: ['egress', 'network'],
      },
      time: `${time}${String(at % 1_000_000).padStart(6, '0')}Z`,
    })}\n`;
  }
}
