import { KubeConfig } from '@kubernetes/client-node';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monotonicClock } from '../../../lib/responder/clock';
import { AccessSource } from '../../../lib/responder/cluster/access';
import { ApiClient, type CallEnd } from '../../../lib/responder/cluster/api-client';

/** A request that the fake was asked. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
}

/** Answers one request. */
export type Answer = (response: ServerResponse, asked: Asked) => void;

/** An API server that says what the test tells it to, request by request, and a client of it. */
export async function fakeApi(user: object = {}, timeout = 5_000) {
  const asked: Asked[] = [];
  const answers: Answer[] = [];
  const waiting: (() => void)[] = [];
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const { authorization } = request.headers;
    const one = { method: request.method ?? '', path: url.pathname, query: url.searchParams, authorization };
    asked.push(one);
    const answer = answers.shift();
    if (answer !== undefined) answer(response, one);
    for (const resolve of waiting.splice(0)) resolve();
  };
  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const load = (): KubeConfig => {
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: 'fake', server: `http://127.0.0.1:${port}`, skipTLSVerify: true }],
      users: [{ name: 'fake', ...user }],
      contexts: [{ name: 'fake', cluster: 'fake', user: 'fake' }],
      currentContext: 'fake',
    });
    return config;
  };
  const ended: CallEnd[] = [];
  const client = new ApiClient(new AccessSource(load, monotonicClock), {
    timeout,
    ended: (call) => ended.push(call),
  });
  return {
    client,
    asked,
    ended,
    /** What the next requests are answered; one without an answer waits for ever. */
    answer: (...next: Answer[]) => answers.push(...next),
    /** Resolves once so many requests have come. */
    untilAsked: async (count: number) => {
      while (asked.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A whole answer. */
export function json(status: number, body: object): Answer {
  return (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  };
}

/** Lines of a watch; it goes on unless it is ended. */
export function watch(events: readonly object[], end = false): Answer {
  return (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    for (const event of events) response.write(`${JSON.stringify(event)}\n`);
    if (end) response.end();
  };
}

/** A Service of a version. */
export function service(name: string, resourceVersion: string): object {
  return { metadata: { namespace: 'shop', name, uid: name, resourceVersion } };
}
