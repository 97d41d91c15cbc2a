import { ACCESS_LOG_FORMATS, type AccessLogFormat } from '../history/proxies/access-log';
import { UsageError } from '../synth/usage-error';

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
