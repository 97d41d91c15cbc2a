import { ALERT_START, OWN_SOURCE } from '../responder/report/report';
import { INVENTORY_SOURCE, INVENTORY_START } from '../inventory/record';
import { objectName } from '../names';
import type { STREAM_LABELS } from '../observability/egress-stream';
import { all } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { containerLog, READ_TIME, STORAGE } from './collector-log';

/** Whether the responder tells an inventory. */
export function tellsInventory({ responder }: Settings): boolean {
  return all(responder.enabled, responder.inventory.enabled);
}

/**
 * The inventory out of the responder's log on the node, from its beginning: a stream of its own in Loki. The text of a line
 * stays as it is, so that it can be looked for by any name and address in it.
 */
export function inventoryLines(settings: Settings): object {
  const labels: Labels = { source: INVENTORY_SOURCE, cluster: settings.cluster };
  return { ...responderLog(settings), ...resource(labels), operators: lines(INVENTORY_START, 'true') };
}

/** The responder's own alerts out of its log, of what it did: as texts of their own, like Falco's. */
export function responderAlerts(settings: Settings, takenApart: readonly object[]): object {
  const labels: Labels = { cluster: settings.cluster };
  const isOwn = `body contains '"source":"${OWN_SOURCE}"'`;
  return {
    ...responderLog(settings),
    ...resource(labels),
    operators: [...lines(ALERT_START, isOwn), ...takenApart],
  };
}

type Labels = Partial<Record<(typeof STREAM_LABELS)[number], string>>;

function resource(labels: Labels): object {
  return { resource: { 'service.name': 'falco-egress-responder', ...labels } };
}

function responderLog({ name, namespaces: { services } }: Settings): object {
  const pods = `${services}_${objectName(name, 'responder')}-*_*`;
  return { ...containerLog(pods, 'responder'), storage: STORAGE };
}

/** Leaves the text of lines that begin so and of which a condition is true, with the time at which each came. */
function lines(start: string, condition: string): readonly object[] {
  return [
    { type: 'filter', expr: `not (body contains ' stdout F ${start}' and ${condition})` },
    ...READ_TIME,
    { type: 'regex_replace', field: 'body', regex: String.raw`\A\S+ stdout F `, replace_with: '' },
  ];
}
