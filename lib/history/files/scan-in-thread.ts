import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LinesAsked, ScanReport } from './alert-scan';
import type { Block } from './blocks';
import type { Found, Scan } from './scan';
import { scanHere } from './scan-here';
import { ScanBatchReader, type ScanBatch } from './scan-batch';
import type { ScanAnswer, ScanMessage } from './scan-thread';

/** Lies beside the bundle of the command line, and nowhere else. */
const PROGRAM = join(__dirname, 'scan-thread.js');
/** A file of fewer bytes, compressed or not, is read before a thread has begun. */
const WORTH_A_THREAD = 16 << 20;
/** Blocks in the thread, on their way, and being unpacked. */
const DEPTH = 3;

/** How a file of so many bytes is read fastest. */
export function scanOfSize(bytes: number): (asked: LinesAsked) => Scan {
  const isWorthThread = bytes >= WORTH_A_THREAD && availableParallelism() > 1 && existsSync(PROGRAM);
  return isWorthThread ? (asked) => new ScanInThread(asked) : scanHere;
}

/** Scans blocks in a thread of its own, while this one unpacks the next and counts what was found. */
class ScanInThread implements Scan {
  readonly depth = DEPTH;
  private readonly thread: Worker;
  private readonly batches = new ScanBatchReader();
  private readonly spaces: Buffer[] = [];
  private count = 0;
  private readonly waiting: {
    readonly resolve: (answer: ScanAnswer) => void;
    readonly reject: (error: unknown) => void;
  }[] = [];

  constructor(asked: LinesAsked) {
    this.thread = new Worker(PROGRAM, { workerData: asked });
    this.thread.on('message', (answer: ScanAnswer) => this.waiting.shift()?.resolve(answer));
    this.thread.on('error', (error) => {
      this.fail(error);
    });
    this.thread.on('exit', (code) => {
      this.fail(new Error(`the thread that reads alerts ended with ${code}`));
    });
  }

  /** Of the block that is asked for next: what lies there was scanned, since only so many are under way. */
  readonly space = (length: number): Buffer => {
    const slot = this.count % DEPTH;
    const known = this.spaces[slot];
    if (known !== undefined && known.length >= length) return known;
    const memory = new SharedArrayBuffer(length + (length >> 1));
    this.send({ kind: 'space', slot, memory });
    return (this.spaces[slot] = Buffer.from(memory));
  };

  async scan({ bytes, afterTooLong }: Block): Promise<Found> {
    const slot = this.count++ % DEPTH;
    const batch = await this.ask({ kind: 'block', slot, length: bytes.length, afterTooLong });
    return this.batches.read(batch as ScanBatch);
  }

  async end(error: string | undefined): Promise<ScanReport> {
    return (await this.ask({ kind: 'end', error })) as ScanReport;
  }

  async close(): Promise<void> {
    await this.thread.terminate();
  }

  private fail(error: unknown): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }

  private ask(message: ScanMessage): Promise<ScanAnswer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.send(message);
    });
  }

  private send(message: ScanMessage): void {
    this.thread.postMessage(message);
  }
}
