import type { Change, Store, WatchedNamespace } from '../cluster/cluster';
import type { ExemptingLabel } from '../config';
import type { NamespaceReport } from '../report/report';
import { exemptionOf, type Exemption } from './exemption';

/**
 * Tells of each namespace that becomes exempt from our rules, changes its value, or is no longer exempt, from now on: whoever may
 * label a namespace may switch its monitoring off.
 */
export function tellExemptions(
  namespaces: Store<WatchedNamespace>,
  exempting: ExemptingLabel,
  tell: (report: NamespaceReport) => void,
): void {
  namespaces.subscribe((change) => {
    const report = exemptionReport(change, exempting);
    if (report !== undefined) tell(report);
  });
}

/** What is to be told of a change of a namespace; nothing of one that is gone. */
function exemptionReport(
  { key, before, after }: Change<WatchedNamespace>,
  exempting: ExemptingLabel,
): NamespaceReport | undefined {
  if (after === undefined) return undefined;
  const [was, is] = [exemptionOf(before, exempting), exemptionOf(after, exempting)];
  if (was?.label === is?.label) return undefined;
  const line =
    is === undefined
      ? `Namespace ${key.name} is watched again: ${was?.label ?? ''} is gone`
      : `Namespace ${key.name} is exempt from our egress rules now: ${is.label}${setBy(is)}`;
  const version = after.metadata?.resourceVersion ?? '';
  return { reason: 'ExemptionChanged', line, namespace: key.name, about: `${is?.label ?? ''} ${version}` };
}

function setBy({ by, since }: Exemption): string {
  if (by === undefined) return '';
  return `, set by ${JSON.stringify(by)}${since === undefined ? '' : ` at ${since}`}`;
}
