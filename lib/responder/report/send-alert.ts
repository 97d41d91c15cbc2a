import { readFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import type { TlsConfig } from '../config';
import type { SendAlert } from './reporter';

const TIMEOUT = 3_000;

/** Posts alerts to falcosidekick, with our certificate where there is one. */
export function sendTo(url: string, tls: TlsConfig | undefined): SendAlert {
  const secure = url.startsWith('https:');
  return (alert) => {
    const body = Buffer.from(JSON.stringify(alert));
    const options: RequestOptions = {
      method: 'POST',
      timeout: TIMEOUT,
      headers: { 'Content-Type': 'application/json', 'Content-Length': body.length },
      ...(secure && tls !== undefined && certificates(tls)),
    };
    return new Promise((resolve, reject) => {
      const request = (secure ? requestHttps : requestHttp)(url, options, (response) => {
        response.resume();
        const { statusCode = 0 } = response;
        if (statusCode < 300) resolve();
        else reject(new Error(`falcosidekick answered ${statusCode}`));
      });
      request.once('error', reject);
      request.once('timeout', () => {
        request.destroy(new Error(`falcosidekick did not answer within ${TIMEOUT} ms`));
      });
      request.end(body);
    });
  };
}

/** Read anew each time: they are renewed. */
function certificates({ certificateFile, keyFile, clientCaFile }: TlsConfig): RequestOptions {
  return {
    cert: readFileSync(certificateFile),
    key: readFileSync(keyFile),
    ...(clientCaFile !== undefined && { ca: readFileSync(clientCaFile) }),
  };
}
