import type { ExemptionRecord, InventoryRecord } from '../../inventory/record';
import type { ExemptSpan } from '../coverage';
import type { Span } from '../measure-coverage';
import { dateOf, parseTime } from '../time';
import { Pictures } from './pictures';

/** The API server tells of labels to the second, by a clock of its own. */
const SKEW = 30_000_000_000n;
/** So many records are kept at most. */
const MOST_KEPT = 200_000;

/** What one record tells. */
interface Seen {
  readonly by: string | undefined;
  readonly since: bigint;
  readonly seen: bigint;
  readonly ended: bigint | undefined;
}

/** A time in which a namespace was exempt. */
interface Exempt {
  readonly by: string | undefined;
  from: bigint;
  seen: bigint;
  ended: bigint | undefined;
}

/** Which namespaces were exempt from our rules, and when, out of records in any order, told by any number of replicas. */
export class Exemptions {
  /** By cluster, namespace and label. */
  private readonly all = new Map<string, Seen[]>();
  private readonly pictures = new Pictures();
  private kept = 0;

  add(record: InventoryRecord): void {
    if (record.kind === 'exemption') this.note(record);
    if (record.kind === 'picture') this.pictures.add(record);
  }

  /** Those that were at some time of a span, in the order of names. */
  within(span: Span): readonly ExemptSpan[] {
    const found = [...this.all].flatMap(([key, records]) => {
      const [cluster = '', namespace = '', label = ''] = key.split('\0');
      return inTime(records).flatMap((exempt) => {
        const isOver = this.pictures.hasPassedOver(cluster, exempt.seen);
        const end = exempt.ended ?? (isOver ? exempt.seen : undefined);
        if (exempt.from >= span.to || (end !== undefined && end <= span.from)) return [];
        return [{ cluster, namespace, label, exempt, end }];
      });
    });
    const several = new Set(found.map(({ cluster }) => cluster)).size > 1;
    return found
      .sort((a, b) => Number(a.exempt.from - b.exempt.from))
      .map(({ cluster, namespace, label, exempt: { by, from }, end }) => ({
        what: several ? `${cluster}/${namespace}` : namespace,
        label,
        ...(by !== undefined && { by }),
        ...(from > span.from && { from: dateOf(from) }),
        ...(end !== undefined && end < span.to && { to: dateOf(end) }),
      }))
      .sort((a, b) => (a.what < b.what ? -1 : Number(a.what > b.what)));
  }

  private note({ cluster, namespace, label, by, ...times }: ExemptionRecord): void {
    const [since, seen] = [parseTime(times.since), parseTime(times.time)];
    if (since === undefined || seen === undefined || this.kept >= MOST_KEPT) return;
    this.kept++;
    const ended = times.ended === undefined ? undefined : parseTime(times.ended);
    const key = [cluster, namespace, label].join('\0');
    const records = this.all.get(key) ?? [];
    records.push({ by, since, seen, ended });
    this.all.set(key, records);
  }
}

/**
 * Records of one namespace and label as the times in which it was exempt. That the label was set anew, or another label by the same
 * program, which the API server tells by a later `since`, ends none.
 */
function inTime(records: readonly Seen[]): readonly Exempt[] {
  const times: Exempt[] = [];
  for (const { by, since, seen, ended } of [...records].sort((a, b) => Number(a.seen - b.seen))) {
    const last = times.at(-1);
    if (last === undefined || (last.ended !== undefined && ended === undefined && since + SKEW > last.ended))
      times.push({ by, from: since, seen, ended });
    else {
      last.seen = seen;
      if (since < last.from) last.from = since;
      // Of several who saw it gone, the first was nearest to it; who tells late of the one before tells nothing of this one.
      if (ended !== undefined && ended > last.from && (last.ended === undefined || ended < last.ended))
        last.ended = ended;
    }
  }
  return times;
}
