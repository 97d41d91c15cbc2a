import { parentPort, workerData } from 'node:worker_threads';
import { AlertScan, type LinesAsked, type ScanReport } from './alert-scan';
import { ScanBatchWriter, type ScanBatch } from './scan-batch';

/** What the thread is told: of memory that blocks will be put in, of a block that lies there, and that there are no more. */
export type ScanMessage =
  | { readonly kind: 'space'; readonly slot: number; readonly memory: SharedArrayBuffer }
  | { readonly kind: 'block'; readonly slot: number; readonly length: number; readonly afterTooLong: boolean }
  | { readonly kind: 'end'; readonly error: string | undefined };

/** What it answers: a batch to each block, in their order, and a report at the end. */
export type ScanAnswer = ScanBatch | ScanReport;

/** A program of its own in the bundle: scans blocks while the main thread unpacks the next, and counts what was found. */
function scanInThread(): void {
  const batch = new ScanBatchWriter();
  const scan = new AlertScan(workerData as LinesAsked, batch);
  const spaces = new Map<number, Buffer>();
  parentPort?.on('message', (message: ScanMessage) => {
    switch (message.kind) {
      case 'space':
        spaces.set(message.slot, Buffer.from(message.memory));
        return;
      case 'block': {
        const { slot, length, afterTooLong } = message;
        scan.scan({ bytes: (spaces.get(slot) ?? Buffer.alloc(0)).subarray(0, length), afterTooLong });
        answer(batch.take());
        return;
      }
      case 'end':
        answer(scan.end(message.error));
    }
  });
}

function answer(message: ScanAnswer): void {
  parentPort?.postMessage(message);
}

scanInThread();
