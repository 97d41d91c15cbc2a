import type { Lint } from './lint';
import { fieldOf, valuesOf } from './reading';

/** Of `fd.net in (a, b)` Falco reads `a` only. */
export const networkOfSeveral: Lint = {
  code: 'network-of-several',
  comparison(check) {
    if (check.kind === 'exists' || check.operator !== 'in' || fieldOf(check)?.name !== 'fd.net')
      return undefined;
    const [, second] = valuesOf(check);
    if (second === undefined) return undefined;
    return {
      span: check,
      message: 'of several networks fd.net looks at the first only',
      hint: 'use fd.snet (server) or fd.cnet (client)',
    };
  },
};
