import type { Named } from './known';

/** Kubernetes tells times to the second, and the clocks of nodes differ: so near to a change of hands both are meant. */
export const NEAR = 2_000_000_000n;

/** A time in which something had an address, or a host name. */
export interface Holding {
  readonly known: Named;
  readonly address: string;
  /** In nanoseconds since 1970: `from` is within, `to` is not. */
  readonly from: bigint;
  readonly to: bigint;
  /** At which ports alone it is meant, as `443/tcp`; at any where there is none. */
  readonly ports?: readonly string[];
}
