import type { EndpointRecord } from '../../inventory/record';
import type { WatchedEndpoints, WatchedService } from '../cluster/cluster';
import type { Untold } from './pod-record';

/** What stands behind a Service, by one slice, or by its own name for something else. */
export interface Behind {
  readonly uid: string;
  readonly namespace: string;
  readonly service: string;
  /** Since when, for what is not known to have been there before. */
  readonly since: string;
  readonly addresses: readonly string[];
  readonly ports: readonly string[];
}

/** What there is to tell of one address. */
export interface ToldEndpoint {
  /** Of the address in its slice. */
  readonly id: string;
  readonly record: Untold<EndpointRecord>;
}

/** More stand in the slices of others only where whole clusters are joined. */
const MOST_ADDRESSES = 50_000;

/** What a slice says. */
export function behindSlice({ metadata = {}, service, changed, addresses, ports }: WatchedEndpoints): Behind {
  const { namespace = '', uid = '' } = metadata;
  return { uid, namespace, service, since: changed, addresses: service === '' ? [] : addresses, ports };
}

/**
 * What a Service is another name for.
 *
 * @param since for one that was there before, and had another
 */
export function behindName({ metadata = {}, spec = {} }: WatchedService, since?: string): Behind {
  const { namespace = '', name = '', uid = '', creationTimestamp = '' } = metadata;
  const addresses = spec.externalName === undefined ? [] : [spec.externalName];
  return { uid, namespace, service: name, since: since ?? creationTimestamp, addresses, ports: [] };
}

/** Since when addresses have stood behind Services: each is told of when it comes, and when it goes, whatever else its slice has. */
export class EndpointTimes {
  /** By the id of each. */
  private readonly since = new Map<string, string>();

  /**
   * @param full told when there are more than are kept
   * @param most so many are kept
   */
  constructor(
    private readonly full: () => void,
    private readonly most = MOST_ADDRESSES,
  ) {}

  /** All that are there. */
  here(behind: Behind): readonly ToldEndpoint[] {
    return behind.addresses.flatMap((address) => {
      const id = idOf(behind, address);
      if (!this.since.has(id)) {
        if (this.since.size >= this.most) {
          this.full();
          return [];
        }
        this.since.set(id, behind.since);
      }
      return [{ id, record: recordOf(behind, address, this.since.get(id)) }];
    });
  }

  /** Those that have gone with a change: with their end. */
  gone(before: Behind, after: Behind | undefined, now: string): readonly ToldEndpoint[] {
    const left = new Set(after?.addresses.map((address) => idOf(after, address)));
    return before.addresses.flatMap((address) => {
      const id = idOf(before, address);
      const since = this.since.get(id);
      if (left.has(id) || since === undefined) return [];
      this.since.delete(id);
      return [{ id, record: recordOf(before, address, since, now) }];
    });
  }
}

function recordOf(
  { uid, namespace, service, since: told, ports }: Behind,
  address: string,
  since = told,
  ended?: string,
): Untold<EndpointRecord> {
  const identity = { namespace, name: service, uid, since, ...(ended !== undefined && { ended }) };
  return { kind: 'endpoint', ...identity, address, ports };
}

function idOf({ uid, service, ports }: Behind, address: string): string {
  return [uid, service, address, ...ports].join(' ');
}
