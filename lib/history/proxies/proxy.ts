import type { Destination } from '../connection';

/** Something that passes connections on, at one port or at any. */
export interface Proxy {
  readonly address: string;
  readonly port: number | undefined;
}

/** Whether a destination is that. */
export function isProxy({ address, port }: Proxy, destination: Destination): boolean {
  return address === destination.address && (port === undefined || port === destination.port);
}
