/** A value of a field. Numbers beyond 2^53 are bigints; no value is `null` or a key that isn't there. */
export type FieldValue = string | number | bigint | boolean | null | readonly (string | number | bigint)[];

/**
 * An event: its fields by name, with the argument where there is one: `evt.type`, `proc.aname[2]`,
 * `k8smeta.ns.label[network]`. `evt.arg.addr` is looked for in `evt.args` too.
 */
export type Event = Readonly<Record<string, FieldValue | undefined>>;
