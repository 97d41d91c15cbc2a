import { createHash, type Hash } from 'node:crypto';
import { printTime } from '../time';
import type { RangeQuery } from './loki-client';

/** A query that a Loki was sent, and what came: for whoever checks the answer. */
export interface AskedQuery {
  /** Of the Loki. */
  readonly name: string;
  readonly query: string;
  /** The earliest and the latest time that it was sent for. */
  readonly from: string;
  readonly to: string;
  /** Seconds between the points of a query for numbers. */
  readonly step?: number;
  /** Where lines were asked for from the end. */
  readonly direction?: 'backward';
  /** How often it was sent, for parts of the time or again. */
  readonly requests: number;
  readonly answers: number;
  /** Of all answers, one after the other as they came. */
  readonly sha256: string;
}

interface Asked extends Pick<RangeQuery, 'query' | 'step' | 'direction'> {
  start: bigint;
  end: bigint;
  requests: number;
  answers: number;
  readonly hash: Hash;
}

/** Keeps all queries that a Loki was sent. Whoever sends one can't leave it out. */
export class AskedQueries {
  private readonly all = new Map<string, Asked>();

  /**
   * Takes note that a query is sent now.
   *
   * @returns to be told the answer
   */
  note({ query, start, end, step, direction }: RangeQuery): (body: string) => void {
    const key = JSON.stringify([query, step, direction]);
    let asked = this.all.get(key);
    if (asked === undefined) {
      asked = { query, step, direction, start, end, requests: 0, answers: 0, hash: createHash('sha256') };
      this.all.set(key, asked);
    }
    const noted = asked;
    if (start < noted.start) noted.start = start;
    if (end > noted.end) noted.end = end;
    noted.requests++;
    return (body) => {
      noted.answers++;
      noted.hash.update(body);
    };
  }

  /** In the order in which they were first sent. */
  get(name: string): readonly AskedQuery[] {
    return [...this.all.values()].map(({ query, start, end, step, direction, requests, answers, hash }) => ({
      ...{ name, query, from: printTime(start), to: printTime(end) },
      ...(step !== undefined && { step }),
      ...(direction === 'backward' && { direction }),
      ...{ requests, answers, sha256: hash.copy().digest('hex') },
    }));
  }
}
