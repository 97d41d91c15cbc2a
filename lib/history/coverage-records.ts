import { CANARY_RULE } from '../rules/library/names';
import { Canaries } from './canaries';
import { DROP_RULE, Losses } from './losses';
import type { InventoryRecord } from '../inventory/record';
import { Exemptions } from './inventory/exemptions';
import { NodeLives } from './inventory/node-lives';
import type { AlertRecord } from './read-connection';

/** What lines hold that tell of the coverage; whoever reads only some lines of a file wants these too. */
export const COVERAGE_TEXTS = [CANARY_RULE, DROP_RULE];

/** What tells of the time in which alerts could have been: canaries, what Falco lost, and namespaces of which it tells nothing. */
export class CoverageRecords {
  readonly canaries = new Canaries();
  readonly losses = new Losses();
  /** Out of the inventory. */
  readonly exemptions = new Exemptions();
  readonly lives = new NodeLives();

  /** Takes an alert that is no connection; whether it tells of the coverage alone. */
  note(alert: AlertRecord): boolean {
    if (alert.rule === CANARY_RULE) this.canaries.note(alert);
    else if (alert.rule === DROP_RULE) this.losses.note(alert);
    else return false;
    return true;
  }

  /** Takes a record of the inventory. */
  noteInventory(record: InventoryRecord): void {
    this.exemptions.add(record);
    this.lives.add(record);
  }
}
