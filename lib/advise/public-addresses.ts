import { parseCidr, within, type AddressRange } from '../containment/address';

/** Networks that are not of the Internet: private ones, those of a link, and those that are kept for something else. */
export const NOT_PUBLIC = {
  4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '224.0.0.0/3',
  ],
  6: ['::/127', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
} as const;

const RANGES = [...NOT_PUBLIC[4], ...NOT_PUBLIC[6]].map(parseCidr).filter((range) => range !== undefined);

/** Whether an address may be anybody's in the Internet. */
export function isPublic(range: AddressRange): boolean {
  return !RANGES.some((each) => within(range, each));
}
