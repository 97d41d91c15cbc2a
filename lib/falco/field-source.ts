/**
 * Names of one type, with a blank between: `evt.num proc.aname[n?] container.mount[nk] fd.types[n?]* evt.dir!`. `[…]` says
 * how the field takes an argument (`n` a number, `k` a key, `?` not required), `*` that it is a list, `!` that it is
 * deprecated.
 */
export type FieldNames = Readonly<Record<string, string>>;

/** What a Falco version's catalogues say, in our own form: names and types, no descriptions. */
export interface FieldSource {
  /** Falco's own fields, by type. */
  readonly falco: FieldNames;
  /** The fields that the container plugin brings, by type. */
  readonly container: FieldNames;
  /** The names of events that stand for themselves. */
  readonly events: string;
  /** The names of system calls that Falco sees as one kind of event, the generic one. */
  readonly genericEvents: string;
  /** The parameters of events, by type; `DYNAMIC` for types that no value can be compared with. */
  readonly parameters: FieldNames;
}
