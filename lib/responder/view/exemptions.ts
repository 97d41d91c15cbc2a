import type { Change, Store, WatchedNamespace } from '../cluster/cluster';
import type { ExemptingLabel } from '../config';
import type { NamespaceReport } from '../report/report';

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
  const [was, is] = [exemptingValue(before, exempting), exemptingValue(after, exempting)];
  if (was === is) return undefined;
  const { label } = exempting;
  const line =
    is === undefined
      ? `Namespace ${key.name} is watched again: ${label}=${was ?? ''} is gone`
      : `Namespace ${key.name} is exempt from our egress rules now: ${label}=${is}${setBy(after, label)}`;
  const version = after.metadata?.resourceVersion ?? '';
  return { reason: 'ExemptionChanged', line, namespace: key.name, about: `${is ?? ''} ${version}` };
}

/** The value by which a namespace is exempt. */
function exemptingValue(
  namespace: WatchedNamespace | undefined,
  { label, values }: ExemptingLabel,
): string | undefined {
  const value = namespace?.metadata?.labels?.[label];
  return value !== undefined && values.includes(value) ? value : undefined;
}

/** The program that set the label, and when: the API server keeps no more with the object; the user stands in its audit log. */
function setBy({ metadata }: WatchedNamespace, label: string): string {
  const entry = metadata?.managedFields?.findLast(
    ({ fieldsV1 }) => fieldsV1?.['f:metadata']?.['f:labels']?.[`f:${label}`] !== undefined,
  );
  if (entry?.manager === undefined) return '';
  return `, set by ${JSON.stringify(entry.manager)}${entry.time === undefined ? '' : ` at ${entry.time}`}`;
}
