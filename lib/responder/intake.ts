import { messageOf } from '../program/failure';
import type { Log } from '../program/log';
import type { Alert, Way } from './alert/alert';
import { alertsFromLogs, type LoggedAlerts } from './alert/logs';
import { MalformedBodyError } from './alert/malformed';
import { alertFromSidekick } from './alert/sidekick';
import {
  forbidden,
  malformed,
  notYet,
  throttled,
  unauthenticated,
  unavailable,
  wrongRequest,
  type Answer,
} from './answer';
import { bearerToken, sameSecret } from './bearer-token';
import type { CollectorIdentity } from './config';
import type { AlertSender, BodyRoom, LimitName, SenderLimits } from './limit/sender-limits';
import type { LimitedReviewer } from './token-review';

/** The head of a request, before its body is read. */
export interface RequestHead {
  readonly method: string;
  /** Path without a query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  /** From where it comes. */
  readonly address: string;
  /** Digest of the certificate that it has shown; asked for where nothing else says who it is. */
  readonly certificate: () => string;
}

/** A request whose sender may post. */
export interface Admitted {
  readonly way: Way;
  readonly sender: AlertSender;
  /** The node to which the sender's token is bound, where it came by the collector. */
  readonly node?: string;
  /** How long its sender has waited for the API server by now, in milliseconds. */
  readonly waited?: number;
}

/** What the intake needs. */
export interface IntakeProps {
  /** The token that falcosidekick must show; `undefined` where its client certificate, checked by TLS, is enough. */
  readonly token: () => string | undefined;
  /** The collector; `undefined` if none may post. */
  readonly collector: CollectorIdentity | undefined;
  readonly review: LimitedReviewer;
  readonly limits: SenderLimits;
  /** Told of each request that is put off by a limit. */
  readonly throttled: (way: Way | 'none', limit: LimitName) => void;
  /**
   * What becomes of alerts: resolves with `true` once all that they ask for is stored; never rejects. `decision` is told of each
   * decision that has to be made.
   */
  readonly respond: (alerts: readonly Alert[], decision: () => void) => Promise<boolean>;
  readonly log: Log;
}

const PATHS: ReadonlyMap<string, Way> = new Map([
  ['/alerts', 'alerts'],
  ['/v1/logs', 'logs'],
]);

/** A sender gets its answer within so many milliseconds, whatever the API server does. */
const ANSWER_WITHIN = 900;

/** After how long a sender should come again, in seconds. */
const RETRY_AFTER = 1;

/** The way in that a path is. */
export function wayOf(path: string): Way | 'none' {
  return PATHS.get(path) ?? 'none';
}

/** Where falcosidekick shows the token, whose every Pod has the same. */
const SIDEKICK: AlertSender = { kind: 'sidekick', name: 'token' };

/** Decides on every request to the API port. It knows nothing of sockets. */
export class Intake {
  constructor(private readonly props: IntakeProps) {}

  /** Who asks for what: the way in, or the answer that ends the request before its body is read. */
  async admit(head: RequestHead): Promise<Admitted | Answer> {
    const admitted = await this.known(head);
    if (!('status' in admitted)) return this.overRate(admitted) ?? admitted;
    const isRefusal = admitted.reason !== undefined || admitted.outcome !== 'unavailable';
    if (!isRefusal || admitted.outcome === 'throttled') return admitted;
    const wait = this.props.limits.refusal(head.address);
    return wait === 0 ? admitted : this.putOff(wayOf(head.path), 'refusals', head.address, wait);
  }

  /** Room for the body of a request that was admitted. */
  roomFor({ sender }: Admitted): BodyRoom {
    return this.props.limits.bodyOf(sender);
  }

  /** The answer to a body for which there is no room. */
  noRoom({ way, sender }: Admitted): Answer {
    return this.putOff(way, 'bodies', sender.name, 1000);
  }

  private async known(head: RequestHead): Promise<Admitted | Answer> {
    const way = PATHS.get(head.path);
    if (way === undefined)
      return wrongRequest(404, 'NO_SUCH_PATH', 'there are POST /alerts and POST /v1/logs');
    if (head.method !== 'POST') return wrongRequest(405, 'WRONG_METHOD', 'use POST', { Allow: 'POST' });
    const admitted = await (way === 'alerts' ? this.admitAlerts(head) : this.admitLogs(head));
    if ('status' in admitted) return admitted;
    if (/^application\/json\b/i.test(head.contentType ?? '')) return admitted;
    return wrongRequest(
      415,
      'WRONG_CONTENT_TYPE',
      'expected Content-Type application/json (OTLP: encoding json)',
    );
  }

