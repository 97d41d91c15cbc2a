import { PRODUCT, RESPONDER_FIELD_MANAGER } from '../../names';
import type { EventToWrite } from './cluster';

/** What the API server takes at most. */
const LONGEST_MESSAGE = 1024;

/** The Event, core/v1, as it is created. */
export function eventBody({ namespace, name, regarding, time, ...event }: EventToWrite) {
  const { kind, apiVersion, uid } = regarding;
  const seconds = `${time.toISOString().slice(0, 19)}Z`;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name },
    type: event.type,
    reason: event.reason,
    action: event.action,
    message: event.message.slice(0, LONGEST_MESSAGE),
    // Without a namespace it is refused outside of `default`.
    involvedObject: {
      ...{ kind, apiVersion, name: regarding.name, namespace: regarding.namespace ?? namespace },
      ...(uid !== undefined && { uid }),
    },
    source: { component: RESPONDER_FIELD_MANAGER },
    reportingComponent: `${PRODUCT}.io/responder`,
    reportingInstance: RESPONDER_FIELD_MANAGER,
    firstTimestamp: seconds,
    lastTimestamp: seconds,
    eventTime: time.toISOString().replace('Z', '000Z'),
    count: 1,
  };
}
