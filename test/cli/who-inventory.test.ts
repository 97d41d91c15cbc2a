import { printInventoryRecord, type InventoryRecord } from '../../lib/inventory/record';
import { alertLine } from '../history/alert';
import { at, endpointAt, exemptionAt, pictureAt, podAt, serviceAt } from '../history/inventory/records';
import { Project } from './project';

const project = new Project();
afterAll(() => {
  project.remove();
});

const WEB = { owners: ['ReplicaSet/web-5d', 'Deployment/web'], ips: ['10.0.0.9'] };
const RECORDS: readonly InventoryRecord[] = [
  podAt('web-5d-x', at(1), { ...WEB, containers: ['aaaaaaaaaaaa'] }),
  podAt('web-5d-y', at(1), { ...WEB, ips: ['10.0.0.8'], containers: ['bbbbbbbbbbbb'], uid: 'uid-y' }),
  podAt('cart-0', at(1), { owners: ['StatefulSet/cart'], services: ['carts'] }),
  podAt('cart-0', at(20), { owners: ['StatefulSet/cart'], ended: at(20) }),
  // Another Pod gets its address, and it another one.
  podAt('other-x', at(22), { owners: ['Deployment/other'], since: at(21) }),
  podAt('cart-0', at(22), {
    uid: 'uid-cart-2',
    owners: ['StatefulSet/cart'],
    since: at(21),
    ips: ['10.0.0.6'],
  }),
  serviceAt('cart', at(1)),
  serviceAt('carts', at(1), { ips: [] }),
  exemptionAt('hidden', at(22), { since: at(20), by: 'kubectl-label' }),
  // Of a Service without a selector; another one leads to the same.
  serviceAt('db', at(1), { ips: ['10.96.0.9'], ports: ['3306/tcp'] }),
  endpointAt('db', at(6), { since: at(5) }),
  endpointAt('db', at(26), { since: at(5), ended: at(26) }),
  endpointAt('db-ro', at(22), { since: at(21) }),
  endpointAt('pay', at(1), { address: 'localhost', ports: [], uid: 'uid-of-pay' }),
  pictureAt(at(0)),
];

const UNKNOWN = { 'k8s.ns.name': null, 'k8s.pod.name': null, 'container.id': 'aaaaaaaaaaaa' };
const to = (address: string, fields: object, minute: number): string =>
  alertLine({ 'fd.sip': address, 'evt.arg.addr': `${address}:443`, ...fields }, { time: at(minute) });
function toDatabase(address: string, port: number, minute: number, fields: object = {}): string {
  return to(address, { ...UNKNOWN, 'fd.sport': port, 'evt.arg.addr': null, ...fields }, minute);
}
const ALERTS = [
  to('10.0.0.5', UNKNOWN, 5),
  to('10.0.0.5', { ...UNKNOWN, 'container.id': 'bbbbbbbbbbbb' }, 6),
  to('10.0.0.5', { ...UNKNOWN, 'container.id': 'cccccccccccc' }, 7),
  to('10.0.0.5', UNKNOWN, 25),
  to('10.0.0.6', UNKNOWN, 26),
  to('10.96.0.7', { 'k8s.pod.name': 'other-x' }, 27),
  ...[3, 10, 24, 27].map((minute) => toDatabase('203.0.113.7', 5432, minute)),
  ...[toDatabase('203.0.113.7', 443, 11), toDatabase('10.96.0.9', 3306, 12)],
  ...[toDatabase('198.51.100.3', 443, 13, { 'fd.sip.name': 'Localhost' }), toDatabase('127.0.0.1', 443, 14)],
];

beforeAll(() => {
  project.write('alerts.jsonl', `${ALERTS.join('\n')}\n`);
  const log = JSON.stringify({ time: at(0), level: 'info', message: 'responder started', port: 8443 });
  const lines = [log, ...RECORDS.map(printInventoryRecord)];
  project.write('responder.log', lines.map((line) => `${at(1)} stdout F ${line}\n`).join(''));
});

interface Told {
  readonly rows: readonly {
    readonly namespace?: string;
    readonly workload: { readonly kind: string; readonly name: string; readonly derived: boolean };
    readonly destination: {
      readonly address: string;
      readonly was: readonly { readonly name: string; readonly endpoint?: true }[];
    };
    readonly times: number;
    readonly pods: readonly string[];
  }[];
  readonly notes: readonly string[];
  readonly partial: boolean;
  readonly coverage: object;
}

