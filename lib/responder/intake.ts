import { messageOf } from '../program/failure';
import type { Log } from '../program/log';
import type { Way } from './alert/alert';
import { alertsFromLogs } from './alert/logs';
import { MalformedBodyError } from './alert/malformed';
import { alertFromSidekick } from './alert/sidekick';
import {
  forbidden,
  malformed,
  notYet,
  unauthenticated,
  unavailable,
  wrongRequest,
  type Answer,
} from './answer';
import { bearerToken, sameSecret } from './bearer-token';
import type { CollectorIdentity } from './config';
import type { Reviewer } from './token-review';

/** The head of a request, before its body is read. */
export interface RequestHead {
  readonly method: string;
  /** Path without a query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
}

/** What the intake needs. */
export interface IntakeProps {
  /** The token that falcosidekick must show; `undefined` where its client certificate, checked by TLS, is enough. */
  readonly token: () => string | undefined;
  /** The collector; `undefined` if none may post. */
  readonly collector: CollectorIdentity | undefined;
  readonly review: Reviewer;
  readonly log: Log;
  /** Milliseconds, for how often it says the same. */
  readonly now: () => number;
}

const PATHS: ReadonlyMap<string, Way> = new Map([
  ['/alerts', 'alerts'],
  ['/v1/logs', 'logs'],
]);

/** After how long a sender should come again. */
const RETRY_AFTER_SECONDS = 30;
const SAY_AGAIN_AFTER = 60_000;

const NOT_STORED =
  'this version does not act on alerts yet: nothing is stored, so nothing is acknowledged; ' +
  'the collector keeps its alerts on disk, falcosidekick drops them';

/** Decides on every request to the API port. It knows nothing of sockets. */
export class Intake {
  private unsaid = 0;
  private saidAt = -Infinity;

  constructor(private readonly props: IntakeProps) {}

  /** Who asks for what: the way in, or the answer that ends the request before its body is read. */
  async admit(head: RequestHead): Promise<Way | Answer> {
    const way = PATHS.get(head.path);
    if (way === undefined)
      return wrongRequest(404, 'NO_SUCH_PATH', 'there are POST /alerts and POST /v1/logs');
    if (head.method !== 'POST') return wrongRequest(405, 'WRONG_METHOD', 'use POST', { Allow: 'POST' });
    const refused = await (way === 'alerts' ? this.admitAlerts(head) : this.admitLogs(head));
    if (refused !== undefined) return refused;
    if (/^application\/json\b/i.test(head.contentType ?? '')) return way;
    return wrongRequest(
      415,
      'WRONG_CONTENT_TYPE',
      'expected Content-Type application/json (OTLP: encoding json)',
    );
  }

  /** The answer to a body. */
  take(way: Way, text: string): Answer {
    let alerts: number;
    try {
      alerts = way === 'alerts' ? [alertFromSidekick(text)].length : this.logged(text);
    } catch (error) {
      if (error instanceof MalformedBodyError) return malformed(error.field, error.problem);
      throw error;
    }
    if (alerts === 0) return { status: 200, body: {}, outcome: 'empty' };
    this.say(alerts);
    return unavailable(NOT_STORED, RETRY_AFTER_SECONDS);
  }

  private logged(text: string): number {
    const { alerts, skipped, reason } = alertsFromLogs(text, undefined);
    if (skipped > 0)
      this.props.log('warning', 'log records without an alert', { skipped, reason: reason ?? '' });
    return alerts.length;
  }

  private admitAlerts(head: RequestHead): Promise<Answer | undefined> {
    const wanted = this.props.token();
    if (wanted === undefined) return Promise.resolve(undefined);
    const token = bearerToken(head.authorization);
    if (token !== undefined && sameSecret(token, wanted)) return Promise.resolve(undefined);
    return Promise.resolve(
      unauthenticated(token === undefined ? 'a bearer token is missing' : 'this token is not the right one'),
    );
  }

  private async admitLogs(head: RequestHead): Promise<Answer | undefined> {
    const { collector, review } = this.props;
    if (collector === undefined)
      return notYet('unavailable', 'no collector is configured (authentication.collector)');
    const token = bearerToken(head.authorization);
    if (token === undefined) return notYet('unauthenticated', 'a bearer token is missing');
    let user: string | undefined;
    try {
      ({ user } = await review(token, collector.audience));
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
    if (user === `system:serviceaccount:${collector.namespace}:${collector.serviceAccount}`) return undefined;
    return forbidden(`${user} is not the collector`);
  }

  private say(alerts: number): void {
    this.unsaid += alerts;
    if (this.props.now() - this.saidAt < SAY_AGAIN_AFTER) return;
    this.props.log('warning', NOT_STORED, { alerts: this.unsaid });
    this.unsaid = 0;
    this.saidAt = this.props.now();
  }
}
