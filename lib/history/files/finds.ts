import type { Connection } from '../connection';
import type { InventoryRecord } from '../../inventory/record';
import type { AlertRecord } from '../read-connection';
import type { ScanTold } from './alert-scan';
import type { Found } from './scan';

/** Collects what is found. */
export class Finds implements ScanTold {
  private connections: Connection[] = [];
  private others: AlertRecord[] = [];
  private records: InventoryRecord[] = [];

  connection(connection: Connection): void {
    this.connections.push(connection);
  }

  other(alert: AlertRecord): void {
    this.others.push(alert);
  }

  inventory(record: InventoryRecord): void {
    this.records.push(record);
  }

  /** All since it was last taken. */
  take(): Found {
    const { connections, others, records: inventory } = this;
    [this.connections, this.others, this.records] = [[], [], []];
    return { connections, others, inventory };
  }
}