function ask(...args: string[]): Told {
  const { code, out, error } = project.run('who', ...args, '--json');
  expect([code, error]).toEqual([0, '']);
  return JSON.parse(out) as Told;
}

const rowsOf = ({ rows }: Told) =>
  rows.map(({ namespace, workload: { kind, name }, destination, times }) => [
    ...[namespace, `${kind}/${name}`, times, destination.address],
    destination.was.map((known) => known.name).join(),
  ]);

test.each([[['alerts.jsonl', 'responder.log']], [['responder.log', 'alerts.jsonl']]])(
  'Pods that the alerts do not know are known by their containers: %s',
  (files) => {
    const told = ask('10.0.0.5', ...files);
    expect(rowsOf(told)).toEqual([
      [undefined, 'Container/cccccccccccc', 1, '10.0.0.5', 'cart-0'],
      // Both Pods of the Deployment, and both who had the address.
      ['shop', 'Deployment/web', 3, '10.0.0.5', 'cart-0,other-x'],
    ]);
    expect(told.rows[1]).toMatchObject({ pods: ['web-5d-x', 'web-5d-y'], workload: { derived: false } });
  },
);

test('an alert without Pod and container is of the Pod that had its address, and rows of nobody are one', () => {
  const from = (client: string, minute: number): string =>
    to('203.0.113.9', { ...UNKNOWN, 'container.id': null, 'fd.cip': client }, minute);
  const lines = [from('10.0.0.9', 5), from('10.0.0.8', 6), from('192.0.2.1', 7), from('192.0.2.2', 8)];
  project.write('untold.jsonl', `${lines.join('\n')}\n`);
  expect(rowsOf(ask('203.0.113.9', 'untold.jsonl'))).toEqual([
    [undefined, 'Unknown/node-1', 4, '203.0.113.9', ''],
  ]);
  const told = ask('203.0.113.9', 'untold.jsonl', 'responder.log');
  expect(rowsOf(told)).toEqual([
    [undefined, 'Unknown/node-1', 2, '203.0.113.9', ''],
    ['shop', 'Deployment/web', 2, '203.0.113.9', ''],
  ]);
  expect(told.rows[1]).toMatchObject({ pods: ['web-5d-x', 'web-5d-y'], workload: { derived: false } });
});

test('a Pod by its name: only what reached it while it had the address', () => {
  const told = ask('pod:shop/cart-0', 'alerts.jsonl', 'responder.log');
  expect(rowsOf(told)).toEqual([
    [undefined, 'Container/cccccccccccc', 1, '10.0.0.5', 'cart-0'],
    ['shop', 'Deployment/web', 2, '10.0.0.5', 'cart-0'],
    ['shop', 'Deployment/web', 1, '10.0.0.6', 'cart-0'],
  ]);
  expect(told.notes).toContain('Pod shop/cart-0 had 10.0.0.5 from 2026-11-22 10:00 to 2026-11-22 10:20');
});

test('a Service by its name, and by the Pods behind one that has no address', () => {
  expect(rowsOf(ask('service:shop/cart', 'alerts.jsonl', 'responder.log'))).toEqual([
    ['shop', 'Deployment/other', 1, '10.96.0.7', 'cart'],
  ]);
  expect(rowsOf(ask('service:shop/carts', 'alerts.jsonl', 'responder.log'))).toHaveLength(2);
});

