import type { FieldValue } from '../event';
import { addressOf, type Address } from './address';
import { AddressSet } from './address-set';
import { networkOf, singleAddress, type AddressRange } from './network';
import type { BaseOperator } from './operator';
import type { Test } from './test';

/** An address is compared with addresses, or with networks. */
export type AddressType = 'IPADDR' | 'IPNET';

/** Compares with one address or network: one of the other family is never equal, and always unequal. */
export function addressTest(type: AddressType, operator: BaseOperator, text: string): Test {
  return onAddress(endTest(type, operator, text));
}

/** Whether an address is one of some, or in one of some networks. */
export function addressListTest(type: AddressType, texts: readonly string[]): Test {
  const set = setOf(type, texts);
  return onAddress((address) => set.has(address));
}

/** Compares addresses that were read already. */
export function endTest(
  type: AddressType,
  operator: BaseOperator,
  text: string,
): (address: Address) => boolean {
  const set = setOf(type, [text]);
  switch (operator) {
    case '=':
    case '==':
      return (address) => set.has(address);
    case '!=':
      return (address) => !set.has(address);
    default:
      return () => false;
  }
}

function setOf(type: AddressType, texts: readonly string[]): AddressSet {
  const read = type === 'IPADDR' ? singleAddress : networkOf;
  return new AddressSet(texts.map(read).filter((range): range is AddressRange => range !== undefined));
}

function onAddress(holds: (address: Address) => boolean): Test {
  return (value: FieldValue) => {
    const address = typeof value === 'string' ? addressOf(value) : undefined;
    return address !== undefined && holds(address);
  };
}
