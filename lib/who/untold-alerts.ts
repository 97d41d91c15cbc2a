import { isAsked, type Asked } from '../history/asked';
import { textOf } from '../history/fields';
import { counted } from '../history/holes';
import { readConnection, type AlertRecord } from '../history/read-connection';

/** So many rules are named. */
const MOST = 3;
/** Fields in which an address or a name may stand that is no destination. */
const FIELDS = ['proc.cmdline', 'proc.pcmdline', 'proc.args', 'evt.args', 'fd.name', 'fd.sip', 'fd.cip'];
const APART = /[^\w.:%-]+/;
const PORT = /:\d{1,5}$/;

/** Alerts that hold what is asked for, as in a command line, and tell of no connection to it. */
export class UntoldAlerts {
  private readonly rules = new Set<string>();
  private count = 0;

  /**
   * @param from in nanoseconds since 1970, within the time that is asked for
   * @param to not within it
   */
  constructor(
    private readonly asked: Asked,
    private readonly from: bigint | undefined,
    private readonly to: bigint | undefined,
  ) {}

  /** Takes an alert that is no connection. */
  note(alert: AlertRecord): void {
    const { time, rule } = alert;
    if ((this.from !== undefined && time < this.from) || (this.to !== undefined && time >= this.to)) return;
    if (readConnection(alert) !== 'no destination' || !this.isHeldBy(alert)) return;
    this.count++;
    if (this.rules.size < MOST) this.rules.add(rule);
  }

  /** A line, if there were any. */
  remarks(asked: string): readonly string[] {
    if (this.count === 0) return [];
    const which = [...this.rules].map((rule) => `'${rule}'`).join(', ');
    const [tell, them] = this.count === 1 ? ['tells', 'it'] : ['tell', 'them'];
    const alerts = counted(this.count, 'alert holds', 'alerts hold');
    return [`${alerts} ${asked} and ${tell} no destination, so that nothing is counted of ${them}: ${which}`];
  }

  private isHeldBy({ fields }: AlertRecord): boolean {
    return FIELDS.some((field) =>
      (textOf(fields, field) ?? '')
        .split(APART)
        .some((word) => isAsked(this.asked, word) || isAsked(this.asked, word.replace(PORT, ''))),
    );
  }
}