describe('a Service without a selector', () => {
  const times = (told: Told) =>
    told.rows.map(({ destination: { address, was }, times }) => [
      address,
      was.map(({ name, endpoint }) => (endpoint === true ? `led by ${name}` : name)).join(),
      times,
    ]);

  test('by its name: its own address, and what it led to then, at that port', () => {
    const told = ask('service:shop/db', 'alerts.jsonl', 'responder.log');
    expect(times(told)).toEqual([
      ['203.0.113.7', 'led by db,led by db-ro', 2],
      ['10.96.0.9', 'db', 1],
    ]);
    expect(told.notes).toContain(
      'Service shop/db led to 203.0.113.7 at 5432/tcp from 2026-11-22 10:05 to 2026-11-22 10:26',
    );
  });

  test('an address is named as all that led to it', () => {
    const args = ['203.0.113.7', 'alerts.jsonl', 'responder.log'];
    const { out } = project.run('who', ...args);
    expect(out).toMatch(/203\.0\.113\.7:5432\/tcp \(Service shop\/db and Service shop\/db-ro\)/);
    expect(out).toMatch(/203\.0\.113\.7:443\/tcp {2,}/);
    expect(project.run('who', ...args, '--csv').out).toContain('Service shop/db; Service shop/db-ro');
  });

  test('that is another name: alerts that name it, and the addresses that it has today', () => {
    const told = ask('service:shop/pay', 'alerts.jsonl', 'responder.log');
    expect(times(told)).toEqual([
      ['198.51.100.3', 'led by pay', 1],
      ['127.0.0.1', '', 1],
    ]);
    expect(told.notes.join()).toContain('Service shop/pay led to localhost from 2026-11-22 10:00');
    expect(told.notes.join()).toMatch(/service:shop\/pay resolves today to .*127\.0\.0\.1.*, then perhaps/);
  });

  test('that leads to very many addresses: the first are told with their times, and all are asked for', () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      endpointAt('far', at(1), { address: `198.51.${index >> 8}.${index & 255}`, uid: `uid-${index}` }),
    );
    project.write(
      'many.log',
      [...many, pictureAt(at(0))].map((each) => `${printInventoryRecord(each)}\n`).join(''),
    );
    project.write('far.jsonl', toDatabase('198.51.1.40', 5432, 3));
    const told = ask('service:shop/far', 'far.jsonl', 'many.log');
    expect(times(told)).toEqual([['198.51.1.40', 'led by far', 1]]);
    expect(told.notes.filter((note) => note.startsWith('Service shop/far'))).toHaveLength(21);
    expect(told.notes).toContain('Service shop/far had or led to 280 addresses more');
  });

  test('of a time before such were told of, it is what it was', () => {
    const old = RECORDS.filter(({ kind }) => kind !== 'endpoint').map(printInventoryRecord);
    project.write('old.log', `${old.join('\n')}\n`);
    expect(times(ask('service:shop/db', 'alerts.jsonl', 'old.log'))).toEqual([['10.96.0.9', 'db', 1]]);
    expect(times(ask('203.0.113.7', 'alerts.jsonl', 'old.log')).map(([, was]) => was)).toEqual(['', '']);
  });
});

test('the table names what an address was then', () => {
  const { out } = project.run('who', '10.0.0.0/24', 'alerts.jsonl', 'responder.log');
  expect(out).toContain('10.0.0.5:443/tcp (Pod shop/cart-0, then Pod shop/other-x)');
  expect(out).not.toContain('~');
  const { out: csv } = project.run('who', '10.0.0.0/24', 'alerts.jsonl', 'responder.log', '--csv');
  expect(csv).toContain('Pod shop/cart-0; Pod shop/other-x');
});

test('a namespace that was exempt meanwhile is told of with the coverage', () => {
  const { coverage, notes } = ask('10.0.0.5', 'alerts.jsonl', 'responder.log');
  expect(coverage).toEqual({
    kind: 'unknown',
    why: 'no canary records',
    exempt: [{ what: 'hidden', label: 'network=green', by: 'kubectl-label', from: at(20) }],
  });
  expect(notes.join()).toContain('namespaces hidden from 2026-11-22 10:20 by kubectl-label (exempt)');
});

test('the log of the responder holds no alerts and is no damage', () => {
  const { rows, partial, notes } = ask('0.0.0.0/0', 'responder.log');
  expect([rows, partial]).toEqual([[], false]);
  expect(notes).toContain('responder.log: 15 records of the inventory');
  expect(notes.join()).not.toContain('alerts from');
});

test('a Pod that no inventory knows is asked of the cluster, of which there has to be one', () => {
  const { code, error } = project.run('who', 'pod:shop/nobody', 'responder.log', '--kubeconfig', 'no.such');
  expect(code).toBe(2);
  expect(error).toContain('no.such');
});

test.each(['pod:cart-0', 'service:shop', 'pod:shop/cart/0', 'shop/cart-0'])('%s is no address', (text) => {
  const { code, error } = project.run('who', text, 'alerts.jsonl');
  expect(code).toBe(2);
  expect(error).toContain('pod:');
});
