import type { IntakeSettings } from '../../settings/responder';
import { RateLimit } from './rate-limit';
import { SharedRoom } from './shared-room';

/** Who sends: falcosidekick, by its token or its certificate, or the collector of a node. */
export interface AlertSender {
  readonly kind: 'sidekick' | 'node';
  readonly name: string;
}

/** Which limit turned a request away; a label of the metrics. */
export type LimitName = 'rate' | 'bodies' | 'refusals' | 'reviews' | 'inbox';

/** Somebody who was quiet may bring at once what is allowed in so many seconds. */
const BURST_SECONDS = 20;

/** More than a cluster has nodes. */
const MOST_NODES = 10_000;

/** Addresses whose requests were refused. */
const MOST_ADDRESSES = 10_000;

/** Bodies that are held at once, in bytes, packed and unpacked; four of the largest. */
const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** So much of a body costs as much as a decision: it is read, whatever it holds. */
const BYTES_OF_ONE = 8192;

/** What an alert costs besides that no response fits, or whose Pod has been decided on lately: it is only looked at. */
const LOOK = 0.1;

/** What a request costs at least. */
const REQUEST = 0.25;

/** So much of the reviews is kept for addresses of which nothing was refused lately. */
const RESERVED = 0.2;

/** How long an address is not among them, after a refusal. */
const SUSPECT_SECONDS = 60;

const ALL = '';

/** What senders may bring, so that none of them keeps others out. */
export class SenderLimits {
  private readonly alerts: Readonly<Record<AlertSender['kind'], RateLimit>>;
  private readonly refusals: RateLimit;
  private readonly reviews: RateLimit;
  /** Reviews for addresses of which nothing was refused lately, once the others have used up theirs. */
  private readonly reserve: RateLimit;
  /** Addresses of which something was refused. */
  private readonly suspects: RateLimit;
  private readonly bodies = new SharedRoom(MOST_BODY_BYTES);

  constructor(settings: Required<IntakeSettings>, now: () => number) {
    const limit = (perSecond: number, most: number): RateLimit =>
      new RateLimit({ perSecond, burst: perSecond * BURST_SECONDS, most, now });
    this.alerts = {
      node: limit(settings.nodeAlertsPerSecond, MOST_NODES),
      sidekick: limit(settings.sidekickAlertsPerSecond, MOST_NODES),
    };
    this.reviews = limit(settings.tokenReviewsPerSecond * (1 - RESERVED), 1);
    this.reserve = limit(settings.tokenReviewsPerSecond * RESERVED, 1);
    this.suspects = new RateLimit({ perSecond: 1 / SUSPECT_SECONDS, burst: 1, most: MOST_ADDRESSES, now });
    // Then an address isn't even refused any more, but put off.
    this.refusals = limit(settings.refusalsPerSecond, MOST_ADDRESSES);
  }

  /** In how many milliseconds a sender may bring alerts; 0 for now. */
  waitOf({ kind, name }: AlertSender): number {
    return this.alerts[kind].waitOf(name);
  }

  /** Counts what a sender has brought; what is more than allowed it waits for before the next. */
  brought({ kind, name }: AlertSender, alerts: number, bytes: number): void {
    this.alerts[kind].take(name, Math.max(REQUEST, alerts * LOOK, bytes / BYTES_OF_ONE));
  }

  /** Counts an alert of a sender on which a decision has to be made, with what is written for it. */
  decision({ kind, name }: AlertSender): void {
    this.alerts[kind].take(name, 1);
  }

  /** A refusal of an address; in how many milliseconds it may have one where it has had its share, else 0. */
  refusal(address: string): number {
    const wait = this.refusals.waitOf(address);
    if (wait === 0) this.refusals.take(address, 1);
    this.suspect(address);
    return wait;
  }

  /** The review of a token that nobody knows, for an address: it counts as a refusal until it proves right. */
  review(address: string): number {
    const isSuspect = this.suspects.waitOf(address) > 0;
    const share = isSuspect || this.reviews.waitOf(ALL) === 0 ? this.reviews : this.reserve;
    const wait = Math.max(this.refusals.waitOf(address), share.waitOf(ALL));
    if (wait > 0) return wait;
    this.refusals.take(address, 1);
    this.suspect(address);
    share.take(ALL, 1);
    return 0;
  }

  /** It has proved right. */
  provedRight(address: string): void {
    this.refusals.take(address, -1);
    this.suspects.take(address, -1);
  }

  /** For a time, and not for longer the more often it is refused. */
  private suspect(address: string): void {
    if (this.suspects.waitOf(address) === 0) this.suspects.take(address, 1);
  }

  /** Room for the body of a sender's request. */
  bodyOf({ kind, name }: AlertSender): BodyRoom {
    const who = `${kind} ${name}`;
    let held = 0;
    return {
      take: (bytes) => {
        if (!this.bodies.take(who, bytes)) return false;
        held += bytes;
        return true;
      },
      end: () => {
        this.bodies.giveBack(who, held);
        held = 0;
      },
    };
  }
}

/** Room for one body. */
export interface BodyRoom {
  /** So many bytes more; `false` where there is no room for them now. */
  take(bytes: number): boolean;
  /** Nothing is held any more. */
  end(): void;
}
