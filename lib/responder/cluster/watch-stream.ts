import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock';

/** A line of a watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: unknown;
}

const NEWLINE = 0x0a;

/**
 * Reads a watch until the API server ends it. Rejects where it is cut, where a line is none, or where nothing comes any more:
 * bookmarks come every minute, so that a connection that is silent for longer is dead.
 *
 * @param heard told of each piece that comes
 */
export function readWatch(
  response: IncomingMessage,
  options: {
    readonly silence: number;
    readonly clock: Clock;
    readonly heard: () => void;
    readonly event: (event: WatchEvent) => void;
  },
): Promise<void> {
  const { silence, clock, heard, event } = options;
  return new Promise((resolve, reject) => {
    const lines = new LineReader((line) => {
      event(JSON.parse(line) as WatchEvent);
    });
    const expectMore = (): (() => void) =>
      clock.after(silence, () => {
        response.destroy(new Error(`nothing came for ${silence} ms`));
      });
    let cancel = expectMore();
    response.on('data', (chunk: Buffer) => {
      cancel();
      cancel = expectMore();
      heard();
      try {
        lines.push(chunk);
      } catch (error) {
        response.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    response.once('end', resolve);
    response.once('error', reject);
    response.once('close', () => {
      cancel();
      reject(new Error('the connection was cut'));
    });
  });
}

/** Lines out of pieces of any size; what comes after the last newline waits for more. */
class LineReader {
  private begun: Buffer[] = [];

  constructor(private readonly line: (line: string) => void) {}

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      const part = chunk.subarray(from, end);
      const whole = this.begun.length === 0 ? part : Buffer.concat([...this.begun, part]);
      this.begun = [];
      from = end + 1;
      if (whole.length > 0) this.line(whole.toString('utf8'));
    }
    if (from < chunk.length) this.begun.push(chunk.subarray(from));
  }
}
