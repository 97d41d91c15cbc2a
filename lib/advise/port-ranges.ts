import type { NetworkPolicyPort } from '../containment/objects';
import type { PolicyProtocol } from './target';

/** How ports become ranges. */
interface PortRule {
  /** Up to so many ports and ranges of one protocol are listed. */
  readonly most: number;
  /** From this port on, more than that become one range. */
  readonly from: number;
}

const PORT_RULE: PortRule = { most: 10, from: 1024 };

interface Range {
  readonly first: number;
  readonly last: number;
}

/** A range of ports, and whether it holds ports that nobody was seen at. */
export interface Ports {
  readonly ports: readonly NetworkPolicyPort[];
  readonly isWider: boolean;
}

/**
 * Ports as a policy lists them: three or more in a row as a range. Where still more than `most` of one protocol are left, those
 * from port `from` on become one range, from the lowest to the highest seen.
 */
export function portsOf(
  seen: readonly { readonly protocol: PolicyProtocol; readonly port: number }[],
  rule: PortRule = PORT_RULE,
): Ports {
  let isWider = false;
  const ports = (['TCP', 'UDP', 'SCTP'] as const).flatMap((protocol) => {
    const numbers = seen.filter((each) => each.protocol === protocol).map(({ port }) => port);
    let ranges = inRows([...new Set(numbers)].sort((a, b) => a - b));
    if (ranges.length > rule.most) {
      const low = ranges.filter(({ first }) => first < rule.from);
      const high = ranges.filter(({ first }) => first >= rule.from);
      const [lowest, highest] = [high[0], high.at(-1)];
      isWider ||= high.length > 1;
      if (lowest !== undefined && highest !== undefined)
        ranges = [...low, { first: lowest.first, last: highest.last }];
    }
    return ranges.map(({ first, last }): NetworkPolicyPort => ({
      ...{ protocol, port: first },
      ...(last > first && { endPort: last }),
    }));
  });
  return { ports, isWider };
}

/** Rows of two are listed one by one: a range of two is harder to read. */
function inRows(sorted: readonly number[]): Range[] {
  const rows: { first: number; last: number }[] = [];
  for (const port of sorted) {
    const row = rows.at(-1);
    if (row?.last === port - 1) row.last = port;
    else rows.push({ first: port, last: port });
  }
  return rows.flatMap(({ first, last }) =>
    last - first === 1
      ? [
          { first, last: first },
          { first: last, last },
        ]
      : [{ first, last }],
  );
}
