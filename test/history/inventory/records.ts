import type {
  EndpointRecord,
  ExemptionRecord,
  NodeRecord,
  PictureRecord,
  PodRecord,
  ServiceRecord,
} from '../../../lib/inventory/record';

/** The time so many minutes after ten o'clock. */
export function at(minute: number, second = 0): string {
  return new Date(Date.UTC(2026, 10, 22, 10, minute, second)).toISOString();
}

/** The same in nanoseconds. */
export function nanoseconds(minute: number, second = 0): bigint {
  return BigInt(Date.parse(at(minute, second))) * 1_000_000n;
}

/** A record of a Pod; the name tells all that isn't told. */
export function podAt(name: string, time: string, parts: Partial<PodRecord> = {}): PodRecord {
  return {
    ...{ kind: 'pod', cluster: 'c', time, namespace: 'shop', name, uid: `uid-${name}`, since: at(0) },
    ...{ node: 'node-1', ips: ['10.0.0.5'], containers: [], owners: [`StatefulSet/${name}`], services: [] },
    ...parts,
  };
}

export function serviceAt(name: string, time: string, parts: Partial<ServiceRecord> = {}): ServiceRecord {
  const uid = `uid-of-service-${name}`;
  return {
    ...{ kind: 'service', cluster: 'c', time, namespace: 'shop', name, uid, since: at(0) },
    ...{ ips: ['10.96.0.7'], ports: ['443/tcp'] },
    ...parts,
  };
}

/** A record of what a Service leads to. */
export function endpointAt(name: string, time: string, parts: Partial<EndpointRecord> = {}): EndpointRecord {
  return {
    ...{ kind: 'endpoint', cluster: 'c', time, namespace: 'shop', name, uid: `uid-of-slice-${name}` },
    ...{ since: at(0), address: '203.0.113.7', ports: ['5432/tcp'] },
    ...parts,
  };
}

export function nodeAt(name: string, time: string, parts: Partial<NodeRecord> = {}): NodeRecord {
  const uid = `uid-of-node-${name}`;
  return { ...{ kind: 'node', cluster: 'c', time, name, uid, since: at(0), ips: ['192.168.0.1'] }, ...parts };
}

export function exemptionAt(
  namespace: string,
  time: string,
  parts: Partial<ExemptionRecord> = {},
): ExemptionRecord {
  const label = 'network=green';
  return { ...{ kind: 'exemption', cluster: 'c', time, namespace, label, since: at(0) }, ...parts };
}

export function pictureAt(began: string, parts: Partial<PictureRecord> = {}): PictureRecord {
  return { kind: 'picture', cluster: 'c', time: began, began, every: 3600, ...parts };
}
