import { createTwoFilesPatch } from 'diff';
import { Document } from 'yaml';
import type { Advice } from '../../advise/advice';
import type { ClusterState } from '../../advise/cluster-state';
import type { NetworkPolicy } from '../../containment';
import { inertYaml } from '../../inert-yaml';
import { inert } from '../../rules/evaluate/printable';

/** A policy that is there, or is advised, as another. */
export interface PolicyDiff {
  /** `shop/cart-egress` */
  readonly policy: string;
  readonly change: 'added' | 'changed';
  /** As `kubectl diff` prints it. */
  readonly text: string;
}

/** What applying the advice would change. */
export function diffOf(advice: readonly Advice[], { policies }: ClusterState): readonly PolicyDiff[] {
  return advice.flatMap((each): PolicyDiff[] => {
    if (each.kind === 'none') return [];
    const { name, namespace } = each.policy.metadata;
    const there = policies.find(
      ({ metadata }) => metadata?.name === name && metadata.namespace === namespace,
    );
    const [before, after] = [there === undefined ? '' : textOf(there), textOf(each.policy)];
    if (before === after) return [];
    const policy = `${namespace}/${name}`;
    // A header is one line; what YAML has of the names is quoted.
    const told = inert(policy);
    return [
      {
        ...{ policy, change: there === undefined ? 'added' : 'changed' },
        text: createTwoFilesPatch(
          there === undefined ? '/dev/null' : `cluster/${told}`,
          `advised/${told}`,
          before,
          after,
          undefined,
          undefined,
          { context: 3 },
        ).replace(/^=+\n/, ''),
      },
    ];
  });
}

/** What is compared: annotations change with each further day of history. */
function textOf({ metadata = {}, spec }: NetworkPolicy): string {
  const { name, namespace } = metadata;
  const object = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec,
  };
  return inertYaml(new Document(object, { aliasDuplicateObjects: false, sortMapEntries: true }));
}
