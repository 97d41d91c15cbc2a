import type { IncomingMessage } from 'node:http';
import { refused, unanswered } from '../../program/cluster-connection';
import type { Access, AccessSource } from './access';
import { beginRequest, keptConnections, ownConnections, readText, type HttpRequest } from './http-request';

/** A request to the API server. */
export interface Call extends HttpRequest {
  /** What it is for, for errors: `patch Pod shop/cart-0`. */
  readonly doing: string;
  /** In milliseconds, for all of it. @default the client's */
  readonly timeout?: number;
}

/** An answer, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Whether it was sent more than once: the answer may be that of the second to what the first has done. */
  readonly resent: boolean;
}

/** What became of a call, for metrics. */
export interface CallEnd {
  readonly method: Call['method'];
  /** `undefined` where there was no answer. */
  readonly status: number | undefined;
  readonly ms: number;
}

/** How the client differs from the usual. */
export interface ApiClientOptions {
  /** For a call that says nothing else, in milliseconds. @default 5000 */
  readonly timeout?: number;
  /** Told of each call, watches apart. */
  readonly ended?: (call: CallEnd) => void;
}

/**
 * Senders of alerts get their answer before that. A write that is given up sooner would be made again, and cost a slow server
 * twice.
 */
const TIMEOUT = 5_000;

/** The API server's HTTP, over connections that are kept. */
export class ApiClient {
  private readonly kept = keptConnections();
  private readonly own = ownConnections();

  constructor(
    private readonly access: AccessSource,
    private readonly options: ApiClientOptions = {},
  ) {}

  /** The object that is answered. Any status but 2xx is a ClusterError. */
  async json(call: Call): Promise<unknown> {
    const { status, text } = await this.ask(call);
    if (status < 200 || status >= 300) throw refused(status, text, call.doing);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw unanswered(error, call.doing);
    }
  }

  /** The answer of any status; none is a ClusterError. */
  async ask(call: Call): Promise<Answer> {
    const began = performance.now();
    const timeout = call.timeout ?? this.options.timeout ?? TIMEOUT;
    let status: number | undefined;
    let resent = false;
    const agents = this.kept;
    try {
      const answer = await this.authorized(async (access) => {
        const left = began + timeout - performance.now();
        const sending = { timeout: left, agents, expect: 'all', resent: () => (resent = true) } as const;
        const response = await beginRequest(access, call, sending);
        return { status: response.statusCode ?? 0, text: await readText(response), resent };
      });
      status = answer.status;
      return answer;
    } catch (error) {
      throw unanswered(error, call.doing);
    } finally {
      this.options.ended?.({ method: call.method, status, ms: performance.now() - began });
    }
  }

  /**
   * The body of a watch's answer while it comes, on a connection of its own. The call's time-out is for its beginning; then it
   * goes on until it is destroyed, or the signal says so.
   */
  async open(call: Call): Promise<IncomingMessage> {
    const timeout = call.timeout ?? this.options.timeout ?? TIMEOUT;
    const opened = await this.authorized(async (access) => {
      const sending = { timeout, agents: this.own, expect: 'beginning' } as const;
      const response = await beginRequest(access, call, sending);
      const status = response.statusCode ?? 0;
      return status === 200 ? { status, response } : { status, text: await readText(response) };
    }).catch((error: unknown) => {
      throw unanswered(error, call.doing);
    });
    if (opened.response !== undefined) return opened.response;
    throw refused(opened.status, opened.text, call.doing);
  }

  /** Tries once more where credentials were refused that have been renewed meanwhile. */
  private async authorized<T extends { readonly status: number }>(
    attempt: (access: Access) => Promise<T>,
  ): Promise<T> {
    const access = await this.access.get();
    const shown = access.authorization();
    const answer = await attempt(access);
    if (answer.status !== 401) return answer;
    const renewed = await this.access.renew();
    return renewed.authorization() === shown ? answer : attempt(renewed);
  }
}
