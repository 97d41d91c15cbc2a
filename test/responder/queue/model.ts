/** What becomes of a run. */
export type End =
  { readonly is: 'done' } | { readonly is: 'failed' } | { readonly is: 'again'; readonly ms: number };

interface Waiting {
  readonly key: string;
  readonly since: number;
  first: boolean;
}

/** The queue as one would explain it: plain lists, everything looked up by searching. */
export class QueueModel {
  /** Of what begins, in order. */
  readonly begun: string[] = [];
  running: string[] = [];
  /** In the order in which they were added. */
  private dirty: Waiting[] = [];
  private lanes: { first: string[]; other: string[] } = { first: [], other: [] };
  private later: { readonly key: string; readonly at: number }[] = [];
  private failures: string[] = [];
  private firsts = 0;
  private time = 0;

  constructor(
    private readonly concurrency: number,
    private readonly limit: number,
  ) {}

  add(key: string, first: boolean): boolean {
    const isNew = !this.dirty.some((each) => each.key === key);
    if (isNew && this.dirty.length >= this.limit) return false;
    this.take(key, first);
    this.begin();
    return true;
  }

  addAfter(key: string, ms: number): void {
    const at = this.time + ms;
    if (this.later.some((each) => each.key === key && each.at <= at)) return;
    this.later = [...this.later.filter((each) => each.key !== key), { key, at }];
  }

  pass(ms: number): void {
    this.time += ms;
    const due = this.later.filter(({ at }) => at <= this.time).sort((a, b) => a.at - b.at);
    this.later = this.later.filter(({ at }) => at > this.time);
    for (const { key, at } of due) this.take(key, false, at);
    this.begin();
  }

  end(key: string, end: End): void {
    if (end.is === 'failed') {
      const before = this.failures.filter((each) => each === key).length;
      this.failures.push(key);
      this.addAfter(key, Math.min(5 * 2 ** before, 1_000_000));
    } else {
      this.failures = this.failures.filter((each) => each !== key);
      if (end.is === 'again') this.addAfter(key, end.ms);
    }
    this.running = this.running.filter((each) => each !== key);
    const again = this.dirty.find((each) => each.key === key);
    if (again !== undefined) this.lanes[again.first ? 'first' : 'other'].push(key);
    this.begin();
  }

  get depth() {
    const waits = this.dirty[0];
    return { waiting: this.dirty.length, running: this.running.length, later: this.later.length, waits };
  }

  private take(key: string, first: boolean, since = this.time): void {
    const waiting = this.dirty.find((each) => each.key === key);
    if (waiting === undefined) {
      this.dirty.push({ key, since, first });
      if (!this.running.includes(key)) this.lanes[first ? 'first' : 'other'].push(key);
      return;
    }
    if (!first || waiting.first) return;
    waiting.first = true;
    if (!this.lanes.other.includes(key)) return;
    this.lanes.other = this.lanes.other.filter((each) => each !== key);
    this.lanes.first.push(key);
  }

  private begin(): void {
    const { first, other } = this.lanes;
    while (this.running.length < this.concurrency && first.length + other.length > 0) {
      const lane = first.length > 0 && !(this.firsts >= 16 && other.length > 0) ? first : other;
      this.firsts = lane === first ? this.firsts + 1 : 0;
      const key = lane.shift() ?? '';
      this.dirty = this.dirty.filter((each) => each.key !== key);
      this.running.push(key);
      this.begun.push(key);
    }
  }
}
