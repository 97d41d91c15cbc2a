import type { ServiceRecord } from '../../inventory/record';
import type { WatchedService } from '../cluster/cluster';
import type { Untold } from './pod-record';

/** What the inventory tells of a Service. */
export function serviceRecord(service: WatchedService, gone?: string): Untold<ServiceRecord> {
  const { namespace = '', name = '', uid = '', creationTimestamp = '' } = service.metadata ?? {};
  const { clusterIPs = [], externalIPs = [], ports = [] } = service.spec ?? {};
  const ips = [...clusterIPs, ...externalIPs, ...(service.ingressIPs ?? [])];
  return {
    kind: 'service',
    ...{ namespace, name, uid, since: creationTimestamp },
    ...(gone !== undefined && { ended: gone }),
    ips: [...new Set(ips)].filter((ip) => ip !== 'None'),
    ports: ports.map(({ port, protocol = 'TCP' }) => `${port}/${protocol.toLowerCase()}`),
  };
}
