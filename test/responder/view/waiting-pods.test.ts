import {
  QUARANTINE_APPROVAL_ANNOTATION,
  QUARANTINE_DISMISSAL_ANNOTATION,
  QUARANTINE_PENDING_ANNOTATION,
} from '../../../lib/names';
import { waitingPods } from '../../../lib/responder/view/waiting-pods';

const waits = (why: string, response: string, agreedBy?: string) => ({
  ...{ reason: 'Rule', response, alert: 'a', raised: '2026-11-22T09:15:00Z', since: '2026-11-22T09:15:00Z' },
  ...{ why, line: 'waits', ...(agreedBy !== undefined && { agreedBy }) },
});
const pod = (pending: unknown, annotations: Readonly<Record<string, string>> = {}) => ({
  metadata: { annotations: { [QUARANTINE_PENDING_ANNOTATION]: JSON.stringify(pending), ...annotations } },
});

test.each([
  ['for approval', pod(waits('approval', 'cut')), { approval: 1, limit: 0 }],
  ['at a limit', pod(waits('limit-minute', 'cut')), { approval: 0, limit: 1 }],
  ['for both', pod([waits('approval', 'cut'), waits('limit-minute', 'evict')]), { approval: 1, limit: 1 }],
  ['for nothing', { metadata: {} }, { approval: 0, limit: 0 }],
  [
    'for nothing more, since somebody has agreed',
    pod(waits('limit-minute', 'cut', 'ada'), { [QUARANTINE_APPROVAL_ANNOTATION]: 'ada' }),
    { approval: 0, limit: 0 },
  ],
  [
    'for nothing more, since somebody refuses',
    pod(waits('limit-minute', 'cut'), { [QUARANTINE_DISMISSAL_ANNOTATION]: 'ada' }),
    { approval: 0, limit: 0 },
  ],
])('a Pod that waits %s', (_, each, expected) => {
  expect(waitingPods([{ metadata: {} }, each])).toEqual(expected);
});
