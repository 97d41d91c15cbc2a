import type { AddressRange } from '../../containment/address';
import { addressOf } from '../../history/address';
import type { Connection } from '../../history/connection';
import { endpointText } from '../../history/endpoint-text';
import { counted } from '../../history/holes';
import { isProxy, type Proxy } from '../../history/proxies/proxy';
import { Tally } from '../../history/tally';
import { UsageError } from '../../synth/usage-error';

/** So many of those who went to a proxy are named. */
const MOST_NAMED = 10;

/** Reads what `--proxy` names: an address, or one with a port. */
export function proxyOf(text: string): Proxy {
  const [, open, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = addressOf(text) ?? addressOf(open ?? plain ?? '');
  if (address === undefined) throw new UsageError(`--proxy must be such as 10.0.0.7:3128, not '${text}'`);
  const port = digits === undefined || addressOf(text) !== undefined ? undefined : Number(digits);
  if (port !== undefined && (port < 1 || port > 65_535))
    throw new UsageError(`--proxy ${text}: there is no port ${port}`);
  return { address: address.text, port };
}

/** What is declared to pass connections on, and who went there: where to from there, no alert tells. */
export class DeclaredProxies {
  private readonly tallies: ReadonlyMap<Proxy, Tally>;

  /** @param hasLog whether a proxy's log is read as well */
  constructor(
    texts: readonly string[],
    private readonly hasLog: boolean,
  ) {
    this.tallies = new Map(texts.map((text) => [proxyOf(text), new Tally()]));
  }

  /** Their addresses. */
  get ranges(): readonly AddressRange[] {
    return [...this.tallies.keys()].flatMap(({ address }) => addressOf(address)?.range ?? []);
  }

  add(connection: Connection): void {
    for (const [proxy, tally] of this.tallies)
      if (isProxy(proxy, connection.destination)) tally.add(connection);
  }

  /** A line for each of them. */
  remarks(): readonly string[] {
    return [...this.tallies].map(([proxy, tally]) => {
      const rows = tally.rows();
      const times = rows.reduce((sum, row) => sum + row.times, tally.leftOut);
      const names = [
        ...new Set(
          rows.map(({ namespace, workload: { kind, name } }) =>
            [namespace, kind, name].filter((part) => part !== undefined && part !== '').join('/'),
          ),
        ),
      ];
      const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : '';
      const whose = times === 0 ? '' : `, of ${names.slice(0, MOST_NAMED).join(', ')}${more}`;
      return `via proxy ${endpointText(proxy.address, proxy.port)}: ${counted(times, 'connection')} to it${whose}; continue in its log, ${this.hasLog ? 'unless it is among those read' : 'by --proxy-log'}`;
    });
  }
}
