import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An entry of the fake Loki: its time in nanoseconds, its line, and what is stored beside it. */
export interface FakeEntry {
  readonly time: bigint;
  readonly line: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Answers in place of the next requests, one after the other. */
export type Trouble = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A Loki that holds entries and knows no LogQL: of each query it gives all, as pages by time, those of one nanosecond in
 * another order each time.
 */
export class FakeLoki {
  readonly requests: URL[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  readonly troubles: Trouble[] = [];
  /** What it answered, where it had no trouble. */
  readonly answers: { readonly url: URL; readonly body: string }[] = [];
  /** What it answers to questions for numbers: of each series its labels, and at which seconds it has a point. */
  readonly series: {
    readonly labels: Readonly<Record<string, string>>;
    readonly seconds: readonly number[];
  }[] = [];
  mostEntries = 5000;
  private readonly server: Server = createServer((request, response) => {
    this.answer(request, response);
  });

  private constructor(private readonly entries: readonly FakeEntry[]) {}

  static async start(entries: readonly FakeEntry[]): Promise<FakeLoki> {
    const loki = new FakeLoki(entries);
    await once(loki.server.listen(0, '127.0.0.1'), 'listening');
    return loki;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}`);
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.url);
    let form = '';
    request.setEncoding('utf8').on('data', (text: string) => (form += text));
    request.once('end', () => {
      if (request.method === 'POST') url.search = form;
      this.answerTo(url, request, response);
    });
  }

  private answerTo(url: URL, request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(url);
    this.headers.push(request.headers);
    const trouble = this.troubles.shift();
    if (trouble !== undefined) {
      trouble(request, response);
      return;
    }
    const of = (name: string): bigint => BigInt(url.searchParams.get(name) ?? 0);
    const limit = Number(of('limit'));
    if (limit > this.mostEntries) {
      response
        .writeHead(400)
        .end(`max entries limit per query exceeded, limit > max_entries_limit (${limit})`);
      return;
    }
    if (url.searchParams.has('step')) {
      const result = this.series.map(({ labels, seconds }) => ({
        metric: labels,
        values: seconds
          .filter((second) => second >= Number(of('start')) / 1e9 && second <= Number(of('end')) / 1e9)
          .map((second) => [second, '1']),
      }));
      this.end(url, response, { resultType: 'matrix', result });
      return;
    }
    const page = this.entries
      .filter(({ time }) => time >= of('start') && time < of('end'))
      .map((entry, index) => ({ ...entry, order: this.requests.length % 2 === 0 ? index : -index }))
      .sort((a, b) => Number(a.time - b.time) || a.order - b.order)
      .slice(0, limit);
    const result = page.map(({ time, line, labels = { rule: 'Outbound' }, metadata }) => ({
      stream: labels,
      values: [[String(time), line, ...(metadata ? [{ structuredMetadata: metadata }] : [{}])]],
    }));
    this.end(url, response, { resultType: 'streams', result });
  }

  private end(url: URL, response: ServerResponse, data: object): void {
    const body = JSON.stringify({ status: 'success', data });
    this.answers.push({ url, body });
    response.end(body);
  }
}
