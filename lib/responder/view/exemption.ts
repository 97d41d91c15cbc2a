import type { WatchedNamespace } from '../cluster/cluster';
import type { ExemptingLabel } from '../config';

/** That a namespace is exempt from our rules, and who made it so: the user stands in the API server's audit log alone. */
export interface Exemption {
  /** The label with its value. */
  readonly label: string;
  /** The program that set it. */
  readonly by: string | undefined;
  /** When it did. */
  readonly since: string | undefined;
}

/** The exemption of a namespace; `undefined` where it has none. */
export function exemptionOf(
  namespace: WatchedNamespace | undefined,
  { label, values }: ExemptingLabel,
): Exemption | undefined {
  const { labels, managedFields } = namespace?.metadata ?? {};
  const value = labels?.[label];
  if (value === undefined || !values.includes(value)) return undefined;
  const entry = managedFields?.findLast(
    ({ fieldsV1 }) => fieldsV1?.['f:metadata']?.['f:labels']?.[`f:${label}`] !== undefined,
  );
  return { label: `${label}=${value}`, by: entry?.manager, since: entry?.time };
}
