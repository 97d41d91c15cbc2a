import type { LabelSelector, PodEnd } from '../containment';
import type { AddressRange } from '../containment/address';

/** What a policy can name: an address, or Pods by their labels. */
export type Target =
  | {
      readonly kind: 'address';
      /** The same for the same target, and for no other. */
      readonly key: string;
      readonly address: string;
      readonly range: AddressRange;
      /** What people call it, where that is known: `node node-1`. */
      readonly name: string | undefined;
      /** Why somebody should look at it. */
      readonly warning: string | undefined;
      readonly isNode: boolean;
    }
  | {
      readonly kind: 'pods';
      readonly key: string;
      readonly namespace: string;
      readonly selector: LabelSelector;
      /** `Deployment/postgres`, `Service/postgres`. */
      readonly name: string;
      /** Some of the Pods that there are. */
      readonly ends: readonly PodEnd[];
    };

/** Why no policy can say anything of a destination, or has to. */
export type Unneeded =
  /** Loopback and the like: no policy is asked. */
  | 'the Pod itself'
  /** It belonged to a Pod that is gone: now it is nobody's, or another's. */
  | 'an address of a Pod that is gone'
  | 'an address of a Service that is gone'
  | 'a port that the Service does not have'
  | 'no port'
  /** By musl, which connects to each address of a name at this port of UDP to sort them: port 0 of others. */
  | 'a look of the C library at the way, which sends nothing'
  | 'a protocol that policies do not know'
  | 'multicast';

/** A protocol that policies know. */
export type PolicyProtocol = 'TCP' | 'UDP' | 'SCTP';

/** Where packets of a connection go, once Services are replaced by their Pods. */
export interface Reached {
  readonly target: Target;
  readonly protocol: PolicyProtocol;
  readonly port: number;
}
