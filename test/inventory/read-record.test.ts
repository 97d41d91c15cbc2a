import fc from 'fast-check';
import { readInventoryRecord } from '../../lib/inventory/read-record';
import { INVENTORY_START, printInventoryRecord } from '../../lib/inventory/record';
import {
  at,
  endpointAt,
  exemptionAt,
  nodeAt,
  pictureAt,
  podAt,
  serviceAt,
} from '../history/inventory/records';

test.each([
  podAt('cart-0', at(1), { ended: at(2), hostNetwork: true, containers: ['3db00b476ee2'] }),
  serviceAt('cart', at(1)),
  endpointAt('db', at(1)),
  endpointAt('db', at(1), { ended: at(2), address: 'db.example.org', ports: [] }),
  nodeAt('node-1', at(1)),
  nodeAt('node-1', at(1), { ended: at(2) }),
  exemptionAt('shop', at(1)),
  exemptionAt('shop', at(1), { by: 'kubectl-label', ended: at(2) }),
  pictureAt(at(1)),
])('what is printed is read again: %o', (record) => {
  const line = printInventoryRecord(record);
  expect(line.startsWith(INVENTORY_START)).toBe(true);
  expect(readInventoryRecord(line)).toEqual(record);
});

const POD = JSON.parse(printInventoryRecord(podAt('cart-0', at(1)))) as object;

test.each([
  ['half a line', '{"inventory":1,"kind":"pod"'],
  ['another version', JSON.stringify({ ...POD, inventory: 2 })],
  ['another kind', JSON.stringify({ ...POD, kind: 'secret' })],
  ['no name', JSON.stringify({ ...POD, name: '' })],
  ['a number for a name', JSON.stringify({ ...POD, name: 1 })],
  ['a text for addresses', JSON.stringify({ ...POD, ips: '10.0.0.5' })],
  ['a number among addresses', JSON.stringify({ ...POD, ips: [1] })],
  ['more addresses than a Pod has', JSON.stringify({ ...POD, ips: Array(1025).fill('10.0.0.5') })],
  [
    'an exemption without a label',
    JSON.stringify({ inventory: 1, ...exemptionAt('shop', at(1)), label: '' }),
  ],
  ['a node without a name', JSON.stringify({ inventory: 1, ...nodeAt('', at(1)) })],
  [
    'an endpoint without an address',
    JSON.stringify({ inventory: 1, ...endpointAt('db', at(1)), address: '' }),
  ],
  ['an endpoint without ports', JSON.stringify({ inventory: 1, ...endpointAt('db', at(1)), ports: null })],
  ['a list', '[1]'],
  ['a picture without a time', JSON.stringify({ inventory: 1, kind: 'picture', cluster: 'c' })],
  ['a picture every 0 seconds', JSON.stringify({ inventory: 1, ...pictureAt(at(1)), every: 0 })],
])('%s is no record', (_, line) => {
  expect(readInventoryRecord(line)).toBeUndefined();
});

test('whatever a line holds, it is read or left', () => {
  const values = fc.oneof(fc.constant(POD), fc.object(), fc.anything());
  fc.assert(
    fc.property(values, fc.object(), (value, more) => {
      const line = JSON.stringify(typeof value === 'object' ? { ...value, ...more } : [value]);
      const record = readInventoryRecord(line);
      if (record !== undefined)
        expect(['pod', 'service', 'endpoint', 'node', 'exemption', 'picture']).toContain(record.kind);
    }),
  );
});
