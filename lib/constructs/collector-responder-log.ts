import { ALERT_START, OWN_SOURCE } from '../responder/report/report';
import { INVENTORY_SOURCE, INVENTORY_START } from '../inventory/record';
import { objectName } from '../names';
import type { STREAM_LABELS } from '../observability/egress-stream';
import { all } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { LOGS_DIRECTORY, RETRY, STORAGE } from './collector-log';

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

function responderLog(settings: Settings): object {
  const { services } = settings.namespaces;
  const log = `${LOGS_DIRECTORY}/${services}_${objectName(settings.name, 'responder')}-*_*/responder/*.log`;
  return {
    include: [log, `${log}.2*`],
    exclude: [`${log}.2*.gz`, `${log}.2*.tmp`],
    include_file_name: false,
    start_at: 'beginning',
    storage: STORAGE,
    // An unfinished line waits for its end.
    force_flush_period: '0s',
    retry_on_failure: RETRY,
  };
}

/** Leaves the text of lines that begin so and of which a condition is true, with the time at which each came. */
function lines(start: string, condition: string): readonly object[] {
  return [
    { type: 'filter', expr: `not (body contains ' stdout F ${start}' and ${condition})` },
    {
      type: 'regex_parser',
      regex: String.raw`^(?P<time>\S+) `,
      parse_to: 'attributes',
      timestamp: {
        parse_from: 'attributes.time',
        layout_type: 'gotime',
        layout: '2006-01-02T15:04:05.999999999Z07:00',
      },
      on_error: 'send_quiet',
    },
    { type: 'remove', field: 'attributes.time', on_error: 'send_quiet' },
    { type: 'regex_replace', field: 'body', regex: String.raw`\A\S+ stdout F `, replace_with: '' },
  ];
}
