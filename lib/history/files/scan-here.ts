import { AlertScan, type LinesAsked, type ScanReport } from './alert-scan';
import type { Block } from './blocks';
import { Finds } from './finds';
import type { Found, Scan } from './scan';

/** Scans blocks at once, in the thread that reads them. */
class ScanHere implements Scan {
  readonly depth = 1;
  private readonly finds = new Finds();
  private readonly alerts: AlertScan;

  constructor(asked: LinesAsked) {
    this.alerts = new AlertScan(asked, this.finds);
  }

  scan(block: Block): Promise<Found> {
    this.alerts.scan(block);
    return Promise.resolve(this.finds.take());
  }

  end(error: string | undefined): Promise<ScanReport> {
    return Promise.resolve(this.alerts.end(error));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** @param asked which lines are of interest */
export function scanHere(asked: LinesAsked): Scan {
  return new ScanHere(asked);
}
