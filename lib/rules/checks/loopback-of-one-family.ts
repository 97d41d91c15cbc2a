import type { Lint } from './lint';
import { fieldOf, isEquality, valuesOf } from './reading';

/** Whoever excludes 127.0.0.0/8 alone keeps ::1: no IPv6 address is in a network of IPv4. */
export const loopbackOfOneFamily: Lint = {
  code: 'loopback-of-one-family',
  comparison(check, { negated, beside }) {
    const field = fieldOf(check);
    if (check.kind === 'exists' || field === undefined || !/^fd\.[sc]?net$/.test(field.name))
      return undefined;
    const excludes = check.operator === '!=' ? !negated : isEquality(check) && negated;
    const value = valuesOf(check).find(({ text }) => text.startsWith('127.'));
    if (!excludes || value === undefined || valuesOf(check).some(({ text }) => text.startsWith('::')))
      return undefined;
    const names = [field.name, field.name.replace('net', 'ip'), 'fd.typechar', 'fd.type'];
    const isHandled = names.some((name) =>
      beside
        .about(name, check)
        .some((fact) =>
          name.startsWith('fd.type')
            ? !fact.negated &&
              fact.checks.every((other) => valuesOf(other).every(({ text }) => /^(?:4|ipv4)$/.test(text)))
            : fact.checks.some((other) => valuesOf(other).some(({ text }) => text.startsWith('::'))),
        ),
    );
    if (isHandled) return undefined;
    const better = field.name === 'fd.net' ? 'fd.snet' : field.name;
    return {
      span: check,
      message: 'leaves the loopback of IPv6 in: no IPv6 address is in a network of IPv4',
      hint: `write: not ${better} in ("127.0.0.0/8", "::1/128")`,
    };
  },
};
