import type { Destination } from './connection';

/** `example.org:443`, `[2001:db8::7]:443`; the host alone where no port is told. */
export function endpointText(host: string, port: number | undefined): string {
  if (port === undefined) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `203.0.113.7:443/tcp`. */
export function destinationText({
  address,
  port,
  protocol,
}: Pick<Destination, 'address' | 'port' | 'protocol'>): string {
  return `${endpointText(address, port)}${protocol === undefined ? '' : `/${protocol}`}`;
}