  /** The answer to a body. */
  async take(admitted: Admitted, text: string): Promise<Answer> {
    // Of requests that were admitted together each counts before the next is read.
    const over = this.overRate(admitted);
    if (over !== undefined) return over;
    let alerts: readonly Alert[] = [];
    let skipped = 0;
    try {
      if (admitted.way === 'alerts') alerts = [alertFromSidekick(text)];
      else ({ alerts, skipped } = this.logged(text, admitted.node));
    } catch (error) {
      if (error instanceof MalformedBodyError) return malformed(error.field, error.problem);
      throw error;
    } finally {
      this.props.limits.brought(admitted.sender, alerts.length + skipped, text.length);
    }
    if (alerts.length === 0) return { status: 200, body: {}, outcome: 'empty' };
    const responded = this.props.respond(alerts, () => {
      this.props.limits.decision(admitted.sender);
    });
    const stored = await withinTime(responded, ANSWER_WITHIN - (admitted.waited ?? 0));
    if (stored) return { status: 200, body: {}, outcome: 'taken' };
    return unavailable('not stored yet, so not acknowledged; keep it and come again', RETRY_AFTER);
  }

  private logged(text: string, node: string | undefined): Pick<LoggedAlerts, 'alerts' | 'skipped'> {
    const { alerts, skipped, reason } = alertsFromLogs(text, node);
    if (skipped > 0)
      this.props.log('warning', 'log records without an alert', { skipped, reason: reason ?? '' });
    return { alerts, skipped };
  }

  /** The answer to a sender that has brought more than it may. */
  private overRate({ way, sender }: Admitted): Answer | undefined {
    const wait = this.props.limits.waitOf(sender);
    return wait === 0 ? undefined : this.putOff(way, 'rate', sender.name, wait);
  }

  private putOff(way: Way | 'none', limit: LimitName, sender: string, wait: number): Answer {
    this.props.throttled(way, limit);
    this.props.log('warning', 'request put off', { way, limit, sender, forMs: wait });
    return throttled(wait);
  }

  private admitAlerts(head: RequestHead): Promise<Admitted | Answer> {
    const wanted = this.props.token();
    if (wanted === undefined)
      return Promise.resolve({ way: 'alerts', sender: { kind: 'sidekick', name: head.certificate() } });
    const token = bearerToken(head.authorization);
    if (token !== undefined && sameSecret(token, wanted))
      return Promise.resolve({ way: 'alerts', sender: SIDEKICK });
    return Promise.resolve(
      unauthenticated(token === undefined ? 'a bearer token is missing' : 'this token is not the right one'),
    );
  }

  private async admitLogs(head: RequestHead): Promise<Admitted | Answer> {
    const { collector, review, limits } = this.props;
    if (collector === undefined)
      return notYet('unavailable', 'no collector is configured (authentication.collector)');
    const token = bearerToken(head.authorization);
    if (token === undefined) return notYet('unauthenticated', 'a bearer token is missing');
    let user: string | undefined;
    let node: string | undefined;
    let unknown = false as boolean;
    const began = performance.now();
    try {
      const reviewed = await review(token, collector.audience, () => {
        unknown = true;
        return limits.review(head.address);
      });
      if ('waitMs' in reviewed) return this.putOff('logs', 'reviews', head.address, reviewed.waitMs);
      ({ user, node } = reviewed);
    } catch (error) {
      this.props.log('warning', 'a token could not be reviewed', {
        error: messageOf(error),
      });
      return unavailable('the API server cannot be asked about this token', 1);
    }
    if (user === undefined)
      return notYet(
        'unauthenticated',
        `the API server does not take this token for the audience ${collector.audience}`,
      );
    if (user !== `system:serviceaccount:${collector.namespace}:${collector.serviceAccount}`)
      return forbidden(`${user} is not the collector`);
    // Bound to a Pod, and so to a node: a token made by hand is of no node, and its alerts are believed about none.
    if (node === undefined) return forbidden('this token is bound to no node');
    if (unknown) limits.provedRight(head.address);
    return { way: 'logs', sender: { kind: 'node', name: node }, node, waited: performance.now() - began };
  }
}

/** Whether it came true in time. */
async function withinTime(promised: Promise<boolean>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, milliseconds);
  });
  try {
    return await Promise.race([promised, late]);
  } finally {
    clearTimeout(timer);
  }
}
