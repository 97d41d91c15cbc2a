import type { ExemptionRecord } from '../../inventory/record';
import type { WatchedNamespace } from '../cluster/cluster';
import type { ExemptingLabel } from '../config';
import { exemptionOf } from '../view/exemption';
import type { Untold } from './pod-record';

/**
 * What there is to be told of the exemption of a namespace; `undefined` where it has none.
 *
 * @param now for one that does not tell since when
 * @param ended when it was over
 */
export function exemptionRecord(
  namespace: WatchedNamespace,
  exempting: ExemptingLabel,
  now: string,
  ended?: string,
): Untold<ExemptionRecord> | undefined {
  const exemption = exemptionOf(namespace, exempting);
  if (exemption === undefined) return undefined;
  const { label, by, since = now } = exemption;
  return {
    ...{ kind: 'exemption', namespace: namespace.metadata?.name ?? '', label, since },
    ...(by !== undefined && { by }),
    ...(ended !== undefined && { ended }),
  };
}
