import type { Lint } from './lint';
import { fieldOf } from './reading';

/** `fd.ip in (…)` is never true, whatever is in the list. */
export const addressInList: Lint = {
  code: 'address-in-list',
  comparison(check) {
    if (check.kind === 'exists' || check.operator !== 'in' || fieldOf(check)?.name !== 'fd.ip')
      return undefined;
    return {
      span: check,
      message: 'fd.ip in (…) is never true',
      hint: 'use fd.sip (server) or fd.cip (client)',
    };
  },
};
