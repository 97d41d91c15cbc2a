import * as fc from 'fast-check';
import { addressOf } from '../../../lib/rules/evaluate/compare/address';
import { AddressSet } from '../../../lib/rules/evaluate/compare/address-set';
import { networkOf, singleAddress } from '../../../lib/rules/evaluate/compare/network';

function set(...texts: string[]): AddressSet {
  return new AddressSet(
    texts.map((text) => networkOf(text) ?? singleAddress(text)).filter((range) => range !== undefined),
  );
}

function isIn(address: string, ...texts: string[]): boolean {
  const parsed = addressOf(address);
  return parsed !== undefined && set(...texts).has(parsed);
}

describe('addresses', () => {
  test.each([
    ['::1', '0:0:0:0:0:0:0:1'],
    ['FD77::2', 'fd77:0::0002'],
    ['::ffff:10.77.0.2', '::ffff:a4d:2'],
    ['1::', '1:0:0:0:0:0:0:0'],
    ['::', '0::0'],
  ])('%s is %s', (a, b) => {
    expect(addressOf(a)).toBeDefined();
    expect(addressOf(a)).toEqual(addressOf(b));
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    ' 1.2.3.4',
    '1:2:3',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '::12345',
    '1.2.3.4::',
    ':1:2:3:4:5:6:7',
    '::ffff:1.2.3',
    '<NA>',
  ])('%j is none', (text) => {
    expect(addressOf(text)).toBeUndefined();
  });

  test('stay right when very many were asked for', () => {
    const texts = Array.from({ length: 10_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
    expect(texts.map(addressOf)).toEqual(
      texts.map((_, index) => ({ family: 4, value: 10 * 2 ** 24 + index })),
    );
    expect(addressOf('10.0.0.0')).toEqual({ family: 4, value: 10 * 2 ** 24 });
  });
});

describe('networks', () => {
  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/x', '::/129', '/8', 'x/8', '1.1.1.1/-1'])(
    '%j is none',
    (text) => {
      expect(networkOf(text)).toBeUndefined();
    },
  );

  test.each([
    ['10.77.0.2', '10.77.0.0/16', true],
    ['10.78.0.0', '10.77.0.0/16', false],
    ['10.77.0.2', '10.77.9.9/16', true],
    ['255.255.255.255', '0.0.0.0/0', true],
    ['::1', '0.0.0.0/0', false],
    ['1.2.3.4', '1.2.3.4/32', true],
    ['1.2.3.5', '1.2.3.4/32', false],
    ['128.0.0.0', '128.0.0.0/1', true],
    ['127.255.255.255', '128.0.0.0/1', false],
    ['fd77::2', 'fd77::/64', true],
    ['fd77:0:0:1::2', 'fd77::/64', false],
    ['fd77:0:0:1::2', 'fd77::/63', true],
    ['::1', '::1/128', true],
    ['::2', '::1/128', false],
    ['::ffff:10.0.0.1', '10.0.0.0/8', false],
  ])('%s in %s: %s', (address, network, expected) => {
    expect(isIn(address, network)).toBe(expected);
  });

  const v4 = fc.tuple(fc.nat(255), fc.nat(3), fc.nat(3), fc.nat(255)).map((bytes) => bytes.join('.'));
  const v6 = fc
    .array(fc.constantFrom('0', '1', 'fd77', 'ffff'), { minLength: 8, maxLength: 8 })
    .map((groups) => groups.join(':'));
  const network = fc.oneof(
    fc.tuple(v4, fc.nat(32)).map(([address, prefix]) => `${address}/${prefix}`),
    fc.tuple(v6, fc.nat(128)).map(([address, prefix]) => `${address}/${prefix}`),
  );

  test('many at once say what each says alone', () => {
    fc.assert(
      fc.property(fc.array(network, { maxLength: 12 }), fc.oneof(v4, v6), (networks, address) => {
        expect(isIn(address, ...networks)).toBe(networks.some((one) => isIn(address, one)));
      }),
    );
  });

  test('hold their first and last address', () => {
    fc.assert(
      fc.property(network, (text) => {
        const range = networkOf(text);
        expect(range && set(text).has(range.first) && set(text).has(range.last)).toBe(true);
      }),
    );
  });
});
