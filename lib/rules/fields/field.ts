/** The types of Falco's fields; `DYNAMIC` is that of `evt.rawarg`, whose type is its argument's. */
export type FieldType =
  | 'CHARBUF'
  | 'BYTEBUF'
  | 'BOOL'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'UINT32'
  | 'UINT64'
  | 'DOUBLE'
  | 'ABSTIME'
  | 'RELTIME'
  | 'IPADDR'
  | 'IPNET'
  | 'PORT'
  | 'DYNAMIC';

/** How a field takes its argument: `proc.aname[2]`, `k8smeta.ns.label[network]`. */
export interface FieldArgument {
  readonly required: boolean;
  /** Whether it may be a number; whether it may be any text. */
  readonly index: boolean;
  readonly key: boolean;
}

/** A field of the catalogue. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Whether it holds several values at once. */
  readonly isList: boolean;
  readonly argument: FieldArgument | undefined;
  /** A few words of our own for hints: `server address`; not every field has them. */
  readonly about: string | undefined;
  /** Why not to use it, where Falco's catalogue says so: what to use instead. */
  readonly deprecated: string | undefined;
  /** The plugin that brings it; `undefined` for Falco's own. */
  readonly plugin: string | undefined;
}

/** What conditions and outputs are checked against: the fields of a Falco version with its plugins, or of alerts. */
export interface FieldCatalogue {
  /** The field of that exact name. */
  field(name: string): Field | undefined;
  /** All names, for "did you mean". */
  readonly names: readonly string[];
  /** The names of event types, such as `connect`; empty where `evt.type` is text like any other. */
  readonly eventTypes: ReadonlySet<string>;
  /** The parameters of all events, with their types as `evt.rawarg` knows them. */
  readonly eventParameters: ReadonlyMap<string, FieldType>;
}
