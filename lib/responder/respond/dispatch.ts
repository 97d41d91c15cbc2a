import type { Alert, Way } from '../alert/alert';
import type { CheckedResponse } from '../responses/read-responses';
import { OWN_SOURCE } from '../report/report';
import type { Matcher } from '../responses/compile-responses';
import type { Engine } from './engine';
import type { AlertOutcome } from './inbox';
import { Recent } from './recent';

/** What becomes of an alert, as it is counted. */
export type CountedOutcome = AlertOutcome | 'unmatched' | 'own';

/** What a dispatcher needs. */
export interface DispatcherProps {
  readonly matching: Matcher<CheckedResponse>;
  /** `undefined` until the watches are filled: until then nothing can be promised. */
  readonly engine: () => Engine | undefined;
  readonly now: () => number;
  /** Told once of each alert and each response that fits it, or that none does. */
  readonly count: (way: Way, outcome: CountedOutcome, response: string) => void;
  /** Told of each alert for which there is no room. */
  readonly noRoom: (way: Way) => void;
}

/** Alerts that are remembered, so that one that comes by both ways, or again, is counted once. */
const MOST_COUNTED = 50_000;
const COUNTED_FOR = 3_600_000;

/** Finds the responses that fit alerts, and hands both to the engine. */
export class Dispatcher {
  private readonly counted: Recent;

  constructor(private readonly props: DispatcherProps) {
    this.counted = new Recent(MOST_COUNTED, props.now);
  }

  /**
   * Resolves with `true` once all that alerts ask for is stored, with `false` where there is no room for one of them.
   *
   * @param decision told at once of each decision that has to be made
   */
  async respond(alerts: readonly Alert[], decision: () => void): Promise<boolean> {
    const received = this.props.now();
    const promised = alerts.map((alert) => this.one(alert, received, decision));
    return (await Promise.all(promised)).every(Boolean);
  }

  private async one(alert: Alert, received: number, decision: () => void): Promise<boolean> {
    // An alert of ours that comes back must not make another one.
    if (alert.source === OWN_SOURCE) return this.settled(alert, 'own', '');
    const responses = this.props.matching(alert);
    if (responses.length === 0) return this.settled(alert, 'unmatched', '');
    const engine = this.props.engine();
    if (engine === undefined) return false;
    const decided = await Promise.all(
      responses.map(async (response) => {
        const outcome = await engine.take(alert, response, received, decision);
        if (outcome !== undefined) return this.settled(alert, outcome, response.name);
        this.props.noRoom(alert.way);
        return false;
      }),
    );
    return decided.every(Boolean);
  }

  private settled(alert: Alert, outcome: CountedOutcome, response: string): true {
    const key = `${alert.id} ${response}`;
    if (!this.counted.has(key)) {
      this.counted.add(key, COUNTED_FOR);
      this.props.count(alert.way, outcome, response);
    }
    return true;
  }
}
