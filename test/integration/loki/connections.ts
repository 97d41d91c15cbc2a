import { RECORD_RULE } from '../../../lib/rules/library';

const PROCESSES = ['curl', 'java', 'wget'];
const PODS = 5;
const ADDRESSES = 4;

/** Connections as Falco tells of them, of a known number of each kind, all at the present time. */
export class Connections {
  private readonly times = new Map<string, number>();
  private made = 0;
  private begin = '';
  private end = '';

  /** @param network the first three bytes of all addresses */
  constructor(private readonly network: string) {}

  /** How many there are. */
  get count(): number {
    return [...this.times.values()].reduce((sum, times) => sum + times, 0);
  }

  /** The times of the first and of the last, which its record may exceed within its minute. */
  get first(): string {
    return this.begin;
  }

  get last(): string {
    return `${this.end.slice(0, 17)}59.999999999Z`;
  }

  /** Process, address and number of those that are alike. */
  expected(): string[] {
    return [...this.times].map(([key, times]) => `${key} ${times}`).sort();
  }

  /** Lines of a node's log, of the record tier. */
  records(count: number): string {
    return this.lines(count, {
      rule: RECORD_RULE,
      priority: 'Informational',
      tags: ['egress', 'network', 'record'],
    });
  }

  /** Lines of a node's log, of the alert tier: of a program and to an address that no record is about. */
  alerts(count: number): string {
    return this.lines(count, { rule: 'Connection to vistatech.it', priority: 'Warning', tags: ['network'] });
  }

  private lines(count: number, alert: object): string {
    return Array.from({ length: count }, () => this.line(alert)).join('');
  }

  private line(alert: object): string {
    const n = this.made++;
    const isRecord = 'priority' in alert && alert.priority === 'Informational';
    const process = isRecord ? (PROCESSES[n % PROCESSES.length] ?? '') : 'nc';
    const address = `${this.network}.${isRecord ? 1 + (n % ADDRESSES) : 200}`;
    const key = `${process} ${address}`;
    this.times.set(key, (this.times.get(key) ?? 0) + 1);
    const time = new Date().toISOString().replace('Z', `${String(n % 1_000_000).padStart(6, '0')}Z`);
    this.begin ||= time;
    this.end = time;
    const fields = {
      'container.id': `3db00b476ee${n % PODS}`,
      'evt.arg.addr': `${address}:443`,
      'evt.hostname': 'node-1',
      ...{
        'evt.res': 'EINPROGRESS',
        'evt.type': 'connect',
        'fd.cip': `10.244.1.${n % PODS}`,
        'fd.cport': 30_000 + (n % 20_000),
      },
      ...{ 'fd.l4proto': 'tcp', 'fd.sip': address, 'fd.sport': 443, 'k8s.ns.name': 'shop' },
      'k8s.pod.name': `cart-${n % PODS}`,
      'k8s.pod.uid': `5ad2c2c8-0000-0000-0000-00000000000${n % PODS}`,
      'k8smeta.deployment.name': null,
      'proc.exepath': `/usr/bin/${process}`,
      ...{ 'proc.name': process, 'proc.pid': 1000 + n },
    };
    const text = JSON.stringify({
      hostname: 'node-1',
      output: `a connection of ${process} to ${address} (n=${n})`,
      output_fields: fields,
      ...{ source: 'syscall', ...alert, time },
    });
    return `${time} stdout F ${text}\n`;
  }
}
