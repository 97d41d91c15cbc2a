import type { Connection } from '../connection';
import type { InventoryRecord } from '../../inventory/record';
import type { AlertRecord } from '../read-connection';
import type { ScanReport } from './alert-scan';
import type { Block, BlockSpace } from './blocks';

/** What lies in the lines of interest of a block. */
export interface Found {
  readonly connections: readonly Connection[];
  /** Alerts that are no connections; their fields are there until the next block is read. */
  readonly others: readonly AlertRecord[];
  readonly inventory: readonly InventoryRecord[];
}

/** Scans the blocks of a file, wherever. */
export interface Scan {
  /** So many blocks may be with it at once. */
  readonly depth: number;
  /** Where the next block is to be put. @default wherever */
  readonly space?: BlockSpace;
  /** To be given the blocks in their order. */
  scan(block: Block): Promise<Found>;
  /**
   * After the last block.
   *
   * @param error why the rest of the file can't be read
   */
  end(error: string | undefined): Promise<ScanReport>;
  /** Whether it has ended or not. */
  close(): Promise<void>;
}
