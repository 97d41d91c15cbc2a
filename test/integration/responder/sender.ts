import { setTimeout as sleep } from 'node:timers/promises';

/** Between two tries, in milliseconds. */
const PAUSE = 250;

/** Sends until it is taken, as the collector does, and remembers how it was answered. */
export class Sender {
  /** How many answers there were of each status. */
  readonly answers = new Map<number, number>();
  /** Requests whose connection was refused or broke. */
  broken = 0;
  /** Requests that were not answered in time. */
  late = 0;

  /** Posts again and again; resolves once the answer is 200, rejects at one that says not to come again. */
  async insist(post: () => Promise<number>): Promise<void> {
    for (;;) {
      const status = await this.once(post);
      if (status === 200) return;
      if (status !== undefined && status !== 503 && status !== 429) throw new Error(`answered ${status}`);
      await sleep(PAUSE);
    }
  }

  private async once(post: () => Promise<number>): Promise<number | undefined> {
    try {
      const status = await post();
      this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
      return status;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'TimeoutError') this.late += 1;
      else this.broken += 1;
      return undefined;
    }
  }
}
