import type { Lint } from './lint';
import { fieldOf, isEquality } from './reading';

/** What only a socket with an address can be asked for. */
const OF_SOCKETS = [
  ...[
    'fd.type',
    'fd.typechar',
    'fd.sockfamily',
    'fd.sip',
    'fd.cip',
    'fd.snet',
    'fd.cnet',
    'fd.sport',
    'fd.cport',
  ],
  ...['fd.rip', 'fd.lip', 'fd.rport', 'fd.lport', 'fd.sip.name', 'fd.cip.name', 'fd.sproto', 'fd.cproto'],
];

/** `fd.l4proto` is the text `<NA>` of files, too. */
export const protocolWithoutType: Lint = {
  code: 'protocol-without-type',
  comparison(check, { negated, beside }) {
    if (check.kind === 'exists' || fieldOf(check)?.name !== 'fd.l4proto') return undefined;
    const excludes = check.operator === '!=' ? !negated : isEquality(check) && negated;
    if (!excludes) return undefined;
    const hasType = OF_SOCKETS.some((name) =>
      beside
        .about(name, check)
        .some(
          ({ negated: denied, checks }) =>
            !denied && checks.every((other) => OF_SOCKETS.includes(fieldOf(other)?.name ?? '')),
        ),
    );
    if (hasType) return undefined;
    return {
      span: check,
      message: "fd.l4proto is '<NA>' of files, pipes and Unix sockets, so this is true of them",
      hint: 'add fd.typechar in (4, 6), or name the protocols: fd.l4proto in (udp, icmp)',
    };
  },
};
