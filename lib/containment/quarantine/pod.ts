import { QUARANTINE_LABEL, QUARANTINE_VALUE } from '../../names';
import type { Metadata } from '../objects';

/** A Pod, core/v1, as a quarantine reads it. Times are texts in the API's JSON, and Dates in client-node's objects. */
export interface Pod {
  readonly metadata?: Metadata & {
    readonly creationTimestamp?: string | Date;
    readonly ownerReferences?: readonly {
      readonly uid: string;
      readonly kind: string;
      readonly name: string;
      readonly controller?: boolean;
    }[];
  };
  readonly spec?: { readonly hostNetwork?: boolean };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  /** `containerd://` and 64 hexadecimal digits. */
  readonly containerID?: string;
  readonly lastState?: { readonly terminated?: { readonly containerID?: string } };
}

/** Whether it carries the quarantine label. */
export function isQuarantined({ metadata }: Pod): boolean {
  return metadata?.labels?.[QUARANTINE_LABEL] === QUARANTINE_VALUE;
}

/** UID of its controller, if it has one. */
export function controllerOf({ metadata }: Pod): string | undefined {
  return metadata?.ownerReferences?.find(({ controller }) => controller === true)?.uid;
}

/** Whether it is Ready, so that a PodDisruptionBudget counts it as healthy. */
export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;
}

/** Ids of its containers, those of the last restart among them. */
export function containerIds({ status }: Pod): string[] {
  const all = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  return all
    .flatMap(({ containerID, lastState }) => [containerID, lastState?.terminated?.containerID])
    .filter((id) => id !== undefined)
    .map((id) => id.replace(/^[a-z-]+:\/\//, ''));
}
