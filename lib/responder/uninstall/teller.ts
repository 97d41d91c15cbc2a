import { messageOf } from '../../program/failure';
import type { Log } from '../../program/log';
import type { ClusterWrites } from '../cluster/cluster';
import { alertOf, eventOf, type PodReport } from '../report/report';
import type { SendAlert } from '../report/reporter';

/** What a teller needs. */
export interface TellerProps {
  readonly writes: Pick<ClusterWrites, 'writeEvent'>;
  /** Where there is a falcosidekick. */
  readonly send: SendAlert | undefined;
  readonly cluster: string;
  readonly log: Log;
}

/** Tells people for the last time: in the log, as an Event, and by an alert where the Event is new. What can't be told keeps nothing from going on. */
export class Teller {
  private send: SendAlert | undefined;

  constructor(private readonly props: TellerProps) {
    this.send = props.send;
  }

  async tell(level: 'info' | 'warning', report: PodReport): Promise<void> {
    const { writes, log, cluster } = this.props;
    const { namespace, name } = report.pod;
    log(level, report.line, { reason: report.reason, namespace, pod: name });
    const time = new Date();
    try {
      if ((await writes.writeEvent(eventOf(report, time))) === 'there') return;
    } catch (error) {
      log('warning', `an Event was not written: ${messageOf(error)}`, { namespace, pod: name });
    }
    try {
      await this.send?.(alertOf(report, time, cluster));
    } catch (error) {
      // What isn't there for one alert isn't there for the next, and each would wait for it.
      this.send = undefined;
      log('warning', `an alert was not sent, nor is any further one: ${messageOf(error)}`);
    }
  }
}
