/** What Prometheus sees, and what it tells. */
export interface AlertCase {
  readonly name: string;
  /** Values by series, one a minute, in the notation of `promtool test rules`. */
  readonly series: Readonly<Record<string, string>>;
  /** When it is looked at. */
  readonly at: string;
  /** The alerts that fire then, in the order of their labels; none where it is quiet. */
  readonly fires: readonly FiringAlert[];
}

/** An alert as a person gets it. */
interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Cases by the name of the alert. */
export type AlertCases = Readonly<Record<string, readonly AlertCase[]>>;
