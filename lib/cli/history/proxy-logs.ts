import { ACCESS_LOG_FORMATS, type AccessLogFormat } from '../../history/proxies/access-log';
import { UsageError } from '../../synth/usage-error';

/** Options by which a command knows proxies. */
export const PROXY_OPTIONS = {
  proxy: { type: 'string', multiple: true },
  'proxy-log': { type: 'string', multiple: true },
} as const;

/** Their lines of the help. */
export const PROXY_HELP = `  --proxy ADDRESS[:PORT]  something that passes connections on: says who went there; may be given again
  --proxy-log FORMAT:FILE  the access log of a proxy: what it reached for whom; FORMAT: squid (its own format,
                     combined, common) or envoy (its default, Istio's, JSON); may be given again`;

/** An access log of a proxy, and whose it is. */
export interface ProxyLog {
  readonly format: AccessLogFormat;
  readonly path: string;
}

/** Reads `FORMAT:FILE`; nobody guesses whose a log is. */
export function proxyLogsOf(texts: readonly string[]): readonly ProxyLog[] {
  return texts.map((text) => {
    const [, name, path = ''] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
    const format = ACCESS_LOG_FORMATS.find((each) => each === name);
    if (format === undefined)
      throw new UsageError(
        `--proxy-log must be FORMAT:FILE, such as squid:access.log; FORMAT is one of ${ACCESS_LOG_FORMATS.join(', ')}`,
      );
    return { format, path };
  });
}
